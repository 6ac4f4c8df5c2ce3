#include "io/dialects/irc/mask.hpp"

#include "io/dialects/irc/case_mapping.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>

namespace confab::irc {
namespace {

struct mask_parts {
  std::string_view nick;
  std::string_view user;
  std::string_view host;
};

bool breaks_mask(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return value <= 0x20U || value == 0x7FU;
}

// Nothing if the `@` stands in front of the `!`.
std::optional<mask_parts> split(std::string_view mask) {
  constexpr auto npos = std::string_view::npos;
  const auto bang = mask.find('!');
  const auto at = mask.find('@');
  if (bang == npos && at == npos) {
    if (mask.find('.') != npos)
      return mask_parts{{}, {}, mask};
    return mask_parts{mask, {}, {}};
  }
  if (bang == npos)
    return mask_parts{{}, mask.substr(0, at), mask.substr(at + 1)};
  if (at == npos)
    return mask_parts{mask.substr(0, bang), mask.substr(bang + 1), {}};
  if (at < bang)
    return std::nullopt;
  return mask_parts{mask.substr(0, bang), mask.substr(bang + 1, at - bang - 1),
                    mask.substr(at + 1)};
}

std::string_view or_star(std::string_view part) {
  return part.empty() ? "*" : part;
}

void append_without_double_stars(std::string_view mask, std::string& out) {
  for (const char byte : mask)
    if (byte != '*' || !out.ends_with('*'))
      out += byte;
}

}  // namespace

mask_outcome try_mask(std::string_view mask, std::string_view text) {
  constexpr auto npos = std::string_view::npos;
  std::size_t steps = 0;
  std::size_t in_mask = 0;
  std::size_t in_text = 0;
  std::size_t behind_star = npos;  // The place behind the last star that was met.
  std::size_t star_ends = 0;       // The bytes of the text in front of this are the star's.
  while (in_text < text.size()) {
    if (in_mask < mask.size() && mask[in_mask] == '*') {
      behind_star = ++in_mask;
      star_ends = in_text;
      if (behind_star == mask.size())
        return {true, steps};
      continue;
    }
    ++steps;
    if (in_mask < mask.size() &&
        (mask[in_mask] == '?' || folded(mask[in_mask]) == folded(text[in_text]))) {
      ++in_mask;
      ++in_text;
    } else if (behind_star != npos) {
      in_mask = behind_star;
      in_text = ++star_ends;
    } else {
      return {false, steps};
    }
  }
  return {mask.find_first_not_of('*', in_mask) == npos, steps};
}

bool matches(std::string_view mask, std::string_view text) {
  return try_mask(mask, text).matches;
}

std::optional<std::string> normal_mask(std::string_view mask) {
  if (mask.empty() || mask.starts_with(':') || std::any_of(mask.begin(), mask.end(), breaks_mask) ||
      !is_valid_utf8(mask))
    return std::nullopt;
  const auto parts = split(mask);
  if (!parts)
    return std::nullopt;
  std::string result;
  append_without_double_stars(or_star(parts->nick), result);
  result += '!';
  append_without_double_stars(or_star(parts->user), result);
  result += '@';
  append_without_double_stars(or_star(parts->host), result);
  if (result.size() > mask_bytes_max)
    return std::nullopt;
  return result;
}

}  // namespace confab::irc
