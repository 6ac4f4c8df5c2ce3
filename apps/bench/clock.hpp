#pragma once

#include <cstdint>
#include <ctime>

namespace confab::bench {

inline constexpr std::uint64_t ns_per_millisecond = 1'000'000;
inline constexpr std::uint64_t ns_per_second = 1'000'000'000;

/// `clock` in nanoseconds.
inline std::uint64_t read_clock_ns(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * ns_per_second +
         static_cast<std::uint64_t>(time.tv_nsec);
}

/// Nanoseconds on a clock that never jumps.
inline std::uint64_t now_ns() {
  return read_clock_ns(CLOCK_MONOTONIC);
}

/// Nanoseconds of processor time that this process has used.
inline std::uint64_t own_cpu_ns() {
  return read_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

inline double to_seconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / static_cast<double>(ns_per_second);
}

inline std::uint64_t from_seconds(double seconds) {
  return static_cast<std::uint64_t>(seconds * static_cast<double>(ns_per_second));
}

}  // namespace confab::bench
