#include "io/storage/word_index.hpp"

#include "io/storage/event_columns.hpp"
#include "io/storage/schema.hpp"

#include <algorithm>

namespace confab::storage {
namespace {

/// What one call does at most, beside one long text.
constexpr std::size_t texts_max = 200;
constexpr std::size_t bytes_max = 64 * 1024;
constexpr std::size_t rooms_max = 64;

/// So many rooms are remembered. If there are more, they are looked for.
constexpr std::size_t remembered_rooms_max = 4096;

}  // namespace

word_index::word_index(connection& database)
    : find_rooms_{database, "SELECT id FROM rooms WHERE indexed_position<next_position LIMIT ?1"},
      find_room_{database, "SELECT indexed_position, next_position FROM rooms WHERE id=?1"},
      run_before_{database, "SELECT id, count FROM events WHERE id<=?1 ORDER BY id DESC LIMIT 1"},
      texts_{database,
             "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
             "FROM events WHERE +kind<=1 AND id>=?1 AND id<?2 ORDER BY id"},
      add_{database, "INSERT INTO words(rowid, text) VALUES(?1, ?2)"},
      move_{database, "UPDATE rooms SET indexed_position=?2 WHERE id=?1"} {}

void word_index::note(std::int64_t room) {
  if (rooms_.size() < remembered_rooms_max)
    rooms_.insert(room);
  else if (!rooms_.contains(room))
    may_be_more_ = true;
}

void word_index::forget() {
  rooms_.clear();
  may_be_more_ = true;
}

void word_index::look_for_rooms() {
  auto rows = find_rooms_.with(static_cast<std::int64_t>(remembered_rooms_max));
  while (rows.next())
    rooms_.insert(rows.integer(0));
  may_be_more_ = rooms_.size() == remembered_rooms_max;
}

void word_index::add_passed(const event_run& run) {
  std::int64_t indexed = 0;
  {
    auto rows = find_room_.with(room_of(run.id));
    if (rows.next())
      indexed = event_id(room_of(run.id), rows.integer(0));
  }
  if (!is_text(run.kind) || run.id >= indexed)
    return;
  run_texts_.read(run);
  for (std::int64_t i = 0; i < run.count && run.id + i < indexed; ++i)
    add_.run(run.id + i, sql_text{run_texts_.at(i)});
}

bool word_index::step() {
  if (rooms_.empty() && may_be_more_)
    look_for_rooms();
  budget left{texts_max, bytes_max};
  bool has_done = false;
  for (std::size_t i = 0; i < rooms_max && !rooms_.empty() && left.texts > 0 && left.bytes > 0;
       ++i) {
    has_done = true;
    // By turns: a room in which much is said does not keep the others waiting.
    auto next = rooms_.upper_bound(last_room_);
    if (next == rooms_.end())
      next = rooms_.begin();
    const auto room = last_room_ = *next;
    if (index_room(room, left))
      rooms_.erase(room);
  }
  return has_done;
}

/// Whether all texts of the room can be found now.
bool word_index::index_room(std::int64_t room, budget& left) {
  std::int64_t from = 0;
  std::int64_t end = 0;
  {
    auto rows = find_room_.with(room);
    if (!rows.next())
      return true;
    from = rows.integer(0);
    end = rows.integer(1);
  }
  if (from >= end)
    return true;
  const auto begin = event_id(room, from);
  auto first = begin;
  {
    // The last call may have ended inside of a run.
    auto rows = run_before_.with(begin);
    if (rows.next() && rows.integer(0) + rows.integer(1) > begin)
      first = rows.integer(0);
  }
  auto next = end;
  {
    auto rows = texts_.with(first, event_id(room, end));
    while (left.texts > 0 && left.bytes > 0 && rows.next()) {
      const auto run = run_of(rows);
      run_texts_.read(run);
      for (auto i = std::max<std::int64_t>(begin - run.id, 0);
           i < run.count && left.texts > 0 && left.bytes > 0; ++i) {
        const auto text = run_texts_.at(i);
        add_.run(run.id + i, sql_text{text});
        next = position_of(run.id) + i + 1;
        --left.texts;
        left.bytes -= std::min(left.bytes, text.size() + 1);
      }
    }
  }
  if (left.texts > 0 && left.bytes > 0)
    next = end;  // There were no more.
  move_.run(room, next);
  return next == end;
}

}  // namespace confab::storage
