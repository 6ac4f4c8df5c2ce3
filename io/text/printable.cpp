#include "io/text/printable.hpp"

#include "io/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

namespace confab {
namespace {

struct range {
  char32_t first;
  char32_t last;
};

// Characters that never reach the terminal. The joiners U+200C and U+200D, the variation selectors
// and the tag characters stay: languages and emoji are written with them.
constexpr range unsafe_ranges[] = {
    range{0x0000, 0x0008},                           // C0 controls but the tab
    range{0x000A, 0x001F},   range{0x007F, 0x009F},  // DEL, C1 controls
    range{0x061C, 0x061C},                           // Arabic letter mark
    range{0x200B, 0x200B},                           // zero width space
    range{0x200E, 0x200F},                           // left-to-right and right-to-left marks
    range{0x2028, 0x202E},    // line and paragraph separators, bidirectional embeddings, overrides
    range{0x2060, 0x206F},    // word joiner, invisible operators, bidirectional isolates
    range{0xFEFF, 0xFEFF},    // zero width no-break space
    range{0xFFF9, 0xFFFB},    // interlinear annotation
    range{0xE0001, 0xE0001},  // language tag
};

bool is_in(std::span<const range> ranges, char32_t character) {
  return std::any_of(ranges.begin(), ranges.end(), [character](const range& each) {
    return each.first <= character && character <= each.last;
  });
}

bool unsafe(char32_t character) {
  return is_in(unsafe_ranges, character);
}

// The characters of Unicode's property White_Space that are not unsafe.
constexpr range blank_ranges[] = {
    range{0x0009, 0x0009}, range{0x0020, 0x0020}, range{0x00A0, 0x00A0}, range{0x1680, 0x1680},
    range{0x2000, 0x200A}, range{0x202F, 0x202F}, range{0x205F, 0x205F}, range{0x3000, 0x3000},
};

bool blank(char32_t character) {
  return is_in(blank_ranges, character);
}

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

// `bytes` with `replacement` for each character, or byte that belongs to none, of which
// `is_replaced(character, first byte)` is true.
template <class Predicate>
std::string replaced_if(std::string_view bytes, char replacement, Predicate is_replaced) {
  std::string result;
  while (!bytes.empty()) {
    const auto next = first_character(bytes);
    const auto length = std::max<std::size_t>(next.bytes, 1);
    if (is_replaced(next, byte_at(bytes, 0)))
      result += replacement;
    else
      result += bytes.substr(0, length);
    bytes.remove_prefix(length);
  }
  return result;
}

std::string escape(const char* format, unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

constexpr std::string_view ellipsis = "…";

/// How a character is shown, or a byte that belongs to none.
struct shown {
  std::string text;
  std::size_t characters = 1;    // of `text`
  std::size_t source_bytes = 1;  // that it stands for
};

// How the first character of `bytes`, which is not empty, is shown.
shown show_first(std::string_view bytes) {
  const auto next = first_character(bytes);
  if (next.bytes > 0 && !unsafe(next.code))
    return {std::string{bytes.substr(0, next.bytes)}, 1, next.bytes};
  auto text = next.bytes == 0   ? escape("\\x%02X", byte_at(bytes, 0))
              : next.bytes == 1 ? escape("\\x%02X", next.code)
                                : escape("\\u%04X", next.code);
  const auto characters = text.size();
  return {std::move(text), characters, std::max<std::size_t>(next.bytes, 1)};
}

}  // namespace

std::string printable(std::string_view bytes) {
  return printable_start(bytes, std::numeric_limits<std::size_t>::max());
}

std::string printable_start(std::string_view bytes, std::size_t characters_max) {
  std::string result;
  std::size_t room = characters_max;
  while (!bytes.empty()) {
    const auto next = show_first(bytes);
    if (next.characters > room)
      return result.append(ellipsis);
    room -= next.characters;
    result += next.text;
    bytes.remove_prefix(next.source_bytes);
  }
  return result;
}

std::string printable_name(std::string_view name) {
  constexpr std::size_t characters_max = 64;
  return printable_start(name, characters_max);
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max)
    return std::string{text};
  const auto inside_character = [&](std::size_t at) {
    return (byte_at(text, at) & 0xC0U) == 0x80U;
  };
  auto end = bytes_max - ellipsis.size();
  while (end > 0 && inside_character(end))
    --end;
  return std::string{text.substr(0, end)}.append(ellipsis);
}

std::string without_blanks(std::string_view text, char replacement) {
  return replaced_if(text, replacement, [](const utf8_character& character, std::uint8_t) {
    return character.bytes > 0 && blank(character.code);
  });
}

std::string without_controls(std::string_view bytes, char replacement) {
  return replaced_if(bytes, replacement,
                     [](const utf8_character& character, std::uint8_t first_byte) {
                       return unsafe(character.bytes > 0 ? character.code : char32_t{first_byte});
                     });
}

std::string printable_lines(std::string_view bytes) {
  std::string result;
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    result += printable(bytes.substr(0, end));
    result += '\n';
    bytes.remove_prefix(end + 1);
  }
  return result + printable(bytes);
}

}  // namespace confab
