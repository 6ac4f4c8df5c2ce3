#pragma once

#include "io/dialects/irc/tags.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <variant>

/// One line of an IRC client, taken apart.
namespace confab::irc {

/// A line has at most so many bytes, with its CR LF and without its tags.
inline constexpr std::size_t line_bytes_max = 512;

/// The same without the CR LF.
inline constexpr std::size_t line_text_bytes_max = line_bytes_max - 2;

/// A line with its tags and its line end: the limit for the line_reader of a connection.
inline constexpr std::size_t input_line_bytes_max = tags_bytes_max + line_bytes_max;

/// What stands behind the last of so many parameters belongs to it.
inline constexpr std::size_t parameters_max = 15;

/// A line that makes sense as one. The views refer to the line.
struct message {
  std::string_view tags;    ///< Between `@` and the blank, as they were sent.
  std::string_view source;  ///< Behind `:`, in front of the command. A server pays no heed to it.
  std::string command;      ///< In upper case; never empty.
  std::array<std::string_view, parameters_max> parameter_slots{};
  std::size_t parameter_count = 0;

  /// The parameters; only the last one may be empty or hold blanks.
  std::span<const std::string_view> parameters() const {
    return {parameter_slots.data(), parameter_count};
  }
};

/// A line without a command: it is skipped.
struct no_message {};

/// The line, or its tags, are over their limit: `417`.
struct line_too_long {};

/// The line holds a NUL: it is dropped.
struct line_with_nul {};

/// The line is not valid UTF-8: `FAIL command INVALID_UTF8`, or `468` if the command is USER.
struct line_not_utf8 {
  std::string command;  ///< In upper case; `*` if the line has none that could be repeated.
};

using parsed_line = std::variant<message, no_message, line_too_long, line_with_nul, line_not_utf8>;

/// Takes a line apart that a line_reader found, so without its LF and the CR in front of it.
///
/// The limits count a CR LF, whichever line end there was. If a line has several mistakes, its
/// length counts before a NUL, and that before its encoding.
parsed_line parse_line(std::string_view line);

}  // namespace confab::irc
