#include "io/storage/event_remover.hpp"

#include "io/storage/event_columns.hpp"
#include "io/storage/schema.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace confab::storage {
namespace {

/// A call removes no more than about so many bytes of texts: their words take the time.
constexpr std::size_t text_bytes_about = 64 * 1024;

constexpr std::uint64_t any_number = std::numeric_limits<std::int64_t>::max();

}  // namespace

event_remover::event_remover(connection& database, event_rows& rows, author_writer& authors,
                             slot_digests& digests)
    : rows_(rows),
      authors_(authors),
      digests_(digests),
      runs_{database},
      adder_{database},
      run_before_{database,
                  "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                  "FROM events WHERE id<=?1 ORDER BY id DESC LIMIT 1"},
      remove_{database, "DELETE FROM events WHERE id=?1"},
      remove_words_{database, "INSERT INTO words(words, rowid, text) VALUES('delete', ?1, ?2)"},
      count_{database, "UPDATE rooms SET events=events-?2 WHERE id=?1 RETURNING events"},
      first_position_{database,
                      "SELECT id FROM events WHERE id>=?1 AND id<=?2 ORDER BY id LIMIT 1"},
      remove_segments_{database,
                       "DELETE FROM segments WHERE room=?1 AND first_position<"
                       "(SELECT max(first_position) FROM segments "
                       "WHERE room=?1 AND first_position<=?2)"},
      remove_room_{database, "DELETE FROM rooms WHERE id=?1"},
      remove_its_segments_{database, "DELETE FROM segments WHERE room=?1"} {}

segment_row event_remover::life_of(const event_run& run) {
  return rows_.segment_at(room_of(run.id), position_of(run.id)).segment;
}

/// What refers to the run, but not the run.
void event_remover::remove_traces(const room_row& room, const event_run& run,
                                  const segment_row& life) {
  digests_.note(run, life, true);
  if (is_text(run.kind) && position_of(run.id) < room.indexed_position) {
    texts_.read(run);
    const auto indexed = std::min(run.count, room.indexed_position - position_of(run.id));
    for (std::int64_t i = 0; i < indexed; ++i)
      remove_words_.run(run.id + i, sql_text{texts_.at(i)});
  }
  authors_.release(run.author, run.count);
  if (run.other)
    authors_.release(*run.other, run.count);
}

/// Copies the run that is to be cut: what is done to its row may move its bytes.
void event_remover::read(const statement::rows& row) {
  left_ = run_of(row);
  left_text_ = left_.text;
  left_.text = left_text_;
  if (left_.lengths) {
    left_lengths_ = *left_.lengths;
    left_.lengths = left_lengths_;
  }
  texts_.read(left_);  // Or it is damaged.
}

event_remover::outcome event_remover::remove_first(const room_row& room, std::uint64_t events_max,
                                                   std::size_t events_about) {
  return remove(room, at_any_time, events_max, events_about);
}

event_remover::outcome event_remover::remove_older(const room_row& room, std::int64_t before_ms,
                                                   std::size_t events_about) {
  return remove(room, before_ms, any_number, events_about);
}

event_remover::outcome event_remover::remove(const room_row& room, std::int64_t before_ms,
                                             std::uint64_t events_max, std::size_t events_about) {
  outcome result;
  std::vector<std::int64_t> whole;
  bool is_cut = false;
  {
    std::size_t bytes = 0;
    timed_runs::walk runs{runs_,
                          room.id,
                          earliest_ms,
                          before_ms == at_any_time ? latest_ms : before_ms - 1,
                          timed_runs::kinds::all,
                          timed_runs::order::oldest_first};
    while (bytes < text_bytes_about &&
           result.events < std::min<std::uint64_t>(events_max, events_about) && runs.next()) {
      const auto run = run_of(runs.row());
      whole.push_back(run.id);
      bytes += run.text.size();
      const auto count = std::min(run.count, static_cast<std::int64_t>(events_max - result.events));
      result.events += static_cast<std::uint64_t>(count);
      const auto life = life_of(run);
      if (count == run.count) {
        remove_traces(room, run, life);
        continue;
      }
      read(runs.row());
      remove_traces(room, part_of(left_, 0, count), life);
      left_ = part_of(left_, count, left_.count - count);
      is_cut = true;
    }
  }
  if (result.events == 0)
    return result;
  for (const auto id : whole)
    remove_.run(id);
  if (is_cut)
    adder_.add(left_);
  result.room_is_empty = count_down(room.id, result.events);
  std::int64_t left = room.next_position;
  {
    auto rows = first_position_.with(event_id(room.id, 0), event_id(room.id, position_max));
    if (rows.next())
      left = position_of(rows.integer(0));
  }
  remove_segments_.run(room.id, left);
  return result;
}

event_remover::outcome event_remover::remove_text(const room_row& room, std::int64_t position) {
  outcome result;
  const auto id = event_id(room.id, position);
  {
    auto rows = run_before_.with(id);
    if (!rows.next())
      return result;
    const auto run = run_of(rows);
    if (!run.holds(id) || !is_text(run.kind))
      return result;
    read(rows);
  }
  const auto index = id - left_.id;
  remove_traces(room, part_of(left_, index, 1), life_of(left_));
  remove_.run(left_.id);
  if (index > 0)
    adder_.add(part_of(left_, 0, index));
  if (index + 1 < left_.count)
    adder_.add(part_of(left_, index + 1, left_.count - index - 1));
  result.events = 1;
  result.room_is_empty = count_down(room.id, 1);
  return result;
}

/// Whether the room has no events any more.
bool event_remover::count_down(std::int64_t room, std::uint64_t events) {
  auto rows = count_.with(room, static_cast<std::int64_t>(events));
  if (!rows.next() || rows.integer(0) < 0)
    throw_damaged("a room with fewer than no events");
  const bool is_empty = rows.integer(0) == 0;
  rows.next();
  return is_empty;
}

void event_remover::remove_room(std::int64_t room) {
  remove_its_segments_.run(room);
  remove_room_.run(room);
}

}  // namespace confab::storage
