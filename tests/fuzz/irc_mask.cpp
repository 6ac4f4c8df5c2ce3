// Masks: the input in front of the split is the mask, the rest is the text.

#include "actors/model/case_mapping.hpp"
#include "actors/model/mask.hpp"
#include "io/dialects/irc/normal_mask.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::irc;

namespace {

/// The same by a table: row by row, whether the mask so far matches the text so far.
bool matches_by_table(const std::string& mask, const std::string& text) {
  std::vector<char> row(text.size() + 1, 0);
  row[0] = 1;
  for (const char wanted : mask) {
    std::vector<char> next(text.size() + 1, 0);
    next[0] = wanted == '*' ? row[0] : 0;
    for (std::size_t at = 0; at < text.size(); ++at)
      if (wanted == '*')
        next[at + 1] = row[at + 1] != 0 || next[at] != 0 ? 1 : 0;
      else if (wanted == '?' || wanted == text[at])
        next[at + 1] = row[at];
    row = next;
  }
  return row.back() != 0;
}

void check_normal(std::string_view mask, std::string_view text) {
  const auto normal = normal_mask(mask);
  if (!normal)
    return;
  fuzz::require(normal->size() <= mask_bytes_max, "a normal mask is bounded");
  fuzz::require(test::is_utf8(*normal), "a normal mask is UTF-8");
  fuzz::require(normal->find_first_of(std::string_view{" \r\n\0", 4}) == std::string::npos &&
                    !normal->starts_with(':'),
                "a normal mask is one word");
  fuzz::require(normal_mask(*normal) == *normal, "a normal mask stays as it is");
  fuzz::require(normal->find('!') < normal->find('@') && normal->find('@') != std::string::npos,
                "a normal mask has three parts");
  const bool has_all_parts = mask.find('!') != std::string_view::npos &&
                             mask.find('@') != std::string_view::npos && !mask.starts_with('!') &&
                             !mask.ends_with('@') && mask.find("!@") == std::string_view::npos;
  if (has_all_parts)
    fuzz::require(matches(*normal, text) == matches(mask, text), "it matches what the mask does");
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  const auto mask = input.front();
  const auto text = input.back();
  const auto outcome = try_mask(mask, text);
  fuzz::require(outcome.steps <= mask_steps_max(mask.size(), text.size()), "the steps are bounded");
  if (mask.size() * text.size() <= 65536)
    fuzz::require(outcome.matches == matches_by_table(folded(mask), folded(text)),
                  "it matches as a table does");
  fuzz::require(matches(text, text) || text.find('*') != std::string_view::npos,
                "a text matches itself");
  fuzz::require(matches("*", text), "a star matches everything");
  check_normal(mask, text);
}
