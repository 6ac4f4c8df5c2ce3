#pragma once

#include "actors/model/stamp.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace confab {

/// A clock that gives times ahead of the real one is at most so far ahead,
inline constexpr std::int64_t ahead_ms_max = 1000;
/// or so far, if another node's clock is.
inline constexpr std::int64_t heeded_ahead_ms_max = 60'000;
/// A node whose times are further ahead than `ahead_ms_max` by this has a clock that is ahead.
inline constexpr std::int64_t clock_tolerance_ms = 100;

/// Gives what happens in one room a time and a number.
///
/// Numbers always grow. Times grow strictly, so that a time selects one event, by running ahead of
/// the real clock when more than one event happens in a millisecond. They stop growing while they
/// are `ahead_ms_max` ahead, and step back with a real clock that is set back by more than that.
class event_clock {
 public:
  /// `run` and `room` stand in every stamp. The directory, which is no room, has the number 0.
  event_clock(std::uint64_t run, std::uint64_t room) : run_(run), room_(room) {}

  /// The stamp of a batch of so many events that happen now.
  stamp next(std::size_t events, std::int64_t now_ms);

  /// Another node has given this time to something: what happens from now on comes later, even if
  /// the clock of the other node is ahead, up to `heeded_ahead_ms_max`: so whoever takes back what
  /// somebody has done there does that later.
  void heed(std::int64_t there_ms, std::int64_t now_ms) {
    next_ms_ = std::max(next_ms_, there_ms + 1);
    // Not the times of a room that runs ahead: two nodes would drive each other on.
    if (there_ms > now_ms + ahead_ms_max + clock_tolerance_ms)
      heeded_ms_ = std::max(heeded_ms_, there_ms + 1);
  }

 private:
  std::uint64_t run_;
  std::uint64_t room_;
  std::uint64_t sequence_ = 0;  ///< Of the next event.
  std::int64_t next_ms_ = 0;    ///< No earlier than this, if the real clock allows it.
  std::int64_t heeded_ms_ = 0;  ///< Behind all that came from nodes whose clock is ahead.
};

}  // namespace confab
