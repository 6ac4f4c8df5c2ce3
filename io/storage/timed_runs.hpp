#pragma once

#include "io/storage/event_run.hpp"
#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <limits>

namespace confab::storage {

/// Finds the runs of a room in the order of the times at which they have ended. A run begins no
/// more than `run_events_max` ms before its end.
class timed_runs {
 public:
  explicit timed_runs(connection& database);

  enum class kinds : std::uint8_t { texts, all };
  enum class order : std::uint8_t { oldest_first, newest_first };

  /// One walk over the runs that have ended between two times, both of which are in. Only one at a
  /// time in each order.
  class walk {
   public:
    walk(timed_runs& owner, std::int64_t room, std::int64_t from_ms, std::int64_t until_ms,
         kinds which, order direction);
    walk(const walk&) = delete;
    walk& operator=(const walk&) = delete;

    /// Goes on to the next run. False: there is none.
    bool next();

    /// The run where the walk is, as `run_of` takes it.
    const statement::rows& row() const { return *current_; }

   private:
    static std::int64_t end_of(const statement::rows& row);

    statement::rows texts_, others_;
    const statement::rows* current_ = nullptr;
    bool is_first_ = true, has_text_ = false, has_other_ = false;
    order direction_;
  };

 private:
  statement first_texts_, last_texts_, first_others_, last_others_;
};

/// Before and behind all times.
inline constexpr std::int64_t earliest_ms = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int64_t latest_ms = std::numeric_limits<std::int64_t>::max();

/// So long before its end a run may begin.
inline constexpr std::int64_t span_ms_max = run_events_max - 1;

/// So long behind a time; no later than `latest_ms`.
constexpr std::int64_t later_by(std::int64_t time_ms, std::int64_t span_ms) {
  return time_ms > latest_ms - span_ms ? latest_ms : time_ms + span_ms;
}

}  // namespace confab::storage
