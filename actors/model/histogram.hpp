#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace confab {

/// Counts values by their size: how many are at most 1, 2, 4, 8 and so on.
class histogram {
 public:
  static constexpr std::size_t buckets = 24;

  /// The largest value of a bucket. There may be larger ones than that of the last bucket.
  static constexpr std::uint64_t bound(std::size_t bucket) { return std::uint64_t{1} << bucket; }

  void add(std::uint64_t value) {
    const auto bucket = value <= 1 ? 0 : static_cast<std::size_t>(std::bit_width(value - 1));
    if (bucket < buckets)
      ++counts_[bucket];
    ++count_;
    sum_ += value;
  }

  /// How many values are in this bucket, and not in the one before.
  std::uint64_t in_bucket(std::size_t bucket) const { return counts_[bucket]; }

  std::uint64_t count() const { return count_; }
  std::uint64_t sum() const { return sum_; }

 private:
  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
};

}  // namespace confab
