#pragma once

#include "io/gateway/deadline_queue.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

/// How fast one client may send.
namespace confab {

/// A token bucket that holds one second's worth of bytes: input that comes faster is paid for by
/// waiting.
class input_throttle {
 public:
  /// Fills the bucket. `bytes_per_second` is positive.
  void start(std::size_t bytes_per_second, deadline_clock::time_point now);

  /// So many bytes have come.
  void spend(std::size_t bytes, std::size_t bytes_per_second, deadline_clock::time_point now);

  /// How long the client has to wait before it may send more; 0: not at all.
  std::chrono::milliseconds wait_span(std::size_t bytes_per_second) const;

  /// The client has waited.
  void paid(deadline_clock::time_point now);

 private:
  std::int64_t allowance_bytes_ = 0;  ///< May come now; negative: came too early.
  deadline_clock::time_point time_;   ///< When the allowance was right.
};

}  // namespace confab
