#pragma once

#include <cstdint>

namespace confab {

/// Asks the system to give the calling thread short turns, in return for which it gets one soon
/// after it has waited: for a thread that waits for a disk again and again, beside others that keep
/// all cores busy. Linux does so from 6.12 on (the slice of `sched_setattr(2)`); elsewhere nothing
/// changes.
void take_short_turns() noexcept;

/// Lets the calling thread sleep for so many microseconds.
void rest_for_us(std::int64_t us) noexcept;

}  // namespace confab
