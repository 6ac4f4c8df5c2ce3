// What the clients do to other people's bytes before a terminal sees them.

#include "io/text/printable.hpp"

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <string>

using namespace confab;

namespace {

bool is_control(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return (value < 0x20 && byte != '\t') || value == 0x7F;
}

bool has_c1_control(std::string_view utf8) {
  for (std::size_t index = 0; index + 1 < utf8.size(); ++index)
    if (utf8[index] == '\xc2' && static_cast<unsigned char>(utf8[index + 1]) < 0xA0)
      return true;
  return false;
}

bool is_plain(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char byte) { return byte >= ' ' && byte <= '~'; });
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  const auto shown = printable(input.all);
  fuzz::require(std::none_of(shown.begin(), shown.end(), is_control), "no control byte is shown");
  fuzz::require(test::is_utf8(shown), "what is shown is UTF-8");
  fuzz::require(!has_c1_control(shown), "no C1 control is shown");
  fuzz::require(printable(shown) == shown, "what is printable stays as it is");
  fuzz::require(!is_plain(input.all) || shown == input.all, "plain text stays as it is");
  if (test::is_utf8(input.front()))
    fuzz::require(printable(input.front()) + printable(input.back()) == shown,
                  "each character is treated alone");
}
