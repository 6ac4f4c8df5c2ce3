#pragma once

#include "actors/model/stamp.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/life_finder.hpp"
#include "io/storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace confab::storage {

/// Gives events their positions, within the transaction of the caller.
///
/// Positions of a room always grow. The first event of a life of a room gets the next one, and the
/// others follow as their sequences do. What comes late, when another life has begun, gets a
/// segment of its own behind it. A sequence that is not behind those of its life was kept before.
class room_ledger {
 public:
  room_ledger(connection& database, life_finder& lives);

  /// Where events are to be kept.
  struct place_found {
    std::uint64_t skipped = 0;  ///< So many of them were kept before.
    std::int64_t first_id = 0;  ///< Of the first other one.
  };

  /// The ids for so many events of the room, the first with this sequence and the others behind it.
  place_found place(const std::string& room, const stamp& at, std::uint64_t sequence,
                    std::uint64_t count);

  /// Where events are to be kept that come from elsewhere.
  struct late_place {
    std::int64_t first_id = 0;  ///< Of the first one,
    std::uint64_t count = 0;    ///< and so many can follow each other there, at least one.
  };

  /// The ids for events of the room that are not kept: those that would be theirs if they had come
  /// in time, if these are free, else the next ones. The room may have another name here.
  late_place place_late(const std::string& room, const life_part& events);

  /// Writes the next positions and numbers of events: before each commit. Returns how many rooms
  /// had no events until now.
  std::uint64_t write_counts();

  /// Whether it remembers the room: then its row is in use.
  bool remembers(std::string_view room) const { return rooms_.contains(std::string{room}); }

  /// Forgets what it knew: the transaction has failed.
  void forget();

 private:
  struct room_state {
    std::int64_t id = 0;
    std::int64_t next_position = 0;
    std::optional<segment_row> latest;  ///< The last segment,
    bool goes_on = true;                ///< behind which the next events of its life may come.
    std::int64_t added = 0;             ///< Events that are not yet counted in the file.
  };

  room_state& find_or_add(const std::string& name);
  std::string name_in_file(const std::string& name, const life_part& events);
  void begin_segment(room_state& room, const segment_row& segment, bool goes_on);
  late_place take_late(room_state& room, std::int64_t position, std::uint64_t count);
  void note_added(room_state& room, std::uint64_t count);
  std::int64_t free_id();
  std::uint64_t first_not_kept(const room_state& room, const stamp& at);

  life_finder& lives_;
  std::unordered_map<std::string, room_state> rooms_;
  std::vector<room_state*> changed_;  ///< Those with events that are not yet counted.
  statement find_room_, add_room_, count_, last_id_, gap_, last_segment_, add_segment_, find_life_,
      next_segment_, name_, note_late_;
};

}  // namespace confab::storage
