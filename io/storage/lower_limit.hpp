#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/sqlite.hpp"
#include "io/storage/timed_runs.hpp"

#include <cstdint>

namespace confab::storage {

/// Says which events need not be fetched from elsewhere, since the limits would remove them again.
class lower_limit {
 public:
  explicit lower_limit(connection& database);

  /// What happened before this time is not to be kept in any room.
  std::int64_t of_all(const history_retention& limits, std::int64_t now_ms);

  /// The same for one room only.
  std::int64_t of_room(std::int64_t room, const history_retention& limits);

 private:
  timed_runs runs_;
  statement pages_, free_pages_, slots_, events_;
};

}  // namespace confab::storage
