#pragma once

#include <cstdint>

namespace confab {

/// Names one event, in all runs of a server.
struct message_id {
  std::uint64_t run = 0;       ///< `stamp::run`,
  std::uint64_t room = 0;      ///< `stamp::room`,
  std::uint64_t sequence = 0;  ///< and the number of the event there.
  friend bool operator==(const message_id&, const message_id&) = default;
};

}  // namespace confab
