#include "actors/whowas_ring.hpp"

#include "actors/model/mask.hpp"

#include <utility>

namespace confab {

void whowas_ring::add(identity_ptr who) {
  entries_.push_front(std::move(who));
  if (entries_.size() > entries_max_)
    entries_.pop_back();
}

std::vector<identity> whowas_ring::find(std::string_view mask, std::size_t count_max,
                                        std::size_t steps_max) const {
  std::vector<identity> result;
  std::size_t steps = 0;
  for (const auto& each : entries_) {
    if (steps > steps_max || (count_max > 0 && result.size() >= count_max))
      break;
    const auto tried = try_mask(mask, each->nick);
    steps += tried.steps;
    if (tried.matches)
      result.push_back(*each);
  }
  return result;
}

}  // namespace confab
