#include "io/storage/lower_limit.hpp"

#include "actors/model/held_history.hpp"

#include <algorithm>

namespace confab::storage {

lower_limit::lower_limit(connection& database)
    : runs_{database},
      pages_{database, "PRAGMA page_count"},
      free_pages_{database, "PRAGMA freelist_count"},
      slots_{database, "SELECT slot FROM slots ORDER BY slot LIMIT 2"},
      events_{database, "SELECT events FROM rooms WHERE id=?1"} {}

std::int64_t lower_limit::of_all(const history_retention& limits, std::int64_t now_ms) {
  constexpr std::int64_t page_bytes = 4096;
  const auto by_age = limits.age_ms_max > 0 ? now_ms - limits.age_ms_max : earliest_ms;
  if (limits.bytes_max == 0)
    return by_age;
  const auto number = [](statement& query) {
    auto rows = query.with();
    return rows.next() ? rows.integer(0) : 0;
  };
  const auto bytes =
      static_cast<std::uint64_t>((number(pages_) - number(free_pages_)) * page_bytes);
  if (bytes < limits.bytes_max - limits.bytes_max / 16)
    return by_age;
  // All is full: what is as old as the oldest that there is, or older, has gone or will go soon.
  auto rows = slots_.with();
  if (!rows.next() || !rows.next())
    return by_age;
  return std::max(by_age, rows.integer(0) * slot_ms);
}

std::int64_t lower_limit::of_room(std::int64_t room, const history_retention& limits) {
  if (limits.events_per_room_max == 0)
    return earliest_ms;
  {
    auto rows = events_.with(room);
    if (!rows.next() || static_cast<std::uint64_t>(rows.integer(0)) < limits.events_per_room_max)
      return earliest_ms;
  }
  timed_runs::walk runs{
      runs_, room, earliest_ms, latest_ms, timed_runs::kinds::all, timed_runs::order::oldest_first};
  return runs.next() ? head_of_run(runs.row()).time_ms : earliest_ms;
}

}  // namespace confab::storage
