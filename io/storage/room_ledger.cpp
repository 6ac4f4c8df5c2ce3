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

room_ledger::room_ledger(connection& database, life_finder& lives)
    : lives_(lives),
      find_room_{database, "SELECT id, next_position FROM rooms WHERE name=?1"},
      add_room_{database, "INSERT INTO rooms VALUES(?1, ?2, 0, 0, 0, 0)"},
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
                    "WHERE room=?1 AND first_position>?2"},
      name_{database, "SELECT name FROM rooms WHERE id=?1"},
      note_late_{database, "UPDATE rooms SET is_late=1 WHERE id=?1 AND is_late=0"} {}

room_ledger::place_found room_ledger::place(const std::string& room, const stamp& at,
                                            std::uint64_t sequence, std::uint64_t count) {
  place_found result;
  auto& state = find_or_add(room);
  const bool goes_on = state.latest && state.goes_on && state.latest->run == at.run &&
                       state.latest->number == at.room;
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
    begin_segment(state, {state.next_position, at.run, at.room, sequence}, true);
  }
  const auto position = state.next_position + static_cast<std::int64_t>(left_out);
  if (position + static_cast<std::int64_t>(count) > position_max)
    throw_full("a room has no more positions for events");
  state.next_position = position + static_cast<std::int64_t>(count);
  note_added(state, count);
  result.first_id = event_id(state.id, position);
  return result;
}

void room_ledger::begin_segment(room_state& room, const segment_row& segment, bool goes_on) {
  add_segment_.run(room.id, segment.first_position, static_cast<std::int64_t>(segment.run),
                   static_cast<std::int64_t>(segment.number),
                   static_cast<std::int64_t>(segment.first_sequence));
  room.latest = segment;
  room.goes_on = goes_on;
}

void room_ledger::note_added(room_state& room, std::uint64_t count) {
  if (room.added == 0)
    changed_.push_back(&room);
  room.added += static_cast<std::int64_t>(count);
}

/// What the room is called in which other events of the life are.
std::string room_ledger::name_in_file(const std::string& name, const life_part& events) {
  std::string result = name;
  for (const auto room : lives_.rooms_of(events.run, events.number)) {
    auto rows = name_.with(room);
    if (!rows.next())
      continue;
    result = rows.bytes(0);
    if (result == name)
      break;
  }
  return result;
}

room_ledger::late_place room_ledger::place_late(const std::string& room, const life_part& events) {
  auto& state = find_or_add(name_in_file(room, events));
  note_late_.run(state.id);
  const message_id id{events.run, events.number, events.first};
  const auto next = lives_.segment_behind(state.id, id);
  late_place result;
  result.count = next ? std::min(events.count, next->first_sequence - events.first) : events.count;
  if (const auto segment = lives_.segment_before(state.id, id)) {
    const auto offset = events.first - segment->first_sequence;
    const auto end = lives_.end_of_segment(state.id, segment->first_position);
    const auto left =
        static_cast<std::uint64_t>(end.value_or(state.next_position) - segment->first_position);
    if (offset < left)
      result.count = std::min(result.count, left - offset);
    // The last segment has room behind it.
    if (offset < left || (!end && offset - left <= left_out_max)) {
      const auto position = segment->first_position + static_cast<std::int64_t>(offset);
      return take_late(state, position, result.count);
    }
  }
  begin_segment(state, {state.next_position, events.run, events.number, events.first}, !next);
  return take_late(state, state.next_position, result.count);
}

room_ledger::late_place room_ledger::take_late(room_state& room, std::int64_t position,
                                               std::uint64_t count) {
  const auto end = position + static_cast<std::int64_t>(count);
  if (end > position_max)
    throw_full("a room has no more positions for events");
  room.next_position = std::max(room.next_position, end);
  note_added(room, count);
  return {event_id(room.id, position), count};
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
    if (found.latest)
      found.goes_on = !lives_.segment_behind(
          found.id, {found.latest->run, found.latest->number, found.latest->first_sequence});
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
