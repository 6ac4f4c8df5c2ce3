#include "io/storage/room_ledger.hpp"

#include "io/storage/schema.hpp"

#include <algorithm>

namespace confab::storage {
namespace {

/// So many rooms are remembered. Then all are forgotten.
constexpr std::size_t remembered_rooms_max = 4096;

/// Sequences may leave out so many numbers, for events that are not kept, before a new segment is
/// begun: no room can use up its positions by that.
constexpr std::uint64_t left_out_max = 1'000'000;

[[noreturn]] void throw_full(const char* what) {
  throw database_error{SQLITE_FULL, {storage_trouble::full, what}};
}

}  // namespace

room_ledger::room_ledger(connection& database)
    : find_room_{database, "SELECT id, next_position FROM rooms WHERE name=?1"},
      add_room_{database, "INSERT INTO rooms VALUES(?1, ?2, 0, 0, 0)"},
      count_{database,
             "UPDATE rooms SET next_position=?2, events=events+?3 WHERE id=?1 RETURNING events"},
      last_id_{database, "SELECT max(id) FROM rooms"},
      gap_{database,
           "SELECT id+1 FROM rooms AS r WHERE NOT EXISTS(SELECT 1 FROM rooms WHERE id=r.id+1) "
           "ORDER BY id LIMIT 1"},
      last_segment_{database,
                    "SELECT first_position, run, number, first_sequence FROM segments "
                    "WHERE room=?1 ORDER BY first_position DESC LIMIT 1"},
      add_segment_{database, "INSERT INTO segments VALUES(?1, ?2, ?3, ?4, ?5)"},
      find_life_{database,
                 "SELECT first_position, first_sequence FROM segments "
                 "WHERE room=?1 AND run=?2 AND number=?3 ORDER BY first_sequence DESC LIMIT 1"},
      next_segment_{database,
                    "SELECT min(first_position) FROM segments "
                    "WHERE room=?1 AND first_position>?2"} {}

room_ledger::place_found room_ledger::place(const std::string& room, const stamp& at,
                                            std::uint64_t sequence, std::uint64_t count) {
  place_found result;
  auto& state = find_or_add(room);
  const bool goes_on =
      state.latest && state.latest->run == at.run && state.latest->number == at.room;
  if (!goes_on || sequence < state.latest->sequence_at(state.next_position)) {
    const auto first = first_not_kept(state, at);
    result.skipped = std::min(count, first - std::min(first, sequence));
    if (result.skipped == count)
      return result;
    sequence += result.skipped;
    count -= result.skipped;
  }
  auto left_out = goes_on ? sequence - state.latest->sequence_at(state.next_position) : 0;
  if (!goes_on || left_out > left_out_max) {
    left_out = 0;
    state.latest = segment_row{state.next_position, at.run, at.room, sequence};
    add_segment_.run(state.id, state.next_position, static_cast<std::int64_t>(at.run),
                     static_cast<std::int64_t>(at.room), static_cast<std::int64_t>(sequence));
  }
  const auto position = state.next_position + static_cast<std::int64_t>(left_out);
  if (position + static_cast<std::int64_t>(count) > position_max)
    throw_full("a room has no more positions for events");
  state.next_position = position + static_cast<std::int64_t>(count);
  if (state.added == 0)
    changed_.push_back(&state);
  state.added += static_cast<std::int64_t>(count);
  result.first_id = event_id(state.id, position);
  return result;
}

/// The sequence behind all those that the life has had.
std::uint64_t room_ledger::first_not_kept(const room_state& room, const stamp& at) {
  segment_row last_part;
  {
    auto rows = find_life_.with(room.id, static_cast<std::int64_t>(at.run),
                                static_cast<std::int64_t>(at.room));
    if (!rows.next())
      return 0;
    last_part.first_position = rows.integer(0);
    last_part.first_sequence = static_cast<std::uint64_t>(rows.integer(1));
  }
  auto rows = next_segment_.with(room.id, last_part.first_position);
  const auto end = rows.next() && !rows.is_null(0) ? rows.integer(0) : room.next_position;
  return last_part.sequence_at(end);
}

room_ledger::room_state& room_ledger::find_or_add(const std::string& name) {
  if (const auto known = rooms_.find(name); known != rooms_.end())
    return known->second;
  if (rooms_.size() >= remembered_rooms_max && changed_.empty())
    rooms_.clear();
  room_state found;
  bool is_there = false;
  {
    auto rows = find_room_.with(name);
    if (rows.next()) {
      is_there = true;
      found.id = rows.integer(0);
      found.next_position = rows.integer(1);
    }
  }
  if (is_there) {
    auto rows = last_segment_.with(found.id);
    if (rows.next())
      found.latest = segment_row{rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)),
                                 static_cast<std::uint64_t>(rows.integer(2)),
                                 static_cast<std::uint64_t>(rows.integer(3))};
  } else {
    found.id = free_id();
    add_room_.run(found.id, std::string_view{name});
  }
  return rooms_.emplace(name, found).first->second;
}

std::int64_t room_ledger::free_id() {
  {
    auto rows = last_id_.with();
    const auto next = rows.next() ? rows.integer(0) + 1 : 1;
    if (next <= room_id_max)
      return next;
  }
  auto rows = gap_.with();
  if (!rows.next() || rows.integer(0) > room_id_max)
    throw_full("there are too many rooms");
  return rows.integer(0);
}

std::uint64_t room_ledger::write_counts() {
  std::uint64_t began = 0;
  for (auto* state : changed_) {
    auto rows = count_.with(state->id, state->next_position, state->added);
    if (!rows.next())
      throw_damaged("a room has gone");
    if (rows.integer(0) == state->added)
      ++began;
    rows.next();
    state->added = 0;
  }
  changed_.clear();
  return began;
}

void room_ledger::forget() {
  rooms_.clear();
  changed_.clear();
}

}  // namespace confab::storage
