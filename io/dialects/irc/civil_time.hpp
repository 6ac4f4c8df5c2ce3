#pragma once

#include <cstdint>
#include <optional>

namespace confab::irc {

/// A time as a calendar has it, in UTC.
struct civil_time {
  unsigned year = 1970;
  unsigned month = 1;  ///< From 1.
  unsigned day = 1;    ///< Of the month, from 1.
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  unsigned millisecond = 0;
};

/// The calendar's form of milliseconds since 1970. Times before that and after the year 9999 become
/// the nearest that has one.
civil_time civil_time_of(std::int64_t time_ms);

/// Milliseconds since 1970 of a time that there is; 0 of one before 1970, and nothing of one that
/// is in no calendar. A minute may have a 61st second.
std::optional<std::int64_t> ms_of_civil_time(const civil_time& time);

}  // namespace confab::irc
