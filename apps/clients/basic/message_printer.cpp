#include "apps/clients/basic/message_printer.hpp"

#include "io/text/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace confab::client {
namespace {

constexpr std::size_t character_bytes_max = 4;

// How many bytes a UTF-8 character has that begins with `lead`; 1 for any other byte.
std::size_t character_bytes(unsigned char lead) {
  if (lead >= 0xF0)
    return 4;
  if (lead >= 0xE0)
    return 3;
  return lead >= 0xC0 ? 2 : 1;
}

// How many of the last bytes may be the start of a character whose rest has not arrived.
std::size_t unfinished_bytes(std::string_view bytes) {
  for (std::size_t back = 1; back < std::min(bytes.size() + 1, character_bytes_max); ++back) {
    const auto byte = static_cast<unsigned char>(bytes[bytes.size() - back]);
    if ((byte & 0xC0) != 0x80)
      return character_bytes(byte) > back ? back : 0;
  }
  return 0;
}

}  // namespace

std::string message_printer::push(std::string_view bytes) {
  if (!bytes.empty())
    at_line_start_ = bytes.ends_with('\n');
  if (!on_terminal_)
    return std::string(bytes);
  held_ += bytes;
  const auto whole = held_.size() - unfinished_bytes(held_);
  auto result = printable_lines(std::string_view(held_).substr(0, whole));
  held_.erase(0, whole);
  return result;
}

std::string message_printer::finish() {
  auto result = printable_lines(std::exchange(held_, {}));
  if (!std::exchange(at_line_start_, true))
    result += '\n';
  return result;
}

}  // namespace confab::client
