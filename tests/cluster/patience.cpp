// How long a node waits for another one: not without end, whatever the connection does.

#include "actors/cluster/peer_link.hpp"
#include "tests/cluster/who_talk.hpp"
#include "tests/support/catch.hpp"

#include <cstddef>
#include <string>
#include <variant>

using namespace confab;
using namespace confab::test;

namespace {

constexpr link_epoch theirs = 7;

/// One end of a link that is up, from a to b. Its epoch is 101.
class link_end {
 public:
  link_end() {
    link.connect();
    link.receive({wire_hello{"b", wire_version, theirs}});
    link.receive({wire_welcome{"b", wire_version, theirs, 101}});
    REQUIRE(link.is_up());
  }

  void tell(cluster_news news = client_went{{1, 1}, "gone"}) {
    link.add(std::move(news));
    link.flush();
  }

  void tell_and_get_in_step() {
    tell(in_step{});
    link.receive({wire_taken{101, link.added()}});
  }

  /// In how many ticks the link is given up, if nothing comes meanwhile; 1000: it is not.
  std::size_t ticks_until_lost() {
    for (std::size_t ticks = 1; ticks < 1000; ++ticks)
      if (last = link.tick(); last.lost)
        return ticks;
    return 1000;
  }

  peer_link link{{.own_node = "a",
                  .other_node = "b",
                  .next_epoch = [next = link_epoch{100}]() mutable { return ++next; }}};
  link_steps last;
};

}  // namespace

TEST_CASE("a link on which nothing comes although news are under way is given up after 3 s") {
  link_end end;
  end.tell_and_get_in_step();
  end.tell();
  CHECK(end.ticks_until_lost() == 5);  // The taking of the first news came before the first tick.
  CHECK(end.last.broken);
  CHECK(end.last.why == "nothing has come from it for 3 s, although it was told something");
  CHECK(end.link.news_under_way() == 0);
}

TEST_CASE("a link on which nothing is under way may be silent for ever") {
  link_end end;
  end.tell_and_get_in_step();
  CHECK(end.ticks_until_lost() == 1000);
}

// A hello that was late may have led it to an establishment that is no more; then it ignores what
// it is told, as what it tells is ignored here.
TEST_CASE("a node from which nothing comes, although it was told something, is asked each second") {
  link_end end;
  end.tell_and_get_in_step();
  REQUIRE(end.link.tick().to_send.empty());
  end.tell();
  end.link.receive({wire_taken{101, 1}});  // Which says nothing new, but it lives.
  CHECK(end.link.tick().to_send.empty());
  const auto steps = end.link.tick();
  REQUIRE(steps.to_send.size() == 1);
  CHECK(std::get<wire_hello>(steps.to_send.front().what).mine == 101);
  SECTION("if it knows this establishment, its welcome changes nothing") {
    CHECK(end.link.receive({wire_welcome{"b", wire_version, theirs, 101}}).to_send.empty());
    CHECK(end.link.is_up());
    CHECK(end.link.news_under_way() == 1);
  }
  SECTION("if it does not, it begins anew, and so does this side") {
    CHECK(end.link.receive({wire_hello{"b", wire_version, theirs + 1}}).lost);
    CHECK_FALSE(end.link.is_up());
  }
}

TEST_CASE("what there is when a link is made may take longer, but something has to come") {
  link_end end;
  for (int i = 0; i < 20'000; ++i)
    end.tell();
  SECTION("it comes") {
    for (std::uint64_t second = 1; second <= 100; ++second) {
      if (second % 8 == 0)
        end.link.receive({wire_taken{101, second}});
      REQUIRE_FALSE(end.link.tick().lost);
    }
    end.tell_and_get_in_step();  // And its age does not count from before.
    CHECK_FALSE(end.link.tick().lost);
  }
  SECTION("it does not") {
    CHECK(end.ticks_until_lost() == 11);
  }
}

TEST_CASE("who says that it lives is waited for, but what is told is taken within 30 s") {
  link_end end;
  end.tell_and_get_in_step();
  end.tell();
  std::size_t ticks = 0;
  do {
    end.link.receive({wire_taken{101, 1}});  // Which it has said before.
    end.last = end.link.tick();
    ++ticks;
  } while (!end.last.lost && ticks < 100);
  CHECK(ticks == 31);
  CHECK(end.last.why == "what it was told 30 s ago has not reached its readers");
}

TEST_CASE("what is taken late, but within 30 s, one by one, is waited for") {
  link_end end;
  end.tell_and_get_in_step();
  for (std::uint64_t second = 1; second < 200; ++second) {
    end.tell();
    if (second > 25)
      end.link.receive({wire_taken{101, second - 24}});
    else
      end.link.receive({wire_taken{101, 1}});
    REQUIRE_FALSE(end.link.tick().lost);
  }
}

TEST_CASE("what is for somebody of the same name keeps no link up") {
  link_end end;
  end.tell_and_get_in_step();
  end.tell();
  for (int second = 1; second <= 4; ++second) {
    end.link.receive({wire_taken{55, 2}});
    REQUIRE_FALSE(end.link.tick().lost);
  }
  CHECK(end.link.tick().lost);
}

TEST_CASE("who believes in a link that is not hears hello, once a second") {
  link_end end;
  const auto hellos = [&](wire_message message) {
    const auto steps = end.link.receive(std::move(message));
    for (const auto& each : steps.to_send)
      CHECK(std::get<wire_hello>(each.what).mine == 101);
    CHECK((steps.news.empty() && !steps.lost));
    return steps.to_send.size();
  };
  const wire_message unknown{wire_news{55, 1, {in_step{}}}};
  CHECK(hellos(unknown) == 1);
  CHECK(hellos(unknown) == 0);
  CHECK(hellos({wire_taken{55, 1}}) == 0);
  end.link.tick();
  CHECK(hellos({wire_taken{55, 1}}) == 1);
}

TEST_CASE("what the link before has left is ignored in silence") {
  link_end end;
  end.link.connect();
  end.link.receive({wire_hello{"b", wire_version, theirs + 1}});
  REQUIRE(end.link.receive({wire_welcome{"b", wire_version, theirs + 1, 102}}).established);
  const auto steps = end.link.receive({wire_news{101, 1, {in_step{}}}});
  CHECK((steps.to_send.empty() && steps.news.empty()));
}

TEST_CASE("two ends of which one believes in an old link come to the same within a round") {
  link_end one;
  peer_link other{{.own_node = "b",
                   .other_node = "a",
                   .next_epoch = [next = link_epoch{200}]() mutable { return ++next; }}};
  other.connect();
  std::deque<std::pair<bool, wire_message>> under_way;  // First: it is for the other one.
  const auto send = [&](bool to_other, link_steps steps) {
    for (auto& each : steps.to_send)
      under_way.emplace_back(to_other, std::move(each));
  };
  send(false, other.receive({wire_hello{"a", wire_version, 101}}));
  under_way.clear();
  REQUIRE(other.receive({wire_welcome{"a", wire_version, 101, 201}}).established);
  one.tell();  // It believes that the other one's epoch is 7.
  send(false, other.receive({wire_news{theirs, 1, {in_step{}}}}));
  std::size_t carried = 0;
  for (; !under_way.empty() && carried < 100; ++carried) {
    auto [to_other, message] = std::move(under_way.front());
    under_way.pop_front();
    send(!to_other, to_other ? other.receive(std::move(message)) : one.link.receive(message));
  }
  CHECK(carried < 20);
  CHECK((one.link.is_up() && other.is_up()));
  CHECK(one.link.epoch_there() != theirs);
}

TEST_CASE("a connection on which nobody answers is given up, and hello is said all the same") {
  peer_link link{{.own_node = "a", .other_node = "b", .next_epoch = [] { return 1; }}};
  link.connect();
  for (int second = 1; second <= 12; ++second) {
    const auto steps = link.tick();
    CHECK(steps.to_send.size() == 1);
    CHECK(steps.broken == (second % 6 == 0));
    CHECK_FALSE(steps.lost);
  }
}

TEST_CASE("a node of another name than expected is no counterpart") {
  peer_link link{{.own_node = "a", .other_node = "b", .next_epoch = [] { return 1; }}};
  link.connect();
  const auto steps = link.receive({wire_hello{"c", wire_version, theirs}});
  CHECK(steps.broken);
  CHECK(steps.why == "node c speaks in its place");
  CHECK(steps.to_send.empty());
}

TEST_CASE(
    "when nothing comes from a node any more, an author hears ok after its clients have left") {
  two_who_talk all;
  all.hold(b, a);
  all.send(a, ann, "say r one\n");
  all.run();
  for (int second = 0; second < 4; ++second) {
    CHECK(all.heard(a, ann) == "ann:one;");
    all.pass_time(hello_interval);
    all.run();
  }
  all.pass_time(hello_interval);
  all.run();
  CHECK(all.heard(a, ann) == "ann:one;-bob;ok\n");
  all.hold(b, a, false);
  all.run();
  CHECK(all.report(a, b).up);
  CHECK(all.report(b, a).up);
}

TEST_CASE("a node that cannot take yet what it was told says again what it has taken") {
  cluster all{{"a", "b"}};
  all.join(a, ann, "nick ann\njoin r\n");
  all.hold(b, a);
  all.connect(a, b);
  all.run();
  REQUIRE(all.under_way(b, a)->size() == 3);  // Hello, and the welcome with a hello behind it.
  all.hold(a, b);
  all.hold(b, a, false);
  all.run();
  REQUIRE_FALSE(all.report(b, a).up);
  REQUIRE(all.report(a, b).up);
  // Nothing but the news of node a arrives at node b, which tells nothing yet.
  auto& queue = *all.under_way(a, b);
  std::erase_if(queue, [](const wire_message& each) {
    return !std::holds_alternative<wire_news>(each.what);
  });
  REQUIRE_FALSE(queue.empty());
  all.hold(a, b, false);
  all.run();
  all.hold(a, b);
  std::size_t told = 0;
  all.watch = [&](std::size_t from, std::size_t, const wire_message& each) {
    const auto* taken = std::get_if<wire_taken>(&each.what);
    told += from == b && taken != nullptr && taken->up_to == 0 ? 1U : 0U;
  };
  all.pass_time(hello_interval);
  all.run();
  CHECK(told == 1);
}
