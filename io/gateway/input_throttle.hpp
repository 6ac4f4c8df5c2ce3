#pragma once

#include "io/gateway/deadline_queue.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

/// How fast one client may send.
namespace confab {

/// How much may come: bytes, or lines.
struct input_allowance {
  std::size_t per_second = 0;  ///< On average; 0: no limit.
  std::size_t burst = 0;       ///< At once, when nothing has come for long enough.
};

/// A token bucket: input that comes faster than is allowed is paid for by waiting.
class input_throttle {
 public:
  /// Fills the bucket. `allowed.per_second` is positive, as it is below.
  void start(const input_allowance& allowed, deadline_clock::time_point now);

  /// So much has come.
  void spend(std::size_t amount, const input_allowance& allowed, deadline_clock::time_point now);

  /// How long the client has to wait before it may send more; 0: not at all.
  std::chrono::milliseconds wait_span(const input_allowance& allowed) const;

  /// The client has waited for what came too early, if anything did.
  void paid(deadline_clock::time_point now);

  /// How much may come now. Who spends no more than that never has to wait for what it has spent.
  std::size_t available(const input_allowance& allowed, deadline_clock::time_point now);

  /// How long it takes until something is available.
  std::chrono::milliseconds span_until_available(const input_allowance& allowed,
                                                 deadline_clock::time_point now) const;

 private:
  void earn(const input_allowance& allowed, deadline_clock::time_point now);

  std::int64_t allowance_ = 0;       ///< May come now; negative: came too early.
  deadline_clock::time_point time_;  ///< When the allowance was right.
};

}  // namespace confab
