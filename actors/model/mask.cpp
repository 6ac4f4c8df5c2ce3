#include "actors/model/mask.hpp"

#include "actors/model/case_mapping.hpp"

#include <algorithm>

namespace confab {

mask_outcome try_mask(std::string_view mask, std::string_view text, std::size_t steps_max) {
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
    if (steps == steps_max)
      return {false, steps};
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

}  // namespace confab
