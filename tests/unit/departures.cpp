// How connections end in order, and the alarms that make it happen, without actors.

#include "io/gateway/departures.hpp"

#include "io/dialects/tagged/tagged.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_network.hpp"

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

using namespace confab;
using namespace confab::test;
using namespace std::chrono_literals;

namespace {

/// The plain parts of a gateway around the departures, and a clock that stands until it is moved.
class world final : outbound::owner, request_flow::owner, alarms::owner, departures::owner {
 public:
  world() { output_.credit().grant(std::size_t{1} << 30); }

  simulated_link& connect() {
    auto& newcomer = connections.add(caf::make_counted<simulated_link>(next_handle_++, memory_));
    return dynamic_cast<simulated_link&>(*newcomer.wire);
  }

  connection& owner_of(const simulated_link& wire) { return *connections.find(wire.hdl()); }

  static void queue(simulated_link& wire, std::size_t bytes) {
    wire.out().append_copy(std::string(bytes, 'x'));
  }

  /// Lets so much time pass, and the calls come that were asked for.
  void pass(std::chrono::milliseconds span) {
    const auto end = time_ + span;
    while (!calls_.empty() && *calls_.begin() <= end) {
      time_ = *calls_.begin();
      calls_.erase(calls_.begin());
      ++calls_made;
      timers.ring();
      if (leaving.all_leave() && !unread_at_end)
        leaving.check_all();
    }
    time_ = end;
  }

  connection_table connections;
  alarms timers{connections, *this};
  gateway_report counts;
  std::vector<std::pair<connection_key, timer_kind>> rang;
  std::size_t calls_made = 0;
  std::optional<std::size_t> unread_at_end;

 private:
  void on_slow_reader(connection&, cut_reason) override {}
  void on_progress(connection&) override {}
  void on_handed_over(const waiting_author&) override {}
  void hand_input(connection&, std::vector<char>) override {}
  void continue_session(connection&) override {}
  void hang_up(connection&) override {}
  void wait_for_input(connection&, deadline_clock::duration) override {}
  void on_request_done() override {}
  deadline_clock::time_point now() override { return time_; }
  deadline_clock::time_point activity_time() override { return {}; }
  void call_after(deadline_clock::duration span) override { calls_.insert(time_ + span); }
  void on_deadline(connection& whose, timer_kind kind, deadline_clock::time_point) override {
    rang.emplace_back(whose.key, kind);
    if (kind == timer_kind::leaving)
      leaving.check(whose);
  }
  void remove_connection(connection& gone) override {
    timers.cancel_all(gone);
    connections.remove(gone);
  }
  void end(std::size_t unread) override { unread_at_end = unread; }

  std::multiset<deadline_clock::time_point> calls_;
  deadline_clock::time_point time_{1000s};
  std::int64_t next_handle_ = 1;
  output_memory_ptr memory_ = std::make_shared<output_memory>();
  std::shared_ptr<const dialect> speaks_ = tagged::make_dialect(tagged::edition::fall2023);
  incident_log incidents_{
      "tagged",
      std::make_shared<spdlog::logger>("none", std::make_shared<spdlog::sinks::null_sink_st>()),
      counts};
  outbound output_{connections, *speaks_, 0, {1'000'000, {}}, *memory_, counts, *this};
  request_flow requests_{connections, output_, incidents_, counts, {1000, {}, {}, 1000}, *this};

 public:
  departures leaving{connections, output_, requests_, incidents_, timers, *this};
};

}  // namespace

TEST_CASE("a leaver gets what is queued for it and is closed when it has taken nothing for 3 s") {
  world all;
  auto& wire = all.connect();
  const simulated_link_ptr kept{&wire};
  wire.peer_takes(30);
  world::queue(wire, 100);
  all.leaving.begin(all.owner_of(wire));
  CHECK(wire.peer_got() == std::string(30, 'x'));
  all.pass(2999ms);
  CHECK(all.connections.size() == 1);
  all.pass(1ms);
  CHECK(all.connections.size() == 0);
  CHECK(wire.closed());
}

TEST_CASE("a leaver that takes a byte now and then is closed after a minute") {
  world all;
  auto& wire = all.connect();
  wire.peer_takes(0);
  world::queue(wire, 100);
  all.leaving.begin(all.owner_of(wire));
  for (auto span = 0s; span < 60s; span += 3s) {
    CHECK(all.connections.size() == 1);
    wire.out().consume(1);
    all.pass(3s);
  }
  CHECK(all.connections.size() == 0);
}

TEST_CASE("the server ends at once when all have got what was queued for them") {
  world all;
  world::queue(all.connect(), 100);
  all.connect();
  all.leaving.begin_all();
  REQUIRE(all.unread_at_end);
  CHECK(*all.unread_at_end == 0);
}

TEST_CASE("the server waits for readers that take what is queued, looking now and then") {
  world all;
  auto& slow = all.connect();
  slow.peer_takes(0);
  world::queue(slow, 100);
  all.leaving.begin_all();
  all.pass(1s);
  CHECK_FALSE(all.unread_at_end);
  slow.out().consume(100);
  all.pass(100ms);
  REQUIRE(all.unread_at_end);
  CHECK(*all.unread_at_end == 0);
}

TEST_CASE("the server ends after 3 s, and says how many have not read to the end") {
  world all;
  for (int i = 0; i < 3; ++i) {
    auto& stuck = all.connect();
    stuck.peer_takes(0);
    world::queue(stuck, 100);
  }
  all.connect();
  all.leaving.begin_all();
  all.pass(2999ms);
  CHECK_FALSE(all.unread_at_end);
  all.pass(1ms);
  REQUIRE(all.unread_at_end);
  CHECK(*all.unread_at_end == 3);
  CHECK(all.calls_made <= 31);
}

TEST_CASE("a deadline that is set again rings once, and its calls do not pile up") {
  world all;
  auto& whose = all.owner_of(all.connect());
  for (int i = 0; i < 1000; ++i)
    all.timers.schedule(whose, timer_kind::idle, 10s);
  all.pass(9s);
  CHECK(all.rang.empty());
  all.pass(1s);
  CHECK(all.rang.size() == 1);
  CHECK(all.calls_made == 1);
}
