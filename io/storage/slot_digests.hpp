#pragma once

#include "actors/model/held_history.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/event_run.hpp"
#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <map>

namespace confab::storage {

/// Counts what is kept of each slot of time, within the transaction of the caller.
class slot_digests {
 public:
  explicit slot_digests(connection& database);

  /// An event of this id and time is there now, or has gone if `is_removal`. The digest of a text
  /// that was taken back `is_of_removed`.
  void note(const message_id& id, std::int64_t time_ms, bool is_removal,
            bool is_of_removed = false);

  /// The same for the events of a run.
  void note(const event_run& run, const segment_row& life, bool is_removal);

  /// Writes what has changed: before each commit.
  void write();

  /// The transaction has failed.
  void forget() { changes_.clear(); }

  /// Counts all that there is, if that was never done.
  void count_all(event_rows& rows, connection& database);

 private:
  struct change {
    std::int64_t events = 0;
    std::uint64_t digest = 0;
  };

  std::map<std::int64_t, change> changes_;
  statement add_, remove_empty_, is_ordered_, done_, clear_;
};

/// The digests that there should be, from the events themselves.
std::map<std::int64_t, history_digest> counted_digests(connection& database, event_rows& rows);

}  // namespace confab::storage
