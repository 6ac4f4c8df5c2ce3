#include "io/text/utf8.hpp"

#include <cstdint>
#include <cstring>
#include <utf8proc.h>

namespace confab {

namespace {

// How many bytes at the start of `bytes` are ASCII, rounded down to whole words of eight.
std::size_t ascii_words(std::string_view bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    if ((word & high_bits) != 0)
      break;
  }
  return at;
}

}  // namespace

utf8_character first_character(std::string_view bytes) {
  utf8proc_int32_t code = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                       static_cast<utf8proc_ssize_t>(bytes.size()), &code);
  if (length <= 0)
    return {};
  return {static_cast<char32_t>(code), static_cast<std::size_t>(length)};
}

bool is_valid_utf8(std::string_view bytes) {
  bytes.remove_prefix(ascii_words(bytes));
  while (!bytes.empty()) {
    if (static_cast<unsigned char>(bytes.front()) < 0x80U) {
      bytes.remove_prefix(1);
      continue;
    }
    const auto length = first_character(bytes).bytes;
    if (length == 0)
      return false;
    bytes.remove_prefix(length);
    bytes.remove_prefix(ascii_words(bytes));
  }
  return true;
}

}  // namespace confab
