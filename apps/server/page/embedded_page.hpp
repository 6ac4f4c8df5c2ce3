#pragma once

#include <cstddef>
#include <span>
#include <string_view>

/// The pages that are part of the program. `cmake/EmbedPage.cmake` puts them into it.
namespace confab::server {

/// One file of a page. All that it views lives as long as the program.
struct embedded_file {
  std::string_view path;  ///< "/main.js"
  std::string_view content_type;
  std::string_view etag;  ///< Of `bytes`, with its quotes.
  std::string_view bytes;
  std::string_view gzip;  ///< The same compressed.
};

/// The page of the chat, which `--web` serves; its first page is "/index.html".
std::span<const embedded_file> embedded_page();

/// The page for whoever runs the server, which `--admin` serves: "/rooms.html" and its parts.
std::span<const embedded_file> embedded_rooms_page();

}  // namespace confab::server
