#include "io/net/layers/utf8_checker.hpp"

#include <cstddef>
#include <cstring>

namespace confab {

namespace {

/// `bytes` without the words of eight bytes of ASCII at its start.
std::string_view behind_ascii(std::string_view bytes) {
  constexpr std::uint64_t high_bits = 0x8080808080808080U;
  while (bytes.size() >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof word);
    if ((word & high_bits) != 0)
      break;
    bytes.remove_prefix(sizeof word);
  }
  return bytes;
}

}  // namespace

bool utf8_checker::take(std::string_view bytes) {
  if (missing_ == 0)
    bytes = behind_ascii(bytes);
  for (const char each : bytes) {
    const auto byte = static_cast<std::uint8_t>(each);
    if (missing_ == 0) {
      if (byte >= 0x80U && !take_first(byte))
        return false;
      continue;
    }
    if (byte < low_ || byte > high_)
      return false;
    --missing_;
    low_ = 0x80;
    high_ = 0xBF;
  }
  return true;
}

// RFC 3629, 4: the second byte excludes overlong forms, surrogates and what is above U+10FFFF.
bool utf8_checker::take_first(std::uint8_t byte) {
  if (byte < 0xC2U || byte > 0xF4U)
    return false;
  missing_ = byte < 0xE0U ? 1 : byte < 0xF0U ? 2 : 3;
  low_ = byte == 0xE0U ? 0xA0 : byte == 0xF0U ? 0x90 : 0x80;
  high_ = byte == 0xEDU ? 0x9F : byte == 0xF4U ? 0x8F : 0xBF;
  return true;
}

}  // namespace confab
