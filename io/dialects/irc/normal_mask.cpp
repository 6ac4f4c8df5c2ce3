#include "io/dialects/irc/normal_mask.hpp"

#include "actors/model/mask.hpp"
#include "io/text/ascii.hpp"
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
  return byte == ' ' || is_ascii_control(byte);
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
