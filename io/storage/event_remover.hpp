#pragma once

#include "io/storage/author_table.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/event_run.hpp"
#include "io/storage/slot_digests.hpp"
#include "io/storage/sqlite.hpp"
#include "io/storage/timed_runs.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace confab::storage {

/// Removes events with all that refers to them, within the transaction of the caller.
class event_remover {
 public:
  static constexpr std::int64_t at_any_time = std::numeric_limits<std::int64_t>::max();

  event_remover(connection& database, event_rows& rows, author_writer& authors,
                slot_digests& digests);

  /// What a call has removed.
  struct outcome {
    std::uint64_t events = 0;
    bool room_is_empty = false;  ///< The last event of the room was among them.
  };

  /// Removes the oldest events of a room, no more than so many: a run may be cut for that. Ends
  /// after about `events_about`, or fewer if their texts are long.
  outcome remove_first(const room_row& room, std::uint64_t events_max, std::size_t events_about);

  /// Removes the oldest events of a room, about so many: runs that had ended before this time. No
  /// run is cut.
  outcome remove_older(const room_row& room, std::int64_t before_ms, std::size_t events_about);

  /// Removes one text, if it is there and is a text. What its run holds beside it stays.
  outcome remove_text(const room_row& room, std::int64_t position);

  /// Removes a room that has no events.
  void remove_room(std::int64_t room);

 private:
  outcome remove(const room_row& room, std::int64_t before_ms, std::uint64_t events_max,
                 std::size_t events_about);
  void remove_traces(const room_row& room, const event_run& run, const segment_row& life);
  segment_row life_of(const event_run& run);
  void read(const statement::rows& row);
  bool count_down(std::int64_t room, std::uint64_t events);

  event_rows& rows_;
  author_writer& authors_;
  slot_digests& digests_;
  timed_runs runs_;
  run_adder adder_;
  run_texts texts_;
  event_run left_;  ///< A run that is being cut. Its row goes before its parts are added.
  std::string left_text_, left_lengths_;
  statement run_before_, remove_, remove_words_, count_, first_position_, remove_segments_,
      remove_room_, remove_its_segments_;
};

}  // namespace confab::storage
