#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace confab::bench {

/// Counts durations in a fixed number of logarithmic buckets, so that recording allocates nothing.
///
/// Values below 64 are exact; above, a quantile is off by less than 1/64 of its value. The unit is
/// the caller's (the load generator records nanoseconds).
class duration_histogram {
 public:
  /// Counts a value, `times` times.
  void record(std::uint64_t value, std::uint64_t times = 1) {
    buckets_[bucket_of(value)] += times;
    count_ += times;
    if (value > max_)
      max_ = value;
  }

  /// The number of recorded values.
  [[nodiscard]] std::uint64_t count() const { return count_; }

  /// The largest recorded value, exact; 0 when nothing was recorded.
  [[nodiscard]] std::uint64_t max() const { return max_; }

  /// The value at `fraction` (0 to 1) of the recorded values in ascending order: the middle of the
  /// bucket that holds it, never above max(). 0 when nothing was recorded.
  [[nodiscard]] std::uint64_t quantile(double fraction) const;

  /// What a sender would have recorded that sends every `interval`, answer or no answer, if this
  /// was recorded by one that waits for each answer: while it waits for a long one it sends none of
  /// the texts that would have waited too (coordinated omission). An interval of 0 changes nothing.
  [[nodiscard]] duration_histogram corrected(std::uint64_t interval) const;

  /// Forgets everything.
  void clear() { *this = duration_histogram{}; }

 private:
  static constexpr unsigned sub_bits = 6;
  static constexpr std::uint64_t sub_count = std::uint64_t{1} << sub_bits;
  static constexpr std::size_t bucket_count = (64 - sub_bits + 1) * sub_count;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < sub_count)
      return static_cast<std::size_t>(value);
    const auto exponent = 63U - static_cast<unsigned>(__builtin_clzll(value));
    const auto shift = exponent - sub_bits;
    return static_cast<std::size_t>((std::uint64_t{shift} << sub_bits) + (value >> shift));
  }
  static std::uint64_t middle_of(std::size_t bucket);

  std::array<std::uint64_t, bucket_count> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace confab::bench
