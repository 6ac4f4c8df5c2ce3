#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/event_remover.hpp"
#include "io/storage/room_ledger.hpp"
#include "io/storage/slot_digests.hpp"
#include "io/storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace confab::storage {

/// Removes what is too old or too much, some at a time; and with what is too old, that texts of
/// that time were taken back.
///
/// By age and number: every room is looked at once a minute, and in between those in which
/// something was kept. A number is kept to exactly; what is too old goes by whole runs, up to a
/// quarter of a second late. By bytes: the oldest events of all rooms go first. To find them
/// without looking at all rooms each time, one walk over the rooms remembers those that have the
/// oldest events.
class retention {
 public:
  retention(connection& database, event_remover& remover, const room_ledger& ledger,
            slot_digests& digests);

  /// Something was kept in this room.
  void note(std::int64_t room);

  /// What a call has done.
  struct outcome {
    bool has_worked = false;  ///< There may be more to do.
    std::uint64_t events = 0;
    std::uint64_t rooms = 0;  ///< That lost their last event.
  };

  /// Does a small part, within the transaction of the caller.
  outcome step(const history_retention& limits, std::int64_t now_ms);

  /// Forgets where it was: the transaction has failed.
  void forget();

 private:
  struct full_room {
    room_row row;
    std::int64_t events = 0;
    std::string name;
  };
  /// The rooms with the oldest events: when these happened, and where.
  using oldest_rooms = std::vector<std::pair<std::int64_t, std::int64_t>>;

  static full_room read_room(const statement::rows& row);
  bool trim(const full_room& room, const history_retention& limits, std::int64_t now_ms);
  void walk(const history_retention& limits, std::int64_t now_ms);
  void look_at_noted(const history_retention& limits, std::int64_t now_ms);
  void free_bytes(std::uint64_t bytes_max, std::int64_t now_ms);
  bool look_for_oldest();
  void remove_oldest(std::int64_t now_ms);
  void note_removal(const room_row& room, const event_remover::outcome& removed);
  std::uint64_t used_bytes();
  std::optional<std::int64_t> oldest_ms(std::int64_t room);
  void forget_removed(std::int64_t before_ms);

  event_remover& remover_;
  const room_ledger& ledger_;
  slot_digests& digests_;
  timed_runs runs_;
  history_retention limits_;      ///< Of the last call.
  std::set<std::int64_t> noted_;  ///< Rooms to look at.
  bool walks_ = true;             ///< Over all rooms.
  std::int64_t walk_began_ms_ = 0;
  std::int64_t walked_to_ = 0;  ///< The room that was last looked at.
  bool seeks_ = false;          ///< Rooms with the oldest events.
  std::int64_t sought_to_ = 0;
  oldest_rooms oldest_;              ///< A heap; while it seeks, the latest first, else last.
  std::int64_t others_from_ms_ = 0;  ///< Rooms that are not among them have nothing before it.
  std::size_t left_ = 0;             ///< How many events this call may still remove.
  outcome done_;
  statement next_rooms_, one_room_, pages_, free_pages_, old_removed_, remove_removed_;
};

}  // namespace confab::storage
