// When things happen, and their names.

#include "actors/event_clock.hpp"

#include "tests/support/catch.hpp"

using namespace confab;

namespace {

constexpr std::int64_t now_ms = 1'700'000'000'000;

}  // namespace

TEST_CASE("two events never have the same number, and their room is told") {
  event_clock clock{1, 7};
  const auto first = clock.next(3, now_ms);
  const auto second = clock.next(1, now_ms);
  CHECK(first.room == 7);
  CHECK(first.sequence == 0);
  CHECK(second.sequence == 3);
}

TEST_CASE("times grow strictly, also within one millisecond") {
  event_clock clock{1, 1};
  const auto first = clock.next(3, now_ms);
  const auto second = clock.next(2, now_ms);
  CHECK(first.time_ms(0) == now_ms);
  CHECK(first.time_ms(2) == now_ms + 2);
  CHECK(second.time_ms(0) == now_ms + 3);
  CHECK(second.time_ms(1) == now_ms + 4);
  CHECK(clock.next(1, now_ms + 100).time_ms(0) == now_ms + 100);
}

TEST_CASE("times are never more than one second ahead of the clock") {
  event_clock clock{1, 1};
  const auto many = clock.next(5000, now_ms);
  CHECK(many.time_ms(999) == now_ms + 999);
  CHECK(many.time_ms(4999) == now_ms + ahead_ms_max);
  CHECK(clock.next(1, now_ms).time_ms(0) == now_ms + ahead_ms_max);
  CHECK(clock.next(1, now_ms + 1).time_ms(0) == now_ms + 1 + ahead_ms_max);
  CHECK(clock.next(1, now_ms + 5000).time_ms(0) == now_ms + 5000);
}

TEST_CASE("a clock that is set back takes the times along, a second ahead") {
  event_clock clock{1, 1};
  clock.next(1, now_ms);
  CHECK(clock.next(1, now_ms - 500).time_ms(0) == now_ms + 1);
  CHECK(clock.next(1, now_ms - 60'000).time_ms(0) == now_ms - 60'000 + ahead_ms_max);
}

TEST_CASE("what happens behind the news of a node whose clock is ahead is later, up to a minute") {
  event_clock clock{1, 1};
  clock.heed(now_ms + 5000, now_ms);
  CHECK(clock.next(1, now_ms).time_ms(0) == now_ms + 5001);
  CHECK(clock.next(1, now_ms + 1).time_ms(0) == now_ms + 5002);
  CHECK(clock.next(1, now_ms + 9000).time_ms(0) == now_ms + 9000);
  clock.heed(now_ms + 3'600'000, now_ms);
  CHECK(clock.next(1, now_ms).time_ms(0) == now_ms + heeded_ahead_ms_max);
}

TEST_CASE("rooms that run ahead on two nodes do not drive each other on") {
  event_clock one{1, 1};
  event_clock two{2, 2};
  for (int i = 0; i < 5000; ++i) {
    two.heed(one.next(1000, now_ms).last_ms, now_ms);
    one.heed(two.next(1000, now_ms).last_ms, now_ms);
  }
  CHECK(one.next(1, now_ms).time_ms(0) <= now_ms + ahead_ms_max);
  CHECK(two.next(1, now_ms).time_ms(0) <= now_ms + ahead_ms_max);
}

TEST_CASE("a batch without events takes no time and no number") {
  event_clock clock{1, 1};
  clock.next(0, now_ms);
  const auto next = clock.next(1, now_ms);
  CHECK(next.sequence == 0);
  CHECK(next.time_ms(0) == now_ms);
}
