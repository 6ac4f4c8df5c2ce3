#pragma once

#include "apps/bench/clock.hpp"
#include "apps/bench/failure.hpp"

#include <cstdint>
#include <sstream>
#include <string>

namespace confab::bench {

/// Ends a run whose server has gone silent.
class Watchdog {
 public:
  /// `seconds`: how long nothing may happen.
  explicit Watchdog(double seconds) : limit_(from_seconds(seconds)), last_(now()) {}

  /// Something happened.
  void feed(std::uint64_t time) { last_ = time; }

  /// Nanoseconds since something happened.
  [[nodiscard]] std::uint64_t silence(std::uint64_t time) const {
    return time > last_ ? time - last_ : 0;
  }

  /// Throws Failure, "nothing from the server for N s: WHAT", when the limit has passed.
  void check(std::uint64_t time, const std::string& what) const {
    if (silence(time) > limit_) {
      std::ostringstream message;
      message << "nothing from the server for " << to_seconds(limit_) << " s: " << what;
      throw Failure(message.str());
    }
  }

 private:
  std::uint64_t limit_;
  std::uint64_t last_;
};

}  // namespace confab::bench
