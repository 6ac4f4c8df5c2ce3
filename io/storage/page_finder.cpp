#include "io/storage/page_finder.hpp"

#include "io/storage/schema.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>

namespace confab::storage {
namespace {

/// So many events are asked for by nobody.
constexpr std::size_t page_max = 100'000;

/// Texts of several nodes come a little out of order.
constexpr std::int64_t disorder_ms_max = 60'000;

event_place behind(event_place place) {
  ++place.sequence;
  return place;
}

/// The best events of those that it is shown.
class best_events {
 public:
  best_events(std::size_t count_max, bool newest) : count_max_(count_max), newest_(newest) {}

  bool wants(const event_place& place) const {
    return events_.size() < count_max_ || (newest_ ? worst() < place : place < worst());
  }

  /// Whether no event that has its place only from this time on, or up to it, is wanted.
  bool is_done_at(std::int64_t time_ms) const {
    return events_.size() >= count_max_ &&
           (newest_ ? time_ms < worst().time_ms : time_ms > worst().time_ms);
  }

  void add(const event_place& place, std::shared_ptr<const event_batch> batch) {
    events_.emplace(place, std::move(batch));
    if (events_.size() > count_max_)
      events_.erase(newest_ ? events_.begin() : std::prev(events_.end()));
  }

  void move_to(history_page& page) {
    for (auto& each : events_)
      page.push_back(std::move(each.second));
  }

 private:
  const event_place& worst() const {
    return newest_ ? events_.begin()->first : std::prev(events_.end())->first;
  }

  std::size_t count_max_;
  bool newest_;
  std::map<event_place, std::shared_ptr<const event_batch>> events_;
};

}  // namespace

std::optional<page_range> page_finder::find(const room_row& room, const history_point& point,
                                            const event_place& edge) {
  if (const auto* id = std::get_if<message_id>(&point)) {
    const auto position = rows_.find_position(room.id, *id);
    const auto event = position ? event_id(room.id, *position) : 0;
    const auto run = position ? rows_.run_with(event) : std::nullopt;
    if (!run)
      return std::nullopt;
    const event_place place{run->time_at(event - run->id), id->run, id->room, id->sequence};
    return page_range{place, behind(place)};
  }
  if (const auto* time_ms = std::get_if<std::int64_t>(&point))
    return page_range{{*time_ms}, *time_ms == latest_ms ? last_place : event_place{*time_ms + 1}};
  return page_range{edge, edge};
}

std::vector<page_part> page_finder::parts_of(const room_row& room, const history_query& query) {
  const auto count = query.count_max;
  const bool starts_at_beginning = query.part == history_part::latest ||
                                   query.part == history_part::after ||
                                   query.part == history_part::between;
  const auto from = find(room, query.from, starts_at_beginning ? first_place : last_place);
  if (!from)
    return {};
  switch (query.part) {
    case history_part::latest:
      return {{{from->end, last_place}, count, true}};
    case history_part::before:
      return {{{first_place, from->begin}, count, true}};
    case history_part::after:
      return {{{from->end, last_place}, count, false}};
    case history_part::around:
      return {{{first_place, from->begin}, count / 2, true},
              {{from->begin, last_place}, count - count / 2, false}};
    case history_part::between: {
      const auto to = find(room, query.to, last_place);
      if (!to)
        return {};
      if (from->end <= to->begin)
        return {{{from->end, to->begin}, count, false}};
      return {{{to->end, from->begin}, count, true}};
    }
  }
  return {};
}

void page_finder::append(const std::string& room_name, const room_row& room, const page_part& part,
                         bool texts_only, history_page& page) {
  if (part.range.begin >= part.range.end || part.count_max == 0)
    return;
  best_events found{std::min(part.count_max, page_max), part.is_from_end};
  timed_runs::walk runs{
      runs_,
      room.id,
      part.range.begin.time_ms,
      later_by(part.range.end.time_ms, span_ms_max),
      texts_only ? timed_runs::kinds::texts : timed_runs::kinds::all,
      part.is_from_end ? timed_runs::order::newest_first : timed_runs::order::oldest_first};
  while (runs.next()) {
    const auto head = head_of_run(runs.row());
    // What follows has ended earlier, or has ended later and may have begun a little earlier.
    if (found.is_done_at(part.is_from_end ? head.last_ms() : head.last_ms() - span_ms_max))
      break;
    if (head.time_ms > part.range.end.time_ms ||
        found.is_done_at(part.is_from_end ? head.last_ms() : head.time_ms))
      continue;
    const auto& run = rows_.read(runs.row());
    const auto life = rows_.life_of_read();
    const auto first = life.sequence_at(position_of(run.id));
    for (std::int64_t i = 0; i < run.count; ++i) {
      const auto index = part.is_from_end ? run.count - 1 - i : i;
      const event_place place{run.time_at(index), life.run, life.number,
                              first + static_cast<std::uint64_t>(index)};
      if (place < part.range.begin || part.range.end <= place)
        continue;
      if (!found.wants(place))
        break;  // Nor the others, which are still farther away.
      found.add(place, rows_.batch_of(room_name, index));
    }
  }
  found.move_to(page);
}

std::optional<std::int64_t> page_finder::latest_text_ms(const room_row& room) {
  timed_runs::walk runs{runs_,
                        room.id,
                        earliest_ms,
                        latest_ms,
                        timed_runs::kinds::texts,
                        timed_runs::order::newest_first};
  return runs.next() ? std::optional{head_of_run(runs.row()).last_ms()} : std::nullopt;
}

page_finder::position_range page_finder::positions_between(const room_row& room,
                                                           std::int64_t from_ms,
                                                           std::int64_t until_ms) {
  position_range result{0, room.next_position};
  if (room.is_late)
    return result;
  if (from_ms > earliest_ms + disorder_ms_max) {
    timed_runs::walk before{runs_,
                            room.id,
                            earliest_ms,
                            from_ms - disorder_ms_max,
                            timed_runs::kinds::texts,
                            timed_runs::order::newest_first};
    if (before.next())
      result.begin = position_of(head_of_run(before.row()).id);
  }
  timed_runs::walk behind{runs_,
                          room.id,
                          later_by(until_ms, disorder_ms_max),
                          latest_ms,
                          timed_runs::kinds::texts,
                          timed_runs::order::oldest_first};
  if (behind.next())
    result.end = position_of(head_of_run(behind.row()).end());
  return result;
}

}  // namespace confab::storage
