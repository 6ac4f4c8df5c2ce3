#include "io/text/printable.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <utf8proc.h>

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

bool unsafe(char32_t character) {
  return std::any_of(
      std::begin(unsafe_ranges), std::end(unsafe_ranges),
      [character](const range& each) { return each.first <= character && character <= each.last; });
}

struct decoded {
  char32_t character = 0;
  std::size_t bytes = 0;  // 0: no valid UTF-8 here
};

std::uint8_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<std::uint8_t>(bytes[index]);
}

// The first character of `bytes`.
decoded decode(std::string_view bytes) {
  utf8proc_int32_t character = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()),
                                       static_cast<utf8proc_ssize_t>(bytes.size()), &character);
  if (length <= 0)
    return {};
  return {static_cast<char32_t>(character), static_cast<std::size_t>(length)};
}

std::string escape(const char* format, unsigned value) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

}  // namespace

std::string printable(std::string_view bytes) {
  std::string result;
  while (!bytes.empty()) {
    const decoded next = decode(bytes);
    const std::size_t length = std::max<std::size_t>(next.bytes, 1);
    if (next.bytes == 0) {
      result += escape("\\x%02X", byte_at(bytes, 0));
    } else if (!unsafe(next.character)) {
      result += bytes.substr(0, length);
    } else {
      result += escape(length == 1 ? "\\x%02X" : "\\u%04X", next.character);
    }
    bytes.remove_prefix(length);
  }
  return result;
}

std::string printable_start(std::string_view bytes) {
  constexpr std::size_t bytes_max = 64;
  auto result = printable(bytes.substr(0, bytes_max));
  if (bytes.size() > bytes_max)
    result += "...";
  return result;
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
