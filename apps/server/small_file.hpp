#pragma once

#include <cstddef>
#include <string>
#include <variant>

namespace confab::server {

/// Why a file was not read.
struct unreadable {
  std::string why;  ///< One line: the path, then the reason.
};

/// The content of a file, unless it has more than so many bytes.
std::variant<std::string, unreadable> read_small_file(const std::string& path,
                                                      std::size_t bytes_max);

}  // namespace confab::server
