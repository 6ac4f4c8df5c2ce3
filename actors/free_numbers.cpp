#include "actors/free_numbers.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>

namespace confab {

free_numbers::number free_numbers::lowest(number from) const {
  auto gap = gaps_.upper_bound(from);
  if (gap != gaps_.begin() && std::prev(gap)->second >= from)
    return from;
  return gap->first;  // There always is one: the last gap has no end.
}

void free_numbers::take(number which) {
  auto gap = std::prev(gaps_.upper_bound(which));
  const auto [first, last] = *gap;
  assert(first <= which && which <= last);
  if (first == which)
    gaps_.erase(gap);
  else
    gap->second = which - 1;
  if (which < last)
    gaps_.emplace(which + 1, last);
}

void free_numbers::give_back(number which) {
  auto last = which;
  const auto after = gaps_.upper_bound(which);
  if (after != gaps_.end() && after->first == which + 1) {
    last = after->second;
    gaps_.erase(after);
  }
  const auto behind = gaps_.upper_bound(which);
  if (behind != gaps_.begin() && std::prev(behind)->second == which - 1)
    std::prev(behind)->second = last;
  else
    gaps_.emplace(which, last);
}

bool free_numbers::all_free() const {
  return gaps_.size() == 1 && gaps_.begin()->first == 1;
}

}  // namespace confab
