#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

namespace confab::bench {

/// Calls `use(line)` for each complete line of `bytes`, without its `\n` or `\r\n`, and returns the
/// number of bytes that the complete lines take.
template <class Use>
std::size_t for_each_line(std::string_view bytes, Use use) {
  const char* position = bytes.data();
  const char* const end = position + bytes.size();
  while (position != end) {
    const auto* newline = static_cast<const char*>(
        std::memchr(position, '\n', static_cast<std::size_t>(end - position)));
    if (newline == nullptr)
      break;
    auto length = static_cast<std::size_t>(newline - position);
    if (length > 0 && position[length - 1] == '\r')
      --length;
    use(std::string_view(position, length));
    position = newline + 1;
  }
  return static_cast<std::size_t>(position - bytes.data());
}

/// What follows the `count`-th `separator` of `text`; empty when there are fewer.
inline std::string_view after(std::string_view text, char separator, int count) {
  for (; count > 0; --count) {
    const auto position = text.find(separator);
    if (position == std::string_view::npos)
      return {};
    text.remove_prefix(position + 1);
  }
  return text;
}

}  // namespace confab::bench
