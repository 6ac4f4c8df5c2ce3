#include "io/gateway/input_throttle.hpp"

#include <algorithm>

namespace confab {

namespace {

constexpr std::int64_t second_us = 1'000'000;

std::int64_t microseconds_in(deadline_clock::duration span) {
  return std::chrono::duration_cast<std::chrono::microseconds>(span).count();
}

}  // namespace

void input_throttle::start(const input_allowance& allowed, deadline_clock::time_point now) {
  allowance_ = static_cast<std::int64_t>(allowed.burst);
  time_ = now;
}

void input_throttle::spend(std::size_t amount, const input_allowance& allowed,
                           deadline_clock::time_point now) {
  earn(allowed, now);
  allowance_ -= static_cast<std::int64_t>(amount);
}

/// Adds what may come since the allowance was right.
void input_throttle::earn(const input_allowance& allowed, deadline_clock::time_point now) {
  const auto rate = static_cast<std::int64_t>(allowed.per_second);
  const auto burst = static_cast<std::int64_t>(allowed.burst);
  const auto full_after_us = burst * second_us / rate + 1;
  const auto passed_us = microseconds_in(now - time_);
  const auto earned = std::min(passed_us, full_after_us) * rate / second_us;
  allowance_ = std::min(burst, allowance_ + earned);
  // What is not a whole unit yet is not lost.
  time_ += std::chrono::microseconds{earned * second_us / rate};
  if (passed_us > full_after_us)
    time_ = now;
}

std::chrono::milliseconds input_throttle::wait_span(const input_allowance& allowed) const {
  if (allowance_ >= 0)
    return {};
  const auto rate = static_cast<std::int64_t>(allowed.per_second);
  return std::chrono::milliseconds{1 - allowance_ * 1000 / rate};
}

void input_throttle::paid(deadline_clock::time_point now) {
  if (allowance_ >= 0)
    return;
  allowance_ = 0;
  time_ = now;
}

std::size_t input_throttle::available(const input_allowance& allowed,
                                      deadline_clock::time_point now) {
  earn(allowed, now);
  return static_cast<std::size_t>(std::max<std::int64_t>(allowance_, 0));
}

std::chrono::milliseconds input_throttle::span_until_available(
    const input_allowance& allowed, deadline_clock::time_point now) const {
  const auto rate = static_cast<std::int64_t>(allowed.per_second);
  const auto missing = std::max<std::int64_t>(1 - allowance_, 0);
  // Rounded up at both steps: whoever waits for so long has it.
  const auto needed_us = missing * second_us / rate + 1 - microseconds_in(now - time_);
  return std::chrono::milliseconds{std::max<std::int64_t>(needed_us, 0) / 1000 + 1};
}

}  // namespace confab
