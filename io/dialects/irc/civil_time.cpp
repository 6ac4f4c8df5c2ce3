#include "io/dialects/irc/civil_time.hpp"

#include <algorithm>

namespace confab::irc {
namespace {

constexpr std::int64_t last_ms_of_9999 = 253'402'300'799'999;
constexpr unsigned ms_per_day = 86'400'000;

constexpr unsigned days_per_year = 365;
constexpr unsigned days_per_4_years = 4 * days_per_year + 1;
constexpr unsigned days_per_century = 25 * days_per_4_years - 1;
constexpr unsigned days_per_400_years = 4 * days_per_century + 1;

/// From the first of March of the year 0 to the first day of 1970.
constexpr unsigned days_before_1970 = 719'468;

unsigned days_of_month(unsigned year, unsigned month) {
  constexpr unsigned days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

bool is_in_calendar(const civil_time& time) {
  return time.month >= 1 && time.month <= 12 && time.day >= 1 &&
         time.day <= days_of_month(time.year, time.month) && time.hour < 24 && time.minute < 60 &&
         time.second <= 60 && time.millisecond < 1'000;
}

}  // namespace

// A year begins with March here, so that the leap day is its last one. From there, each five months
// have 153 days.
civil_time civil_time_of(std::int64_t time_ms) {
  const auto ms = static_cast<std::uint64_t>(std::clamp<std::int64_t>(time_ms, 0, last_ms_of_9999));
  const auto days = static_cast<unsigned>(ms / ms_per_day) + days_before_1970;
  const auto of_day = static_cast<unsigned>(ms % ms_per_day);
  const auto era = days / days_per_400_years;
  const auto of_era = days % days_per_400_years;
  const auto year_of_era = (of_era - of_era / (days_per_4_years - 1) + of_era / days_per_century -
                            of_era / (days_per_400_years - 1)) /
                           days_per_year;
  const auto of_year = of_era - (days_per_year * year_of_era + year_of_era / 4 - year_of_era / 100);
  const auto months_from_march = (5 * of_year + 2) / 153;
  civil_time result;
  result.day = of_year - (153 * months_from_march + 2) / 5 + 1;
  result.month = months_from_march < 10 ? months_from_march + 3 : months_from_march - 9;
  result.year = 400 * era + year_of_era + (result.month <= 2 ? 1 : 0);
  result.hour = of_day / 3'600'000;
  result.minute = of_day / 60'000 % 60;
  result.second = of_day / 1'000 % 60;
  result.millisecond = of_day % 1'000;
  return result;
}

std::optional<std::int64_t> ms_of_civil_time(const civil_time& time) {
  if (!is_in_calendar(time))
    return std::nullopt;
  if (time.year < 1970)
    return 0;
  const auto year = time.month > 2 ? time.year : time.year - 1;
  const auto months_from_march = time.month > 2 ? time.month - 3 : time.month + 9;
  const auto days = days_per_year * year + year / 4 - year / 100 + year / 400 +
                    (153 * months_from_march + 2) / 5 + time.day - 1 - days_before_1970;
  const auto of_day =
      ((time.hour * 60 + time.minute) * 60 + time.second) * 1'000 + time.millisecond;
  return std::int64_t{days} * ms_per_day + of_day;
}

}  // namespace confab::irc
