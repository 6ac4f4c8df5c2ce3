#pragma once

#include <cstddef>
#include <string_view>

/// Characters of UTF-8, among bytes that may be anything.
namespace confab {

/// The first character of some bytes.
struct utf8_character {
  char32_t code = 0;
  std::size_t bytes = 0;  ///< 0: the bytes do not begin with a valid character.
};

/// The first character of `bytes`: in its shortest form, no surrogate, at most U+10FFFF.
utf8_character first_character(std::string_view bytes);

/// Whether `bytes` are valid characters to the end.
bool is_valid_utf8(std::string_view bytes);

}  // namespace confab
