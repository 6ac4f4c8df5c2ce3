#pragma once

#include "io/storage/event_rows.hpp"
#include "io/storage/event_run.hpp"
#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace confab::storage {

/// Successive events of a life of a room.
struct life_part {
  std::uint64_t run = 0;
  std::uint64_t number = 0;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t end() const { return first + count; }
};

/// Finds events by their ids alone, whatever their room is called here.
class life_finder {
 public:
  explicit life_finder(connection& database);

  /// The parts of this part that are not kept, and were not taken back.
  std::vector<life_part> missing(const life_part& wanted);

  /// Whether some text of this part was taken back.
  bool has_removed(const life_part& part);

  /// Whether this text was.
  bool is_removed(const message_id& id);

  /// The rooms that events of this life are in, as a rule one.
  std::vector<std::int64_t> rooms_of(std::uint64_t run, std::uint64_t number);

  /// The last segment of the life in this room that begins with this number or an earlier one.
  std::optional<segment_row> segment_before(std::int64_t room, const message_id& id);

  /// The first segment of it that begins with a later number.
  std::optional<segment_row> segment_behind(std::int64_t room, const message_id& id);

  /// Where the segment of a room ends that begins at this position; nothing: it is the last one.
  std::optional<std::int64_t> end_of_segment(std::int64_t room, std::int64_t first_position);

  /// Events of one run that are kept: the id of the first one in this file, how many, and the
  /// number of the first one in its life. Returns whether to go on.
  using take_kept = std::function<bool(std::int64_t id, std::int64_t count, std::uint64_t first)>;

  /// Shows all events of a part that are kept in this room, in their order.
  void walk(std::int64_t room, const life_part& wanted, const take_kept& take);

 private:
  bool walk_segment(std::int64_t room, const segment_row& segment, std::uint64_t first,
                    std::uint64_t end, const take_kept& take);

  statement next_room_, before_, behind_, next_position_, run_before_, runs_, removed_;
};

}  // namespace confab::storage
