#pragma once

#include "actors/dialect.hpp"
#include "io/dialects/irc/settings.hpp"
#include "io/dialects/tagged/tagged.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

/// All dialects of the server. A new protocol is one row here.
namespace confab {

/// What dialects can be told.
struct dialect_settings {
  tagged::edition edition = tagged::edition::spring2022;
  std::string lobby = "lobby";                ///< The room of all oneroom clients.
  std::size_t oneroom_line_bytes_max = 4096;  ///< A longer oneroom line ends its connection.
  irc::settings irc;
};

/// One protocol that the server can listen for.
struct catalog_row {
  std::string_view name;  ///< Also the option that opens a listener for it.
  std::string_view summary;
  std::unique_ptr<const dialect> (*make)(const dialect_settings& settings);
};

/// The rows, the main dialect first.
std::span<const catalog_row> dialect_catalog();

}  // namespace confab
