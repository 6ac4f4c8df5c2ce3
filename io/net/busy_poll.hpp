#pragma once

#include <chrono>

/// Looking at the network again before the loop sleeps.
namespace confab {

/// Decides when it pays to look at the network again instead of sleeping until it wakes us.
///
/// To be woken costs more than a text: a client that answers within microseconds is heard sooner,
/// and with less work, by a loop that is still awake. A loop that stays awake in vain takes time
/// from others, so after each series of looks that found nothing, twice as many sleeps go without
/// one, until several in a row have found something. docs/decisions/0021-busy-polling.md has the
/// numbers.
class busy_poll {
 public:
  using duration = std::chrono::nanoseconds;

  /// A series of looks ends after so long.
  static constexpr duration span_max = std::chrono::microseconds{50};

  /// A look that takes longer than this costs more than it can save, so the series ends with it:
  /// the process is being traced, or the machine has other work.
  static constexpr duration look_span_max = std::chrono::microseconds{5};

  /// After looks in vain, at most so many sleeps go without any.
  static constexpr unsigned sleeps_without_max = 1023;

  /// A series in vain costs as much as so many others save. Until they have, it is not forgotten.
  static constexpr unsigned finds_that_pay = 4;

  /// Looks, with `look()`, until it returns true or no more look pays. `now()` is a steady clock.
  /// Returns true when a look has found something, false when the loop should sleep.
  template <class Look, class Clock>
  bool find(Look look, Clock now) {
    if (sleeps_without_left_ > 0) {
      --sleeps_without_left_;
      return false;
    }
    const auto began = now();
    auto last = began;
    while (!look()) {
      const auto time = now();
      if (time - last > look_span_max || time - began > span_max) {
        note_failure();
        return false;
      }
      last = time;
    }
    if (++found_in_a_row_ >= finds_that_pay)
      sleeps_without_ = 0;
    return true;
  }

 private:
  void note_failure() {
    found_in_a_row_ = 0;
    if (sleeps_without_ < sleeps_without_max)
      sleeps_without_ = sleeps_without_ * 2 + 1;
    sleeps_without_left_ = sleeps_without_;
  }

  unsigned sleeps_without_ = 0;  ///< How many go without looks after the last failure.
  unsigned sleeps_without_left_ = 0;
  unsigned found_in_a_row_ = 0;  ///< Series of looks since the last failure.
};

}  // namespace confab
