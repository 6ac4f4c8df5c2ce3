#include "io/storage/page_finder.hpp"

#include "io/storage/schema.hpp"

#include <algorithm>
#include <limits>

namespace confab::storage {

std::int64_t page_finder::first_from(const room_row& room, std::int64_t time_ms) {
  std::int64_t high = room.next_position;  // All from here on is late enough,
  const auto first = rows_.run_from(event_id(room.id, 0), event_id(room.id, high));
  if (!first)
    return high;
  // and nothing before this. Most of the positions of an old room are not in use any more.
  std::int64_t low = position_of(first->id);
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    const auto run = rows_.run_from(event_id(room.id, middle), event_id(room.id, high));
    if (!run)
      high = middle;  // There is nothing between.
    else if (run->last_ms() < time_ms)
      low = position_of(run->end());
    else if (run->time_ms >= time_ms)
      high = std::min(middle, position_of(run->id));
    else
      return position_of(run->id) + (time_ms - run->time_ms);
  }
  return low;
}

std::optional<page_range> page_finder::find(const room_row& room, const history_point& point,
                                            std::int64_t edge) {
  if (const auto* id = std::get_if<message_id>(&point)) {
    const auto position = rows_.find_position(room.id, *id);
    if (!position)
      return std::nullopt;
    return page_range{*position, *position + 1};
  }
  if (const auto* time_ms = std::get_if<std::int64_t>(&point)) {
    const auto begin = first_from(room, *time_ms);
    if (*time_ms == std::numeric_limits<std::int64_t>::max())
      return page_range{begin, room.next_position};
    return page_range{begin, first_from(room, *time_ms + 1)};
  }
  return page_range{edge, edge};
}

std::vector<page_part> parts_of_page(page_finder& finder, const room_row& room,
                                     const history_query& query) {
  const auto end = room.next_position;
  const auto count = query.count_max;
  const bool starts_at_beginning = query.part == history_part::latest ||
                                   query.part == history_part::after ||
                                   query.part == history_part::between;
  const auto from = finder.find(room, query.from, starts_at_beginning ? 0 : end);
  if (!from)
    return {};
  switch (query.part) {
    case history_part::latest:
      return {{{from->end, end}, count, true}};
    case history_part::before:
      return {{{0, from->begin}, count, true}};
    case history_part::after:
      return {{{from->end, end}, count, false}};
    case history_part::around:
      return {{{0, from->begin}, count / 2, true}, {{from->begin, end}, count - count / 2, false}};
    case history_part::between: {
      const auto to = finder.find(room, query.to, end);
      if (!to)
        return {};
      if (from->end <= to->begin)
        return {{{from->end, to->begin}, count, false}};
      return {{{to->end, from->begin}, count, true}};
    }
  }
  return {};
}

}  // namespace confab::storage
