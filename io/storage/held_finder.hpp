#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/life_finder.hpp"
#include "io/storage/lower_limit.hpp"
#include "io/storage/sqlite.hpp"
#include "io/storage/timed_runs.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace confab::storage {

/// Compares what a file holds with what another one holds: the last four calls of `history_reader`.
class held_finder {
 public:
  held_finder(connection& database, event_rows& rows);

  std::vector<history_digest> digests(const digest_question& which);
  held_events held(const held_question& which, const missing_bounds& bounds);
  std::vector<event_range> missing(const std::vector<event_range>& ranges, std::int64_t slot,
                                   const history_retention& limits, std::int64_t now_ms);
  missing_events fetch(const missing_question& which, const missing_bounds& bounds);

 private:
  /// What one answer may still hold.
  struct budget {
    std::size_t rows;
    std::size_t bytes;
  };

  bool add_removed(const held_question& which, const missing_bounds& bounds, held_events& found);
  bool add_room(std::int64_t room, const std::string& name, const held_question& which,
                const missing_bounds& bounds, std::size_t& rows_left, held_events& found);
  void add_missing(const event_range& range, const history_retention& limits,
                   std::vector<event_range>& found);
  bool fetch_removed(const event_range& range, missing_events& found);
  bool fetch_kept(const event_range& range, std::uint64_t skipped, budget& left,
                  missing_events& found);

  event_rows& rows_;
  timed_runs runs_;
  life_finder lives_;
  lower_limit limit_;
  statement slots_, rooms_, removed_in_slot_, removed_, run_before_;
};

}  // namespace confab::storage
