#include "actors/model/events.hpp"

#include <algorithm>

namespace confab {

event_batch part_of(const event_batch& batch, std::size_t index, std::size_t count) {
  event_batch result{batch.room, batch.who, {}, batch.to, batch.to_prefix, batch.to_nick, batch.at};
  const auto first = std::min(index, batch.events.size());
  const auto last = first + std::min(count, batch.events.size() - first);
  result.events.assign(batch.events.begin() + static_cast<std::ptrdiff_t>(first),
                       batch.events.begin() + static_cast<std::ptrdiff_t>(last));
  result.at.sequence += first;
  result.at.first_ms = batch.at.time_ms(first);
  return result;
}

}  // namespace confab
