#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

/// Where all that is random in a simulation comes from.
namespace confab::simulation {

/// Random numbers that follow from a seed alone; the same on every machine.
class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}

  /// A number from 0 to `count - 1`; `count` is at least 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(engine_() % count); }

  /// A number from `least` to `most`.
  std::size_t between(std::size_t least, std::size_t most) {
    return least + below(most - least + 1);
  }

  /// True in so many of 100 cases.
  bool chance(std::size_t percent) { return below(100) < percent; }

  /// One element of a range that is not empty.
  template <class Range>
  const auto& one_of(const Range& range) {
    return range[below(range.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace confab::simulation
