// When the loop looks at the network again before it sleeps.

#include "io/net/busy_poll.hpp"

#include "tests/support/catch.hpp"

#include <chrono>
#include <limits>

using namespace confab;
using namespace std::chrono_literals;

namespace {

/// A network on which something comes after so many looks, each of which takes so long.
struct quiet_network {
  unsigned comes_at_look;
  std::chrono::nanoseconds look_span = 1us;
  unsigned looks = 0;
  std::chrono::steady_clock::time_point time{};

  bool asked(busy_poll& poll) {
    looks = 0;
    return poll.find(
        [this] {
          time += look_span;
          return ++looks == comes_at_look;
        },
        [this] { return time; });
  }
};

constexpr unsigned never = std::numeric_limits<unsigned>::max();

}  // namespace

TEST_CASE("a loop with nothing to do looks again until something comes") {
  busy_poll poll;
  quiet_network network{.comes_at_look = 7};
  CHECK(network.asked(poll));
  CHECK(network.looks == 7);
  CHECK(network.asked(poll));
}

TEST_CASE("a series of looks in vain ends after its span") {
  busy_poll poll;
  quiet_network network{.comes_at_look = never};
  CHECK_FALSE(network.asked(poll));
  CHECK(network.time.time_since_epoch() <= busy_poll::span_max + network.look_span);
}

TEST_CASE("a look that takes long is the last one") {
  busy_poll poll;
  quiet_network network{.comes_at_look = never, .look_span = busy_poll::look_span_max + 1ns};
  CHECK_FALSE(network.asked(poll));
  CHECK(network.looks == 1);
}

TEST_CASE("after looks in vain, ever more sleeps go without any, up to a limit") {
  busy_poll poll;
  quiet_network network{.comes_at_look = never};
  for (unsigned expected = 0; expected < busy_poll::sleeps_without_max;
       expected = expected * 2 + 1) {
    unsigned without = 0;
    while (!network.asked(poll) && network.looks == 0)
      ++without;
    CHECK(without == expected);
  }
  for (int i = 0; i < 3; ++i) {
    unsigned without = 0;
    while (!network.asked(poll) && network.looks == 0)
      ++without;
    CHECK(without == busy_poll::sleeps_without_max);
  }
}

TEST_CASE("a series in vain is forgotten when as many in a row have paid as it costs") {
  busy_poll poll;
  quiet_network silent{.comes_at_look = never};
  quiet_network lively{.comes_at_look = 2};
  CHECK_FALSE(silent.asked(poll));
  CHECK_FALSE(silent.asked(poll));
  CHECK(silent.looks == 0);
  for (unsigned i = 0; i < busy_poll::finds_that_pay; ++i)
    CHECK(lively.asked(poll));  // Each is tried at the next sleep.
  CHECK_FALSE(silent.asked(poll));
  CHECK_FALSE(silent.asked(poll));
  CHECK(silent.looks == 0);
  CHECK(lively.asked(poll));
}

TEST_CASE("a loop that finds something only now and then sleeps ever more often without a look") {
  busy_poll poll;
  quiet_network silent{.comes_at_look = never};
  quiet_network lively{.comes_at_look = 2};
  for (unsigned expected = 1; expected < busy_poll::sleeps_without_max;
       expected = expected * 2 + 1) {
    CHECK_FALSE(silent.asked(poll));
    CHECK(silent.looks > 0);
    unsigned without = 0;
    while (!lively.asked(poll))
      ++without;
    CHECK(without == expected);
  }
}
