#include "io/storage/retention.hpp"

#include "io/storage/schema.hpp"

#include <algorithm>
#include <functional>
#include <limits>

namespace confab::storage {
namespace {

/// What one call does at most: no run is cut for the number of events.
constexpr std::size_t events_about = 200;
constexpr std::int64_t rooms_max = 64;

/// Rooms that nothing was kept in are looked at so often.
constexpr std::int64_t walk_every_ms = 60'000;

/// So many rooms are noted, and so many with the oldest events.
constexpr std::size_t noted_rooms_max = 4096;
constexpr std::size_t oldest_rooms_max = 256;

constexpr std::int64_t page_bytes = 4096;
constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

}  // namespace

retention::retention(connection& database, event_remover& remover, const room_ledger& ledger,
                     slot_digests& digests)
    : remover_(remover),
      ledger_(ledger),
      digests_(digests),
      runs_{database},
      next_rooms_{database,
                  "SELECT id, next_position, indexed_position, events, name FROM rooms "
                  "WHERE id>?1 ORDER BY id LIMIT ?2"},
      one_room_{database,
                "SELECT id, next_position, indexed_position, events, name FROM rooms WHERE id=?1"},
      pages_{database, "PRAGMA page_count"},
      free_pages_{database, "PRAGMA freelist_count"},
      old_removed_{database,
                   "SELECT run, number, sequence, time_ms FROM removed WHERE time_ms<?1 "
                   "ORDER BY time_ms LIMIT ?2"},
      remove_removed_{database, "DELETE FROM removed WHERE run=?1 AND number=?2 AND sequence=?3"} {}

void retention::note(std::int64_t room) {
  if (noted_.size() < noted_rooms_max)
    noted_.insert(room);
  else if (!noted_.contains(room))
    walks_ = true;
}

void retention::forget() {
  noted_.clear();
  walks_ = true;
  walked_to_ = 0;
  seeks_ = false;
  oldest_.clear();
}

retention::outcome retention::step(const history_retention& limits, std::int64_t now_ms) {
  done_ = {};
  left_ = events_about;
  const bool is_time = now_ms < walk_began_ms_ || now_ms - walk_began_ms_ >= walk_every_ms;
  if (limits != limits_ || (!walks_ && is_time)) {
    walks_ = true;
    walked_to_ = 0;
  }
  if (walks_ && walked_to_ == 0)
    walk_began_ms_ = now_ms;
  limits_ = limits;
  if (limits.age_ms_max > 0)
    forget_removed(now_ms - limits.age_ms_max);
  look_at_noted(limits, now_ms);
  if (walks_ && left_ > 0)
    walk(limits, now_ms);
  if (limits.bytes_max > 0 && left_ > 0)
    free_bytes(limits.bytes_max, now_ms);
  return done_;
}

/// Texts of that time are kept nowhere: nobody brings them back.
void retention::forget_removed(std::int64_t before_ms) {
  constexpr std::int64_t count_max = 200;
  std::vector<message_id> old;
  {
    auto rows = old_removed_.with(before_ms, count_max);
    while (rows.next()) {
      old.push_back({static_cast<std::uint64_t>(rows.integer(0)),
                     static_cast<std::uint64_t>(rows.integer(1)),
                     static_cast<std::uint64_t>(rows.integer(2))});
      digests_.note(old.back(), rows.integer(3), true, true);
    }
  }
  for (const auto& each : old)
    remove_removed_.run(static_cast<std::int64_t>(each.run), static_cast<std::int64_t>(each.room),
                        static_cast<std::int64_t>(each.sequence));
  if (!old.empty())
    done_.has_worked = true;
}

/// When the oldest run of a room has ended.
std::optional<std::int64_t> retention::oldest_ms(std::int64_t room) {
  timed_runs::walk runs{
      runs_, room, earliest_ms, latest_ms, timed_runs::kinds::all, timed_runs::order::oldest_first};
  return runs.next() ? std::optional{head_of_run(runs.row()).last_ms()} : std::nullopt;
}

retention::full_room retention::read_room(const statement::rows& row) {
  return {
      {row.integer(0), row.integer(1), row.integer(2)}, row.integer(3), std::string{row.bytes(4)}};
}

void retention::look_at_noted(const history_retention& limits, std::int64_t now_ms) {
  for (std::int64_t i = 0; i < rooms_max && !noted_.empty() && left_ > 0; ++i) {
    const auto id = *noted_.begin();
    std::vector<full_room> found;
    {
      auto rows = one_room_.with(id);
      if (rows.next())
        found.push_back(read_room(rows));
    }
    if (found.empty() || trim(found.front(), limits, now_ms))
      noted_.erase(id);
  }
  if (!noted_.empty())
    done_.has_worked = true;
}

void retention::walk(const history_retention& limits, std::int64_t now_ms) {
  std::vector<full_room> found;
  {
    auto rows = next_rooms_.with(walked_to_, rooms_max);
    while (rows.next())
      found.push_back(read_room(rows));
  }
  for (const auto& room : found) {
    if (left_ == 0)
      break;
    if (!trim(room, limits, now_ms))
      break;
    walked_to_ = room.row.id;
  }
  if (found.empty()) {
    walks_ = false;
    walked_to_ = 0;
  } else {
    done_.has_worked = true;
  }
}

/// Whether the room is as it should be now.
bool retention::trim(const full_room& room, const history_retention& limits, std::int64_t now_ms) {
  auto events = static_cast<std::uint64_t>(room.events);
  if (events == 0) {
    // What it would be next is remembered of a room that is in use.
    if (!ledger_.remembers(room.name))
      remover_.remove_room(room.row.id);
    return true;
  }
  const auto before = done_.events;
  if (limits.events_per_room_max > 0 && events > limits.events_per_room_max)
    note_removal(room.row,
                 remover_.remove_first(room.row, events - limits.events_per_room_max, left_));
  if (limits.age_ms_max > 0 && left_ > 0)
    note_removal(room.row, remover_.remove_older(room.row, now_ms - limits.age_ms_max, left_));
  if (done_.events == before)
    return true;
  done_.has_worked = true;
  return false;  // There may be more, or nothing any more.
}

void retention::note_removal(const room_row& room, const event_remover::outcome& removed) {
  left_ -= std::min(left_, static_cast<std::size_t>(removed.events));
  done_.events += removed.events;
  if (removed.room_is_empty) {
    ++done_.rooms;
    note(room.id);
  }
}

std::uint64_t retention::used_bytes() {
  std::int64_t pages = 0;
  {
    auto rows = pages_.with();
    pages = rows.next() ? rows.integer(0) : 0;
  }
  auto rows = free_pages_.with();
  return static_cast<std::uint64_t>((pages - (rows.next() ? rows.integer(0) : 0)) * page_bytes);
}

void retention::free_bytes(std::uint64_t bytes_max, std::int64_t now_ms) {
  if (used_bytes() <= bytes_max) {
    seeks_ = false;
    oldest_.clear();
    return;
  }
  if (oldest_.empty() && !seeks_) {
    seeks_ = true;
    sought_to_ = 0;
    others_from_ms_ = never;
  }
  if (seeks_ && look_for_oldest()) {
    done_.has_worked = true;
    return;
  }
  while (left_ > 0 && !oldest_.empty() && used_bytes() > bytes_max)
    remove_oldest(now_ms);
}

/// Looks at some more rooms. Whether it has to go on; if not, `oldest_` may be used.
bool retention::look_for_oldest() {
  std::vector<std::int64_t> found;
  {
    auto rows = next_rooms_.with(sought_to_, rooms_max);
    while (rows.next()) {
      sought_to_ = rows.integer(0);
      if (rows.integer(3) > 0)
        found.push_back(sought_to_);
      else
        found.push_back(-1);
    }
  }
  if (found.empty()) {
    std::make_heap(oldest_.begin(), oldest_.end(), std::greater<>{});
    seeks_ = false;
    return false;
  }
  for (const auto room : found) {
    if (room < 0)
      continue;
    const auto first_ms = oldest_ms(room);
    if (!first_ms)
      continue;
    oldest_.emplace_back(*first_ms, room);
    std::push_heap(oldest_.begin(), oldest_.end());
    if (oldest_.size() > oldest_rooms_max) {
      std::pop_heap(oldest_.begin(), oldest_.end());
      others_from_ms_ = std::min(others_from_ms_, oldest_.back().first);
      oldest_.pop_back();
    }
  }
  return true;
}

/// Removes some of the oldest events of the room that has the oldest ones.
void retention::remove_oldest(std::int64_t now_ms) {
  constexpr std::size_t slice = 50;
  std::pop_heap(oldest_.begin(), oldest_.end(), std::greater<>{});
  const auto [time_ms, id] = oldest_.back();
  oldest_.pop_back();
  // With more rooms than are remembered, what is a little younger goes as well: otherwise each walk
  // over all rooms might remove a handful of events.
  const auto slack_ms = std::max<std::int64_t>(now_ms - others_from_ms_, 0) / 100;
  if (others_from_ms_ != never && time_ms > others_from_ms_ + slack_ms) {
    oldest_.clear();
    done_.has_worked = true;
    return;
  }
  std::vector<full_room> found;
  {
    auto rows = one_room_.with(id);
    if (rows.next())
      found.push_back(read_room(rows));
  }
  if (found.empty())
    return;
  const auto next_ms = oldest_.empty() ? never : oldest_.front().first;
  const auto before = done_.events;
  const auto until_ms = std::max(time_ms, std::min(next_ms, others_from_ms_));
  note_removal(found.front().row,
               remover_.remove_older(found.front().row, until_ms == never ? never : until_ms + 1,
                                     std::min(left_, slice)));
  done_.has_worked = true;
  if (done_.events == before)
    return;  // It was removed otherwise, and what is there now is younger.
  if (const auto first_ms = oldest_ms(id)) {
    // Nothing in any room is older than this room was.
    forget_removed(time_ms);
    oldest_.emplace_back(*first_ms, id);
    std::push_heap(oldest_.begin(), oldest_.end(), std::greater<>{});
  }
}

}  // namespace confab::storage
