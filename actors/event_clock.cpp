#include "actors/event_clock.hpp"

#include <algorithm>

namespace confab {

stamp event_clock::next(std::size_t events, std::int64_t now_ms) {
  const bool another_is_ahead = heeded_ms_ > now_ms + ahead_ms_max;
  const auto latest_ms = now_ms + (another_is_ahead ? heeded_ahead_ms_max : ahead_ms_max);
  stamp result;
  result.run = run_;
  result.room = room_;
  result.sequence = sequence_;
  result.first_ms = std::min(std::max(next_ms_, now_ms), latest_ms);
  result.last_ms = result.first_ms;
  if (events == 0)
    return result;
  result.last_ms = std::min(result.first_ms + static_cast<std::int64_t>(events - 1), latest_ms);
  next_ms_ = result.last_ms + 1;
  sequence_ += events;
  return result;
}

}  // namespace confab
