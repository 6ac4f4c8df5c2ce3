#pragma once

#include <optional>
#include <string_view>

/// What the languages of lines have in common.
namespace confab::simulation {

/// Takes the first line off the stream, and its newline; nothing while it is not whole.
inline std::optional<std::string_view> take_line(std::string_view& stream) {
  const auto end = stream.find('\n');
  if (end == std::string_view::npos)
    return std::nullopt;
  const auto line = stream.substr(0, end);
  stream.remove_prefix(end + 1);
  return line;
}

}  // namespace confab::simulation
