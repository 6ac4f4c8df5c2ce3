#include "io/dialects/safe_text.hpp"

#include "io/text/utf8.hpp"

namespace confab {

namespace {

constexpr std::size_t utf8_character_bytes_max = 4;

bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

void append_replacing(std::string_view text, std::string_view unsafe, char replacement,
                      std::string& out) {
  for (const char byte : text)
    out += unsafe.find(byte) == std::string_view::npos ? byte : replacement;
}

void append_in_one_line(std::string_view text, std::string& out) {
  append_replacing(text, std::string_view{"\n\r\0", 3}, ' ', out);
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return text;
  // The character that the cut would fall into starts at most three bytes before it.
  auto start = bytes_max;
  while (start > 0 && bytes_max - start < utf8_character_bytes_max - 1 &&
         continues_character(text[start]))
    --start;
  const bool splits_character = start + first_character(text.substr(start)).bytes > bytes_max;
  return text.substr(0, splits_character ? start : bytes_max);
}

}  // namespace confab
