#pragma once

#include <cstdint>
#include <map>

namespace confab {

/// The numbers from 1 on that nobody has. Remembers gaps, not numbers, so it takes memory for the
/// numbers that are taken and never for those that once were.
class free_numbers {
 public:
  using number = std::uint64_t;

  /// The lowest free number that is at least `from`.
  number lowest(number from = 1) const;

  /// Takes a free number. Takes log n steps, like all that follows.
  void take(number which);

  /// Gives a taken number back.
  void give_back(number which);

  /// Whether nobody has any number.
  bool all_free() const;

 private:
  static constexpr number no_end = UINT64_MAX;

  std::map<number, number> gaps_{{1, no_end}};  ///< First and last number of each.
};

}  // namespace confab
