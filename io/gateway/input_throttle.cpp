#include "io/gateway/input_throttle.hpp"

#include <algorithm>

namespace confab {

void input_throttle::start(std::size_t bytes_per_second, deadline_clock::time_point now) {
  allowance_bytes_ = static_cast<std::int64_t>(bytes_per_second);
  time_ = now;
}

void input_throttle::spend(std::size_t bytes, std::size_t bytes_per_second,
                           deadline_clock::time_point now) {
  constexpr std::int64_t second_us = 1'000'000;
  const auto rate = static_cast<std::int64_t>(bytes_per_second);
  const auto passed_us = std::chrono::duration_cast<std::chrono::microseconds>(now - time_).count();
  const auto earned = std::min(passed_us, second_us) * rate / second_us;
  allowance_bytes_ = std::min(rate, allowance_bytes_ + earned) - static_cast<std::int64_t>(bytes);
  time_ = now;
}

std::chrono::milliseconds input_throttle::wait_span(std::size_t bytes_per_second) const {
  if (allowance_bytes_ >= 0)
    return {};
  const auto rate = static_cast<std::int64_t>(bytes_per_second);
  return std::chrono::milliseconds{1 - allowance_bytes_ * 1000 / rate};
}

void input_throttle::paid(deadline_clock::time_point now) {
  allowance_bytes_ = 0;
  time_ = now;
}

}  // namespace confab
