#include "io/gateway/deadline_queue.hpp"

namespace confab {

void deadline_queue::schedule(deadlines& of, connection_key key, timer_kind kind,
                              deadline_clock::time_point due) {
  cancel(of, key, kind);
  of.due_[static_cast<std::size_t>(kind)] = due;
  queue_.emplace(due, key, kind);
}

void deadline_queue::cancel(deadlines& of, connection_key key, timer_kind kind) {
  auto& due = of.due_[static_cast<std::size_t>(kind)];
  if (due == deadline_clock::time_point{})
    return;
  queue_.erase({due, key, kind});
  due = {};
}

void deadline_queue::cancel_all(deadlines& of, connection_key key) {
  for (std::size_t kind = 0; kind < timer_kinds; ++kind)
    cancel(of, key, static_cast<timer_kind>(kind));
}

std::optional<deadline_queue::deadline> deadline_queue::take_due(deadline_clock::time_point now) {
  if (queue_.empty() || std::get<0>(*queue_.begin()) > now)
    return std::nullopt;
  const auto [due, key, kind] = *queue_.begin();
  queue_.erase(queue_.begin());
  return deadline{key, kind};
}

std::optional<deadline_clock::time_point> deadline_queue::earliest() const {
  if (queue_.empty())
    return std::nullopt;
  return std::get<0>(*queue_.begin());
}

bool wake_up_calls::needed(deadline_clock::time_point due) {
  if (!pending_.empty() && *pending_.begin() <= due)
    return false;
  pending_.insert(due);
  return true;
}

void wake_up_calls::came(deadline_clock::time_point now) {
  pending_.erase(pending_.begin(), pending_.upper_bound(now));
}

}  // namespace confab
