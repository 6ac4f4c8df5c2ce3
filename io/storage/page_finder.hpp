#pragma once

#include "actors/model/history.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/timed_runs.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace confab::storage {

/// Where an event is in the history of its room: by its time, and by its id among those of one
/// time. So the order is the same in all histories that hold the events, however they came there.
struct event_place {
  std::int64_t time_ms = 0;
  std::uint64_t run = 0;
  std::uint64_t number = 0;
  std::uint64_t sequence = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 of a comparison for a pointer.
  friend auto operator<=>(const event_place&, const event_place&) = default;
};

/// Before and behind all events.
inline constexpr event_place first_place{earliest_ms};
inline constexpr event_place last_place{latest_ms};

/// The places between which a page is: `begin` is in, `end` is not.
struct page_range {
  event_place begin;
  event_place end;
};

/// From which side of a range a page is filled, with how many events.
struct page_part {
  page_range range;
  std::size_t count_max = 0;
  bool is_from_end = false;
};

/// Finds pages of the history of a room. What a page costs does not depend on how much the room
/// has.
class page_finder {
 public:
  page_finder(connection& database, event_rows& rows) : rows_(rows), runs_(database) {}

  /// The parts that a page has, in the order of the page; none if an event is not known.
  std::vector<page_part> parts_of(const room_row& room, const history_query& query);

  /// Adds the events of a part to a page, oldest first.
  void append(const std::string& room_name, const room_row& room, const page_part& part,
              bool texts_only, history_page& page);

  /// When something was last said in a room; nothing: nothing was.
  std::optional<std::int64_t> latest_text_ms(const room_row& room);

  /// The positions between which all texts are that were said between two times.
  struct position_range {
    std::int64_t begin = 0;
    std::int64_t end = 0;
  };
  position_range positions_between(const room_row& room, std::int64_t from_ms,
                                   std::int64_t until_ms);

 private:
  /// Where a point is: what is before it ends at `begin`, what is after it begins at `end`.
  std::optional<page_range> find(const room_row& room, const history_point& point,
                                 const event_place& edge);

  event_rows& rows_;
  timed_runs runs_;
};

}  // namespace confab::storage
