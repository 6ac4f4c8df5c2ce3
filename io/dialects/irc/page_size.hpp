#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace confab::irc {

/// How many messages somebody wants: a number from 1 on, which counts as `most` if it is larger.
/// Nothing if this is no such number.
constexpr std::optional<std::size_t> parse_page_size(std::string_view text, std::size_t most) {
  std::size_t result = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9')
      return std::nullopt;
    result = std::min(result * 10 + static_cast<std::size_t>(digit - '0'), most);
  }
  return result > 0 ? std::optional{result} : std::nullopt;
}

}  // namespace confab::irc
