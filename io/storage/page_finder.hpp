#pragma once

#include "actors/model/history.hpp"
#include "io/storage/event_rows.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace confab::storage {

/// The positions of a room between which a page is: `begin` is in, `end` is not.
struct page_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// Finds where in the history of a room a page is.
///
/// Times grow with positions, unless a clock was set back, so that a time is found by halving: a
/// page is as fast in a long room as in a short one. Where times do not grow, it is found between
/// some earlier and some later event, and the page is in order and without gaps all the same.
class page_finder {
 public:
  explicit page_finder(event_rows& rows) : rows_(rows) {}

  /// Where a point is: what is before it ends at `begin`, what is after it begins at `end`.
  /// Nothing: there is no such event. `edge` is where the edge is.
  std::optional<page_range> find(const room_row& room, const history_point& point,
                                 std::int64_t edge);

  /// The first position of the room with an event that happened at this time or later; behind all
  /// if there is none.
  std::int64_t first_from(const room_row& room, std::int64_t time_ms);

 private:
  event_rows& rows_;
};

/// From which side of a range a page is filled, with how many events.
struct page_part {
  page_range range;
  std::size_t count_max = 0;
  bool is_from_end = false;
};

/// The parts that a page has, in the order of the page; none if an event is not known.
std::vector<page_part> parts_of_page(page_finder& finder, const room_row& room,
                                     const history_query& query);

}  // namespace confab::storage
