#include "io/storage/held_finder.hpp"

#include "io/storage/schema.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace confab::storage {
namespace {

/// To look at a room costs as much as so many rows.
constexpr std::size_t rows_each_room = 4;

/// What an event takes besides its strings.
constexpr std::size_t event_bytes = 64;
constexpr std::size_t batch_bytes = 256;

/// Which multiple of `each` a slot belongs to.
std::int64_t group_of(std::int64_t slot, std::int64_t each) {
  return (slot / each - (slot % each < 0 ? 1 : 0)) * each;
}

/// The ids of runs, in as few ranges as their order allows.
class range_maker {
 public:
  void add(event_range part) {
    auto& ranges = lives_[{part.run, part.number}];
    if (ranges.empty() || ranges.back().first + ranges.back().count != part.first) {
      ranges.push_back(std::move(part));
      return;
    }
    ranges.back().count += part.count;
    ranges.back().first_ms = std::min(ranges.back().first_ms, part.first_ms);
    ranges.back().last_ms = std::max(ranges.back().last_ms, part.last_ms);
  }

  void move_to(std::vector<event_range>& out) {
    for (auto& [life, ranges] : lives_)
      std::move(ranges.begin(), ranges.end(), std::back_inserter(out));
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::vector<event_range>> lives_;
};

/// A run that may be in a slot.
struct found_run {
  event_run head;
  segment_row life;
};

/// The events of it that are between two times.
event_range part_between(const std::string& room, const found_run& run, std::int64_t from_ms,
                         std::int64_t end_ms) {
  std::int64_t first = 0;
  std::int64_t behind = run.head.count;
  while (first < behind && run.head.time_at(first) < from_ms)
    ++first;
  while (behind > first && run.head.time_at(behind - 1) >= end_ms)
    --behind;
  event_range result{room, run.life.run, run.life.number,
                     run.life.sequence_at(position_of(run.head.id) + first),
                     static_cast<std::uint64_t>(behind - first)};
  result.first_ms = run.head.time_at(first);
  result.last_ms = run.head.time_at(std::max(behind - 1, first));
  return result;
}

std::size_t cost_of(const event& happening) {
  const auto* text = std::get_if<said>(&happening);
  return event_bytes + (text != nullptr ? text->text.size() + (text->tags ? text->tags->size() : 0)
                                        : batch_bytes);
}

}  // namespace

held_finder::held_finder(connection& database, event_rows& rows)
    : rows_(rows),
      runs_{database},
      lives_{database},
      limit_{database},
      slots_{database,
             "SELECT slot, events, digest FROM slots WHERE slot>=?1 AND slot<?2 ORDER BY slot"},
      rooms_{database, "SELECT id, name FROM rooms WHERE id>=?1 AND events>0 ORDER BY id"},
      removed_in_slot_{database,
                       "SELECT run, number, sequence, room, time_ms FROM removed "
                       "WHERE time_ms>=?1 AND time_ms<?2 ORDER BY time_ms"},
      removed_{database,
               "SELECT run, number, sequence, room, time_ms FROM removed "
               "WHERE run=?1 AND number=?2 AND sequence=?3"},
      run_before_{database,
                  "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                  "FROM events WHERE id<=?1 ORDER BY id DESC LIMIT 1"} {}

std::vector<history_digest> held_finder::digests(const digest_question& which) {
  std::vector<history_digest> result;
  const auto each = std::max<std::int64_t>(which.each, 1);
  auto rows = slots_.with(which.begin, which.end);
  while (rows.next()) {
    const auto group = group_of(rows.integer(0), each);
    if (result.empty() || result.back().slot != group) {
      if (result.size() >= digests_max)
        break;
      result.push_back({group, 0, 0});
    }
    result.back().events += static_cast<std::uint64_t>(rows.integer(1));
    result.back().digest ^= static_cast<std::uint64_t>(rows.integer(2));
  }
  return result;
}

// -- what there is ------------------------------------------------------------

held_events held_finder::held(const held_question& which, const missing_bounds& bounds) {
  held_events result;
  if (which.slot < 0 || which.slot >= all_slots)
    return result;
  if (which.from.room == 0 && !add_removed(which, bounds, result))
    return result;
  auto rows_left = bounds.rows_max;
  auto rooms = rooms_.with(which.from.room);
  while (rooms.next()) {
    const auto room = rooms.integer(0);
    if (rows_left == 0 || result.ranges.size() >= bounds.ranges_max) {
      result.next = held_place{room, 0};
      return result;
    }
    rows_left -= std::min(rows_left, rows_each_room);
    if (!add_room(room, std::string{rooms.bytes(1)}, which, bounds, rows_left, result))
      return result;
  }
  return result;
}

/// Whether these were all.
bool held_finder::add_removed(const held_question& which, const missing_bounds& bounds,
                              held_events& found) {
  const auto begin_ms = std::max(which.slot * slot_ms, which.from.time_ms);
  auto rows = removed_in_slot_.with(begin_ms, (which.slot + 1) * slot_ms);
  std::int64_t last_ms = begin_ms;
  while (rows.next()) {
    const auto time_ms = rows.integer(4);
    if (found.ranges.size() >= bounds.ranges_max && time_ms != last_ms) {
      found.next = held_place{0, time_ms};
      return false;
    }
    last_ms = time_ms;
    found.ranges.push_back({std::string{rows.bytes(3)}, static_cast<std::uint64_t>(rows.integer(0)),
                            static_cast<std::uint64_t>(rows.integer(1)),
                            static_cast<std::uint64_t>(rows.integer(2)), 1, true});
  }
  return true;
}

/// Whether these were all of the room. If not, they are all up to a time.
bool held_finder::add_room(std::int64_t room, const std::string& name, const held_question& which,
                           const missing_bounds& bounds, std::size_t& rows_left,
                           held_events& found) {
  auto from_ms = which.slot * slot_ms;
  auto end_ms = from_ms + slot_ms;
  if (room == which.from.room)
    from_ms = std::max(from_ms, which.from.time_ms);
  std::vector<found_run> runs;
  {
    event_rows::segment_range life;
    timed_runs::walk all{runs_,
                         room,
                         from_ms,
                         end_ms + span_ms_max,
                         timed_runs::kinds::all,
                         timed_runs::order::oldest_first};
    while (all.next()) {
      const auto head = head_of_run(all.row());
      // What follows may have begun a little before it has ended.
      const auto seen_ms = head.last_ms() - span_ms_max;
      if (rows_left == 0 && seen_ms > from_ms && seen_ms < end_ms) {
        end_ms = seen_ms;
        found.next = held_place{room, seen_ms};
        break;
      }
      rows_left -= std::min<std::size_t>(rows_left, 1);
      const auto position = position_of(head.id);
      if (life.end == 0 || position < life.segment.first_position || position >= life.end)
        life = rows_.segment_at(room, position);
      runs.push_back({head, life.segment});
    }
  }
  range_maker ranges;
  for (const auto& each : runs)
    if (auto part = part_between(name, each, from_ms, end_ms); part.count > 0)
      ranges.add(std::move(part));
  ranges.move_to(found.ranges);
  // Names take room in a message.
  if (name.size() * found.ranges.size() > bounds.bytes_max)
    rows_left = 0;
  return !found.next;
}

// -- what is not here ---------------------------------------------------------

std::vector<event_range> held_finder::missing(const std::vector<event_range>& ranges,
                                              std::int64_t slot, const history_retention& limits,
                                              std::int64_t now_ms) {
  std::vector<event_range> result;
  if (slot < 0 || slot >= all_slots || (slot + 1) * slot_ms <= limit_.of_all(limits, now_ms))
    return result;
  for (const auto& each : ranges) {
    if (result.size() >= lacking_max)
      break;
    if (!each.is_removed)
      add_missing(each, limits, result);
    else if (!lives_.is_removed({each.run, each.number, each.first}))
      result.push_back(each);
  }
  return result;
}

/// If the room is full with what is later, what is missing at the beginning has been removed.
void held_finder::add_missing(const event_range& range, const history_retention& limits,
                              std::vector<event_range>& found) {
  constexpr std::uint64_t count_max = 1 << 20;
  const auto room = limits.events_per_room_max > 0 ? rows_.find_room(range.room) : std::nullopt;
  const auto kept_from_ms = room ? limit_.of_room(room->id, limits) : earliest_ms;
  if (range.last_ms < kept_from_ms)
    return;
  const auto count = std::min(range.count, count_max);
  for (const auto& part : lives_.missing({range.run, range.number, range.first, count})) {
    const bool was_removed =
        range.first_ms < kept_from_ms && part.first == range.first && part.count < count;
    if (!was_removed && found.size() < lacking_max)
      found.push_back({range.room, part.run, part.number, part.first, part.count});
  }
}

// -- what another one misses --------------------------------------------------

missing_events held_finder::fetch(const missing_question& which, const missing_bounds& bounds) {
  missing_events result;
  budget left{bounds.rows_max, bounds.bytes_max};
  auto skipped = which.skipped;
  for (const auto& each : which.ranges) {
    if (!(each.is_removed ? fetch_removed(each, result) : fetch_kept(each, skipped, left, result)))
      return result;
    ++result.ranges_done;
    result.events_done = skipped = 0;
  }
  return result;
}

bool held_finder::fetch_removed(const event_range& range, missing_events& found) {
  auto rows =
      removed_.with(static_cast<std::int64_t>(range.run), static_cast<std::int64_t>(range.number),
                    static_cast<std::int64_t>(range.first));
  if (rows.next())
    found.removed.push_back(
        {std::string{rows.bytes(3)}, {range.run, range.number, range.first}, rows.integer(4)});
  return true;
}

/// Whether the range is done.
bool held_finder::fetch_kept(const event_range& range, std::uint64_t skipped, budget& left,
                             missing_events& found) {
  const auto room = rows_.find_room(range.room);
  if (!room || skipped >= range.count)
    return true;
  const life_part wanted{range.run, range.number, range.first + skipped, range.count - skipped};
  bool is_done = true;
  lives_.walk(room->id, wanted, [&](std::int64_t id, std::int64_t count, std::uint64_t first) {
    auto row = run_before_.with(id);
    if (!row.next())
      throw_damaged("an event has gone");
    const auto& run = rows_.read(row);
    auto batch = std::make_shared<event_batch>();
    const auto begin = id - run.id;
    for (auto i = begin; i < begin + count; ++i) {
      if (left.rows == 0 || left.bytes == 0) {
        is_done = false;
        break;
      }
      auto one = rows_.batch_of(range.room, i);
      const auto cost = cost_of(one->events.front());
      if (batch->events.empty()) {
        *batch = *one;
        left.bytes -= std::min(left.bytes, batch_bytes);
        --left.rows;
      } else {
        batch->events.push_back(one->events.front());
        batch->at.last_ms = one->at.first_ms;
      }
      left.bytes -= std::min(left.bytes, cost);
    }
    const auto taken = batch->events.size();
    if (taken > 0)
      found.events.push_back(std::move(batch));
    found.events_done = first + taken - range.first;
    return is_done;
  });
  return is_done;
}

}  // namespace confab::storage
