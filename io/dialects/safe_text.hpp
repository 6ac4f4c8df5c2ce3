#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Makes foreign names and texts safe, so that no message can pass for another.
namespace confab {

/// Appends `text` with each byte that is in `unsafe` replaced.
void append_replacing(std::string_view text, std::string_view unsafe, char replacement,
                      std::string& out);

/// Appends `text` with blanks for what could end a line, for a protocol or for whoever prints it:
/// newline, carriage return and NUL. docs/dialects/README.md.
void append_in_one_line(std::string_view text, std::string& out);

/// The longest start of `text` that has at most `bytes_max` bytes and does not end inside a UTF-8
/// character. Bytes that are no UTF-8 may be cut anywhere.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace confab
