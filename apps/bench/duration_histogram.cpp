#include "apps/bench/duration_histogram.hpp"

#include <algorithm>
#include <cmath>

namespace confab::bench {

std::uint64_t duration_histogram::middle_of(std::size_t bucket) {
  if (bucket < 2 * sub_count)
    return bucket;  // one value a bucket up to here
  const auto shift = (bucket >> sub_bits) - 1;
  const auto lowest = std::uint64_t{bucket - (shift << sub_bits)} << shift;
  return lowest + (std::uint64_t{1} << shift) / 2;
}

std::uint64_t duration_histogram::quantile(double fraction) const {
  if (count_ == 0)
    return 0;
  const auto wanted = std::ceil(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(count_));
  const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= rank)
      return std::min(middle_of(bucket), max_);
  }
  return max_;
}

duration_histogram duration_histogram::corrected(std::uint64_t interval) const {
  if (interval == 0)
    return *this;
  duration_histogram result;
  for (std::size_t bucket = 0; bucket < bucket_count; ++bucket) {
    if (buckets_[bucket] == 0)
      continue;
    auto value = std::min(middle_of(bucket), max_);
    result.record(value, buckets_[bucket]);
    for (; value > interval; value -= interval)
      result.record(value - interval, buckets_[bucket]);
  }
  result.max_ = max_;
  return result;
}

}  // namespace confab::bench
