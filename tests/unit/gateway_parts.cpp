// The plain parts of a gateway: deadlines, the slowest readers, input that comes too fast, credit.

#include "io/gateway/backlog_index.hpp"
#include "io/gateway/connection_table.hpp"
#include "io/gateway/deadline_queue.hpp"
#include "io/gateway/input_throttle.hpp"
#include "io/gateway/memory_credit.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <chrono>

using namespace confab;
using namespace std::chrono_literals;

namespace {

constexpr deadline_clock::time_point start{1000s};

}  // namespace

TEST_CASE("deadlines come in the order of their times, one of a kind for each connection") {
  deadline_queue queue;
  deadlines first;
  deadlines second;
  queue.schedule(first, 1, timer_kind::login, start + 3s);
  queue.schedule(second, 2, timer_kind::login, start + 2s);
  queue.schedule(first, 1, timer_kind::login, start + 1s);
  CHECK(queue.size() == 2);
  CHECK_FALSE(queue.take_due(start));
  CHECK(queue.take_due(start + 5s)->key == 1);
  CHECK(queue.take_due(start + 5s)->key == 2);
  CHECK_FALSE(queue.take_due(start + 5s));
}

TEST_CASE("a connection that is no more leaves no deadline behind") {
  deadline_queue queue;
  for (connection_key key = 0; key < 1000; ++key) {
    deadlines each;
    queue.schedule(each, key, timer_kind::login, start + 60s);
    queue.schedule(each, key, timer_kind::idle, start + 600s);
    queue.cancel_all(each, key);
  }
  CHECK(queue.size() == 0);
}

TEST_CASE(
    "wake-up calls do not pile up when short deadlines come again and again beside long ones") {
  wake_up_calls calls;
  CHECK(calls.needed(start + 60s));
  auto now = start;
  for (int i = 0; i < 10'000; ++i) {
    CHECK(calls.needed(now + 1ms));
    now += 1ms;
    calls.came(now);
    CHECK_FALSE(calls.needed(start + 60s));
  }
  CHECK(calls.pending() == 1);
}

TEST_CASE("the slowest reader is found within a factor of two, without a walk") {
  std::array<connection, 5> readers;
  backlog_index index;
  CHECK(index.slowest() == nullptr);
  for (std::size_t i = 0; i < readers.size(); ++i)
    index.update(readers[i], 100U << i);
  CHECK(index.slowest() == &readers[4]);
  index.update(readers[4], 0);
  CHECK(index.slowest() == &readers[3]);
  index.update(readers[0], 1'000'000);
  CHECK(index.slowest() == &readers[0]);
  for (auto& each : readers)
    index.remove(each);
  CHECK(index.slowest() == nullptr);
}

TEST_CASE("input that comes too fast is paid for by waiting") {
  input_throttle throttle;
  constexpr input_allowance allowed{.per_second = 1000, .burst = 1000};
  throttle.start(allowed, start);
  throttle.spend(1000, allowed, start);
  CHECK(throttle.wait_span(allowed) == 0ms);
  throttle.spend(500, allowed, start);
  CHECK(throttle.wait_span(allowed) >= 500ms);
  throttle.paid(start + 501ms);
  CHECK(throttle.wait_span(allowed) == 0ms);
  throttle.spend(100, allowed, start + 60s);
  throttle.spend(901, allowed, start + 60s);
  CHECK(throttle.wait_span(allowed) > 0ms);  // A minute of silence earns no more than a second.
}

TEST_CASE("who spends what is available has it again after the span that was told") {
  input_throttle throttle;
  constexpr input_allowance allowed{.per_second = 4, .burst = 20};
  throttle.start(allowed, start);
  CHECK(throttle.available(allowed, start) == 20);
  throttle.spend(20, allowed, start);
  auto now = start;
  for (int i = 0; i < 100; ++i) {
    CHECK(throttle.available(allowed, now) == 0);
    const auto span = throttle.span_until_available(allowed, now);
    CHECK(span > 200ms);
    now += span;
    CHECK(throttle.available(allowed, now) == 1);
    throttle.paid(now);  // There is nothing to pay: what has been earned stays.
    throttle.spend(1, allowed, now);
  }
  CHECK(now <= start + 100 * 252ms);
  CHECK(throttle.available(allowed, now + 60s) == 20);
}

TEST_CASE("a gateway asks for credit before it needs it and gives back what it does not need") {
  memory_credit credit;
  const auto first = credit.review(0);
  REQUIRE(first);
  credit.grant(first->wanted_bytes);
  CHECK_FALSE(credit.review(1000));
  const auto more = credit.review(credit.bytes() * 3 / 4);
  REQUIRE(more);
  CHECK(more->wanted_bytes > credit.bytes());
  credit.grant(more->wanted_bytes - credit.bytes());
  const auto less = credit.review(0);
  REQUIRE(less);
  CHECK(less->returned_bytes == more->wanted_bytes - first->wanted_bytes);
  CHECK(credit.bytes() == first->wanted_bytes);
}

TEST_CASE("any load needs few messages about credit") {
  memory_credit credit;
  std::size_t messages = 0;
  for (std::size_t held = 0; held < 100'000'000; held += 1000)
    if (const auto news = credit.review(held)) {
      ++messages;
      credit.grant(news->wanted_bytes - credit.bytes());
    }
  CHECK(messages < 20);
}
