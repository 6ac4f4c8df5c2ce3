#pragma once

#include "apps/bench/clock.hpp"
#include "apps/bench/failure.hpp"

#include <cstdint>
#include <sstream>
#include <string>

namespace confab::bench {

/// Ends a run whose server has gone silent.
class silence_watchdog {
 public:
  /// `seconds`: how long nothing may happen.
  explicit silence_watchdog(double seconds)
      : limit_ns_(from_seconds(seconds)), last_ns_(now_ns()) {}

  /// Something happened.
  void feed(std::uint64_t time) { last_ns_ = time; }

  /// Nanoseconds since something happened.
  [[nodiscard]] std::uint64_t silence(std::uint64_t time) const {
    return time > last_ns_ ? time - last_ns_ : 0;
  }

  /// Throws failure, "nothing from the server for N s: WHAT", when the limit has passed.
  void check(std::uint64_t time, const std::string& what) const {
    if (silence(time) > limit_ns_) {
      std::ostringstream message;
      message << "nothing from the server for " << to_seconds(limit_ns_) << " s: " << what;
      throw failure(message.str());
    }
  }

 private:
  std::uint64_t limit_ns_;
  std::uint64_t last_ns_;
};

}  // namespace confab::bench
