#include "actors/awaited_news.hpp"

#include <algorithm>

#include <caf/all.hpp>

namespace confab {

void awaited_news::begin(caf::actor_id member) {
  const bool is_known = std::any_of(awaited_.begin(), awaited_.end(),
                                    [=](const entry& each) { return each.member == member; });
  if (!is_known)
    awaited_.push_back({member, ++latest_});
}

void awaited_news::end(caf::actor_id member) {
  std::erase_if(awaited_, [=](const entry& each) { return each.member == member; });
}

}  // namespace confab
