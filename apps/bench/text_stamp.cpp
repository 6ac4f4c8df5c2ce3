#include "apps/bench/text_stamp.hpp"

#include <array>
#include <cassert>

namespace confab::bench {
namespace {

constexpr char marker = '@';
constexpr std::size_t sender_digits = 4;
constexpr std::size_t sequence_digits = 5;
constexpr std::size_t time_digits = 8;
static_assert(1 + sender_digits + sequence_digits + time_digits == stamp_bytes);

constexpr unsigned digit_bits = 6;
constexpr std::uint64_t digit_mask = 63;
constexpr std::uint8_t no_digit = 0xff;
constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < digits.size(); ++i)
    values[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
  return values;
}
constexpr auto digit_values = make_values();

char* put(char* position, std::uint64_t value, std::size_t count) {
  for (std::size_t i = count; i-- > 0;) {
    position[i] = digits[value & digit_mask];
    value >>= digit_bits;
  }
  return position + count;
}

/// Reads `count` digits and moves `position` behind them; `bad` collects bits above the digits'.
std::uint64_t take(const char*& position, std::size_t count, unsigned& bad) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const unsigned digit = digit_values[static_cast<unsigned char>(*position++)];
    bad |= digit;
    value = (value << digit_bits) | digit;
  }
  return value;
}

}  // namespace

void write_stamp(std::string& text, const text_stamp& stamp) {
  assert(text.size() >= stamp_bytes);
  char* position = text.data();
  *position++ = marker;
  position = put(position, stamp.sender, sender_digits);
  position = put(position, stamp.sequence, sequence_digits);
  put(position, stamp.time_ns, time_digits);
}

std::optional<text_stamp> read_stamp(std::string_view text) {
  if (text.size() < stamp_bytes || text.front() != marker)
    return std::nullopt;
  const char* position = text.data() + 1;
  unsigned bad = 0;
  text_stamp stamp;
  stamp.sender = static_cast<std::uint32_t>(take(position, sender_digits, bad));
  stamp.sequence = static_cast<std::uint32_t>(take(position, sequence_digits, bad));
  stamp.time_ns = take(position, time_digits, bad);
  if (bad > digit_mask)
    return std::nullopt;
  return stamp;
}

}  // namespace confab::bench
