#pragma once

#include <algorithm>
#include <chrono>
#include <poll.h>

namespace confab::test {

/// How long a test waits for something that must happen before it fails.
/// Generous, because the machines that run the tests are small and busy.
inline constexpr std::chrono::milliseconds waiting_span{20'000};

/// A point in time after which waiting is over.
class deadline {
 public:
  /// Ends `span` from now.
  explicit deadline(std::chrono::milliseconds span)
      : end_(std::chrono::steady_clock::now() + span) {}

  /// True from the end on.
  [[nodiscard]] bool passed() const { return std::chrono::steady_clock::now() >= end_; }

  /// The milliseconds left, at most `most`, for poll(2); 0 when the end has passed.
  [[nodiscard]] int poll_milliseconds(int most) const {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end_ - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<long long>(left.count() + 1, 0, most));
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

}  // namespace confab::test
