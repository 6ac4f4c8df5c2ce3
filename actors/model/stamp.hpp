#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace confab {

/// When something happened in which room, and its name there: the same for all who hear of it.
struct stamp {
  std::int64_t first_ms = 0;   ///< When the first event happened, in milliseconds since 1970.
  std::int64_t last_ms = 0;    ///< No event of the batch is later.
  std::uint64_t run = 0;       ///< Which run of the server: when it started, as in `first_ms`.
  std::uint64_t room = 0;      ///< The number of the room; unique in its run.
  std::uint64_t sequence = 0;  ///< Of the first event, in its room. The others follow it.

  /// Nothing has been stamped yet.
  bool empty() const { return run == 0; }

  /// When the event of this index in the batch happened.
  std::int64_t time_ms(std::size_t index) const {
    return std::min(first_ms + static_cast<std::int64_t>(index), last_ms);
  }
};

}  // namespace confab
