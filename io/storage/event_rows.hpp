#pragma once

#include "actors/model/history.hpp"
#include "io/storage/author_table.hpp"
#include "io/storage/event_run.hpp"
#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace confab::storage {

/// Where a room is in the file.
struct room_row {
  std::int64_t id = 0;
  std::int64_t next_position = 0;
  std::int64_t indexed_position = 0;  ///< Texts before it can be found by their words.
  bool is_late = false;  ///< Its positions are not in the order of times, not even roughly.
};

/// A part of a life of a room: its events have positions and sequences with the same distance.
struct segment_row {
  std::int64_t first_position = 0;
  std::uint64_t run = 0;
  std::uint64_t number = 0;
  std::uint64_t first_sequence = 0;

  std::uint64_t sequence_at(std::int64_t position) const {
    return first_sequence + static_cast<std::uint64_t>(position - first_position);
  }
};

/// Finds events, and makes of rows what they were. Remembers nothing of rooms.
class event_rows {
 public:
  event_rows(connection& database, author_reader::dialect_finder dialect_of);

  std::optional<room_row> find_room(std::string_view name);
  std::optional<room_row> find_room(std::int64_t id);

  /// The position of an event in this room, if it is kept there.
  std::optional<std::int64_t> find_position(std::int64_t room, const message_id& id);

  /// The segment that a position of a room is in, and where the next one begins.
  struct segment_range {
    segment_row segment;
    std::int64_t end = 0;
  };
  segment_range segment_at(std::int64_t room, std::int64_t position);

  /// The run that an event is in, without its bytes; nothing: the event is not kept.
  std::optional<event_run> run_with(std::int64_t event);

  /// Reads the run of a row (`event_run::columns`); its events can be had until the statement goes
  /// on. Throws if there can be none such.
  const event_run& read(const statement::rows& row);

  /// An event of the run that was read last, alone in its batch, with the stamp that it had.
  std::shared_ptr<const event_batch> batch_of(const std::string& room_name, std::int64_t index);

  /// The life of its room that the run that was read last is of.
  const segment_row& life_of_read() const { return last_.segment; }

  author_reader& authors() { return authors_; }

  /// Forgets the segment of the last event: another transaction begins.
  void forget_segment() { last_room_ = -1; }

 private:
  author_reader authors_;
  std::int64_t last_room_ = -1;  ///< Of which room `last_` is; -1: of none.
  segment_range last_;
  event_run run_;  ///< The one that was read last, its texts, and who is in it.
  run_texts texts_;
  identity_ptr author_, other_;
  statement find_room_, room_with_id_, find_segment_, next_segment_, find_life_, run_before_;
};

}  // namespace confab::storage
