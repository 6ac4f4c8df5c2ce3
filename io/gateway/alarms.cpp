#include "io/gateway/alarms.hpp"

namespace confab {

void alarms::schedule(connection& whose, timer_kind kind, deadline_clock::duration span) {
  const auto due = gateway_.now() + span;
  deadlines_.schedule(whose.timers, whose.key, kind, due);
  wake_up_at(due);
}

void alarms::wake_up_at(deadline_clock::time_point due) {
  if (wake_ups_.needed(due))
    gateway_.call_after(due - gateway_.now());
}

void alarms::ring() {
  const auto time = gateway_.now();
  wake_ups_.came(time);
  while (const auto due = deadlines_.take_due(time)) {
    auto* whose = connections_.find(due->key);
    if (whose == nullptr)
      continue;
    deadline_queue::passed(whose->timers, due->kind);
    gateway_.on_deadline(*whose, due->kind, time);
  }
  if (const auto next = deadlines_.earliest())
    wake_up_at(*next);
}

}  // namespace confab
