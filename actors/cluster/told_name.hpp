#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace confab {

/// What is shown of the name that a node gives itself and that is not believed: its first 64 bytes.
inline std::string told_name(std::string_view name) {
  constexpr std::size_t bytes_max = 64;
  return std::string{name.substr(0, bytes_max)};
}

}  // namespace confab
