// Who dials whom, and when, without a socket and with a clock that the test holds.

#include "io/cluster/dial_plan.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

using namespace confab;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t seed = 7;

class world {
 public:
  explicit world(std::uint64_t random = seed, const std::string& own = "b") : plan(own, random) {}

  /// The only attempt that is due.
  dial_plan::attempt begin() {
    const auto due = plan.take_due(now);
    REQUIRE(due.size() == 1);
    return due.front();
  }

  /// How long the plan waits from now on.
  std::chrono::milliseconds wait() const {
    const auto due = plan.next_due();
    REQUIRE(due);
    return std::chrono::duration_cast<std::chrono::milliseconds>(*due - now);
  }

  dial_plan plan;
  dial_plan::time_point now{1h};
};

}  // namespace

TEST_CASE("of two nodes the one with the smaller name dials") {
  world w;
  CHECK(w.plan.dials("c"));
  CHECK(w.plan.dials("ba"));
  CHECK_FALSE(w.plan.dials("a"));
  CHECK_FALSE(w.plan.dials("b"));
  w.plan.add("a", w.now);
  CHECK_FALSE(w.plan.next_due());
  CHECK(w.plan.take_due(w.now).empty());
}

TEST_CASE("a node is dialled as soon as it is added, once at a time") {
  world w;
  CHECK(w.plan.take_due(w.now).empty());
  w.plan.add("c", w.now);
  CHECK(w.wait() == 0ms);
  const auto attempt = w.begin();
  CHECK(attempt.node == "c");
  CHECK(w.plan.is_current(attempt));
  CHECK_FALSE(w.plan.next_due());
  CHECK(w.plan.take_due(w.now + 24h).empty());
}

TEST_CASE("an attempt that fails is made again, later and later, for ever") {
  world w;
  w.plan.add("c", w.now);
  std::vector<std::chrono::milliseconds> whole{500ms, 1000ms};
  whole.resize(50, 2000ms);
  for (const auto span : whole) {
    const auto attempt = w.begin();
    REQUIRE(w.plan.fail(attempt, w.now));
    CHECK_FALSE(w.plan.is_current(attempt));
    CHECK(w.wait() >= span / 2);
    CHECK(w.wait() <= span);
    CHECK(w.plan.take_due(w.now + w.wait() - 1ms).empty());
    w.now += w.wait();
  }
}

TEST_CASE("a seed draws its own spans, and the same ones each time") {
  const auto spans = [](std::uint64_t random) {
    world w{random};
    w.plan.add("c", w.now);
    std::vector<std::chrono::milliseconds> result;
    for (int i = 0; i < 10; ++i) {
      w.plan.fail(w.begin(), w.now);
      result.push_back(w.wait());
      w.now += w.wait();
    }
    return result;
  };
  CHECK(spans(1) == spans(1));
  CHECK(spans(1) != spans(2));
}

TEST_CASE("a link ends the dialling, its loss begins it again") {
  world w;
  w.plan.add("c", w.now);
  for (int i = 0; i < 5; ++i) {
    w.plan.fail(w.begin(), w.now);
    w.now += w.wait();
  }
  const auto attempt = w.begin();
  CHECK(w.plan.succeed(attempt));
  CHECK_FALSE(w.plan.next_due());
  w.plan.lose("c", w.now);
  CHECK(w.wait() >= 250ms);
  CHECK(w.wait() <= 500ms);
  w.now += w.wait();
  CHECK(w.begin().number > attempt.number);
}

TEST_CASE("an outdated attempt changes nothing") {
  world w;
  w.plan.add("c", w.now);
  const auto old = w.begin();
  w.plan.fail(old, w.now);
  CHECK_FALSE(w.plan.succeed(old));
  CHECK_FALSE(w.plan.fail(old, w.now));
  w.now += w.wait();
  const auto current = w.begin();
  CHECK_FALSE(w.plan.succeed(old));
  CHECK(w.plan.is_current(current));
  CHECK_FALSE(w.plan.is_current({"unknown", current.number}));
}

TEST_CASE("a loss while dialling gives the attempt up, a second loss changes nothing") {
  world w;
  w.plan.add("c", w.now);
  const auto attempt = w.begin();
  w.plan.lose("c", w.now);
  CHECK_FALSE(w.plan.is_current(attempt));
  const auto due = w.plan.next_due();
  w.plan.lose("c", w.now + 100ms);
  CHECK(w.plan.next_due() == due);
  w.plan.lose("a", w.now);
  w.plan.lose("unknown", w.now);
}

TEST_CASE("each node has a plan of its own") {
  world w;
  for (const auto* node : {"c", "d", "e"})
    w.plan.add(node, w.now);
  const auto attempts = w.plan.take_due(w.now);
  REQUIRE(attempts.size() == 3);
  std::set<std::uint64_t> numbers;
  for (const auto& each : attempts)
    numbers.insert(each.number);
  CHECK(numbers.size() == 3);
  w.plan.fail(attempts[1], w.now);
  CHECK(w.plan.is_current(attempts[0]));
  CHECK(w.plan.is_current(attempts[2]));
  w.now += w.wait();
  CHECK(w.begin().node == "d");
}

TEST_CASE("nodes that were cut off together come back one by one") {
  std::set<std::chrono::milliseconds> spans;
  for (std::uint64_t random = 0; random < 20; ++random) {
    world w{random};
    w.plan.add("c", w.now);
    w.plan.fail(w.begin(), w.now);
    spans.insert(w.wait());
  }
  CHECK(spans.size() > 10);
}
