#pragma once

#include <cstddef>
#include <string_view>

/// UTF-8 as the irc dialect has to judge it: every line of IRC is valid UTF-8.
namespace confab::irc {

/// The first character of some bytes.
struct utf8_character {
  char32_t code = 0;
  std::size_t bytes = 0;  ///< 0: the bytes do not begin with a valid character.
};

/// The first character of `bytes`: in its shortest form, no surrogate, at most U+10FFFF.
utf8_character first_character(std::string_view bytes);

/// Whether `bytes` are valid characters to the end.
bool is_valid_utf8(std::string_view bytes);

}  // namespace confab::irc
