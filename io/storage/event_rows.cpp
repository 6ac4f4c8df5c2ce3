#include "io/storage/event_rows.hpp"

#include "io/storage/event_columns.hpp"
#include "io/storage/schema.hpp"

namespace confab::storage {

event_rows::event_rows(connection& database, author_reader::dialect_finder dialect_of)
    : authors_{database, dialect_of},
      find_room_{database,
                 "SELECT id, next_position, indexed_position, is_late FROM rooms WHERE name=?1"},
      room_with_id_{database,
                    "SELECT id, next_position, indexed_position, is_late FROM rooms WHERE id=?1"},
      find_segment_{database,
                    "SELECT first_position, run, number, first_sequence FROM segments "
                    "WHERE room=?1 AND first_position<=?2 ORDER BY first_position DESC LIMIT 1"},
      next_segment_{database,
                    "SELECT first_position FROM segments "
                    "WHERE room=?1 AND first_position>?2 ORDER BY first_position LIMIT 1"},
      find_life_{database,
                 "SELECT first_position, first_sequence FROM segments "
                 "WHERE room=?1 AND run=?2 AND number=?3 AND first_sequence<=?4 "
                 "ORDER BY first_sequence DESC LIMIT 1"},
      run_before_{database,
                  "SELECT id,count,time_ms,span_ms,kind,author FROM events WHERE id<=?1 "
                  "ORDER BY id DESC LIMIT 1"} {}

namespace {

std::optional<room_row> room_of_row(statement::rows rows) {
  if (!rows.next())
    return std::nullopt;
  return room_row{rows.integer(0), rows.integer(1), rows.integer(2), rows.integer(3) != 0};
}

}  // namespace

std::optional<room_row> event_rows::find_room(std::string_view name) {
  return room_of_row(find_room_.with(name));
}

std::optional<room_row> event_rows::find_room(std::int64_t id) {
  return room_of_row(room_with_id_.with(id));
}

std::optional<std::int64_t> event_rows::find_position(std::int64_t room, const message_id& id) {
  std::int64_t position = 0;
  std::int64_t first = 0;
  {
    auto rows =
        find_life_.with(room, static_cast<std::int64_t>(id.run), static_cast<std::int64_t>(id.room),
                        static_cast<std::int64_t>(id.sequence));
    if (!rows.next())
      return std::nullopt;
    first = rows.integer(0);
    const auto distance = id.sequence - static_cast<std::uint64_t>(rows.integer(1));
    if (distance > static_cast<std::uint64_t>(position_max - first))
      return std::nullopt;
    position = first + static_cast<std::int64_t>(distance);
  }
  // Sequences that were never kept would be those of the next segment.
  if (segment_at(room, position).segment.first_position != first)
    return std::nullopt;
  return run_with(event_id(room, position)) ? std::optional{position} : std::nullopt;
}

event_rows::segment_range event_rows::segment_at(std::int64_t room, std::int64_t position) {
  segment_range result;
  {
    auto rows = find_segment_.with(room, position);
    if (!rows.next())
      throw_damaged("an event that is of no life of its room");
    result.segment = {rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)),
                      static_cast<std::uint64_t>(rows.integer(2)),
                      static_cast<std::uint64_t>(rows.integer(3))};
  }
  auto rows = next_segment_.with(room, position);
  result.end = rows.next() ? rows.integer(0) : position_max + 1;
  return result;
}

std::optional<event_run> event_rows::run_with(std::int64_t event) {
  auto rows = run_before_.with(event);
  if (!rows.next())
    return std::nullopt;
  const auto run = head_of_run(rows);
  return run.holds(event) ? std::optional{run} : std::nullopt;
}

const event_run& event_rows::read(const statement::rows& row) {
  run_ = run_of(row);
  if (run_.count > 1 && (!is_text(run_.kind) || run_.other || run_.tags))
    throw_damaged("several events that cannot be in one row");
  texts_.read(run_);
  const auto room = room_of(run_.id);
  const auto position = position_of(run_.id);
  if (room != last_room_ || position < last_.segment.first_position || position >= last_.end) {
    last_room_ = -1;
    last_ = segment_at(room, position);
    last_room_ = room;
  }
  if (position + run_.count > last_.end)
    throw_damaged("texts of two lives of a room in one row");
  author_ = authors_.find(run_.author);
  other_ = run_.other ? authors_.find(*run_.other) : nullptr;
  return run_;
}

std::shared_ptr<const event_batch> event_rows::batch_of(const std::string& room_name,
                                                        std::int64_t index) {
  const auto time_ms = run_.time_at(index);
  auto result = std::make_shared<event_batch>();
  result->room = room_name;
  result->at = {time_ms, time_ms, last_.segment.run, last_.segment.number,
                last_.segment.sequence_at(position_of(run_.id) + index)};
  result->who.who = author_;
  result->events.push_back(event_of(run_.kind, other_, texts_.at(index), run_.tags));
  return result;
}

}  // namespace confab::storage
