// Histories converge: docs/cluster.md, "What is promised", and docs/decisions/0035.

#include "tests/cluster/who_talk.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

using namespace confab;
using namespace confab::test;

namespace {

std::optional<history_retention> no_limits(std::size_t) {
  return history_retention{};
}

/// Nodes that keep what is said, in a room `r` with ann on a and bob on b.
class remembering : public cluster {
 public:
  explicit remembering(std::vector<std::string> names, const history_limits& limits = no_limits)
      : cluster(std::move(names), 1 << 20, limits) {
    history_time_ms = 1'700'000'000'000;
  }

  void meet() {
    connect_all();
    ann_and_bob_enter(*this);
  }

  void say(std::size_t at, connection_key who, const std::string& text) {
    ++history_time_ms;
    send(at, who, "say r " + text + "\n");
    run();
  }

  /// So many seconds pass.
  void wait(int seconds) {
    for (; seconds > 0; --seconds) {
      history_time_ms += 1000;
      pass_time(std::chrono::seconds{1});
      run();
    }
  }

  /// Counts what crosses from now on.
  void count_messages() {
    watch = [this](std::size_t, std::size_t, wire_message& message) {
      if (const auto* asked = std::get_if<wire_question>(&message.what)) {
        ++questions;
        wishes += std::holds_alternative<missing_question>(asked->what) ? 1 : 0;
      }
      if (const auto* answered = std::get_if<wire_answer>(&message.what))
        if (const auto* part = std::get_if<kept_part>(&answered->what))
          for (const auto& each : part->events)
            events += each.events.size();
    };
  }

  std::size_t questions = 0;
  std::size_t wishes = 0;
  std::size_t events = 0;
};

std::vector<std::string> words(node_history& of) {
  return words_of(value_of(of.reader().page("r", {history_part::latest, {}, {}, 100'000, true})));
}

batches long_ago(std::uint64_t sequence, std::size_t count, std::size_t number = 77) {
  return texts("r", sequence, count, 5, number);
}

}  // namespace

TEST_CASE("histories: what was said on both sides of a cut is in both when the link is back") {
  remembering all{{"a", "b"}};
  all.meet();
  all.say(a, ann, "before");
  all.cut(a, b);
  all.run();
  for (int i = 0; i < 5; ++i) {
    all.say(a, ann, "here " + std::to_string(i));
    all.say(b, bob, "there " + std::to_string(i));
  }
  CHECK(all.history(a).all("r") != all.history(b).all("r"));
  all.forget();
  all.connect_all();
  CHECK(words(all.history(a)) == std::vector<std::string>{"before", "here 0", "there 0", "here 1",
                                                          "there 1", "here 2", "there 2", "here 3",
                                                          "there 3", "here 4", "there 4"});
  CHECK(all.history(a).all("r") == all.history(b).all("r"));
  // Into the archive only: nobody is told of it.
  CHECK(all.heard(a, ann) == "+bob;");
  all.say(b, bob, "after");
  CHECK(all.heard(a, ann) == "+bob;bob:after;");
  CHECK(all.history(a).all("r") == all.history(b).all("r"));
}

TEST_CASE("histories: a text that is taken back during a cut is taken back everywhere") {
  remembering all{{"a", "b"}};
  all.meet();
  all.say(a, ann, "one");
  all.say(a, ann, "two");
  all.cut(a, b);
  all.run();
  const auto page = all_of(all.history(a).reader(), "r");
  const auto& at = page.back()->at;
  REQUIRE(value_of(all.history(a).writer().redact("r", {at.run, at.room, at.sequence})));
  all.connect_all();
  CHECK(words(all.history(a)) == std::vector<std::string>{"one"});
  CHECK(words(all.history(b)) == std::vector<std::string>{"one"});
}

// What concerns all rooms of a client comes once for each of them, with the id that it has there,
// and then as news of the client. In between the link may be lost.
TEST_CASE("histories: a departure by a cut does not get the id of a change of nick") {
  remembering all{{"a", "b"}};
  all.meet();
  all.watch = [](std::size_t, std::size_t, wire_message& message) {
    if (auto* carried = std::get_if<wire_news>(&message.what))
      std::erase_if(carried->news, [](const cluster_news& each) {
        return std::holds_alternative<client_changed>(each);
      });
  };
  all.send(a, ann, "nick anna\n");
  all.run();
  all.cut(a, b);
  all.run();
  all.watch = nullptr;
  all.connect_all();
  CHECK(all.history(a).all("r").size() == 3);
  CHECK(all.history(a).all("r") == all.history(b).all("r"));
}

TEST_CASE("histories: a node that was alone gets what the others have, once") {
  remembering all{{"a", "b", "c"}};
  all.meet();
  all.cut(b, c);
  all.cut(a, c);
  all.run();
  all.say(a, ann, "one");
  all.say(b, bob, "two");
  CHECK(words(all.history(c)).empty());
  all.connect_all();
  CHECK(words(all.history(c)) == std::vector<std::string>{"one", "two"});
  CHECK(all.history(c).all("r") == all.history(a).all("r"));
  CHECK(all.history(b).all("r") == all.history(a).all("r"));
  CHECK(all.history(c).writer().size().events == all.history(a).writer().size().events);
}

TEST_CASE("histories: nodes that are equal ask one question each, now and then") {
  remembering all{{"a", "b"}};
  all.meet();
  all.say(a, ann, "one");
  all.wait(60);
  all.count_messages();
  all.wait(5);
  CHECK(all.questions == 2);
  CHECK(all.wishes == 0);
}

TEST_CASE("histories: many texts come in bounded pieces, and live texts pass in between") {
  constexpr std::size_t many = 20'000;
  remembering all{{"a", "b"}};
  all.meet();
  all.cut(a, b);
  all.run();
  REQUIRE_FALSE(all.history(a).writer().keep(long_ago(0, many)));
  std::size_t open = 0;
  std::size_t open_max = 0;
  std::size_t bytes_max = 0;
  std::size_t pieces = 0;
  std::string heard_before_the_last;
  all.watch = [&](std::size_t from, std::size_t, wire_message& message) {
    if (from == b && std::holds_alternative<wire_question>(message.what))
      open_max = std::max(open_max, ++open);
    const auto* answered = std::get_if<wire_answer>(&message.what);
    if (from != a || answered == nullptr)
      return;
    --open;
    const auto* part = std::get_if<kept_part>(&answered->what);
    if (part == nullptr || part->events.empty())
      return;
    std::size_t bytes = 0;
    for (const auto& each : part->events)
      for (const auto& text : each.events)
        bytes += std::get<said>(text).text.size() + 64;
    bytes_max = std::max(bytes_max, bytes);
    heard_before_the_last = all.heard(b, bob);
    ++history_time_ms;
    all.send(a, ann, "say r live " + std::to_string(++pieces) + "\n");
  };
  all.connect_all();
  CHECK(open_max == 1);
  CHECK(bytes_max <= 128 * 1024);
  CHECK(pieces > 10);
  // Texts that were said meanwhile were heard before the last piece came.
  CHECK(heard_before_the_last.find("ann:live ") != std::string::npos);
  CHECK(words(all.history(b)).size() == many + pieces);
  CHECK(all.history(a).all("r") == all.history(b).all("r"));
}

TEST_CASE("histories: what limits have removed is not fetched again and again") {
  remembering all{{"a", "b"}, [](std::size_t node) {
                    history_retention limits;
                    if (node == a)
                      limits.events_per_room_max = 100;
                    return std::optional{limits};
                  }};
  const auto kept = long_ago(0, 300);
  REQUIRE_FALSE(all.history(a).writer().keep(kept));
  REQUIRE_FALSE(all.history(b).writer().keep(kept));
  history_retention limits;
  limits.events_per_room_max = 100;
  tidied(all.history(a).writer(), limits);
  all.count_messages();
  all.connect_all();
  CHECK(all.events == 0);
  CHECK(all.history(a).all("r").size() == 100);
  all.questions = 0;
  all.wait(5);
  CHECK(all.questions == 2);  // Both know that there is nothing to get.
}

TEST_CASE("histories: a node with a full disk gets what it missed when there is room again") {
  remembering all{{"a", "b"}};
  all.meet();
  all.history(b).writer().is_full = true;
  all.say(a, ann, "one");
  all.say(b, bob, "two");
  CHECK(words(all.history(b)).empty());
  all.history(b).writer().is_full = false;
  all.say(a, ann, "three");
  CHECK(words(all.history(b)) == std::vector<std::string>{"one", "two", "three"});
  CHECK(all.history(a).all("r") == all.history(b).all("r"));
  SECTION("also if nothing is said any more") {
    all.history(b).writer().is_full = true;
    all.say(a, ann, "four");
    all.wait(60);
    CHECK(words(all.history(b)).size() == 3);
    all.history(b).writer().is_full = false;
    all.wait(61);
    CHECK(words(all.history(b)).size() == 4);
  }
}

TEST_CASE("histories: what was said behind a cable that is cut comes by way of a third node") {
  remembering all{{"a", "b", "c"}};
  all.meet();
  all.cut(a, c);
  all.run();
  all.say(a, ann, "one");
  CHECK(words(all.history(c)).empty());
  all.wait(10);
  CHECK(words(all.history(c)) == std::vector<std::string>{"one"});
  CHECK(all.history(c).all("r") == all.history(a).all("r"));
}

TEST_CASE("histories: a node without one neither asks nor gets anything") {
  remembering all{{"a", "b"}, [](std::size_t node) {
                    return node == a ? std::optional{history_retention{}} : std::nullopt;
                  }};
  all.count_messages();
  all.meet();
  all.say(b, bob, "one");
  all.wait(120);
  CHECK(all.questions > 0);
  CHECK(all.events == 0);
  CHECK(words(all.history(a)) == std::vector<std::string>{"one"});
}

TEST_CASE("histories: insane answers end the round, and are no harm") {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto latest = std::numeric_limits<std::int64_t>::max();
  const int kind = GENERATE(0, 1, 2, 3, 4);
  INFO(kind);
  remembering all{{"a", "b"}};
  REQUIRE_FALSE(all.history(a).writer().keep(long_ago(0, 50)));
  std::size_t questions = 0;
  all.watch = [&](std::size_t from, std::size_t, wire_message& message) {
    questions += from == b && std::holds_alternative<wire_question>(message.what) ? 1 : 0;
    auto* answered = std::get_if<wire_answer>(&message.what);
    if (from != a || answered == nullptr)
      return;
    if (auto* digests = std::get_if<std::vector<history_digest>>(&answered->what)) {
      if (kind == 0)
        *digests = {{-5, most, 1}, {latest, 7, 7}, {0, 1, 1}, {0, 1, 1}};
      if (kind == 1)
        digests->assign(5000, {0, 1, 1});
    }
    if (auto* held = std::get_if<held_events>(&answered->what)) {
      if (kind == 2)
        *held = {{{"r", 1, 1, 0, most, false}, {"r", most, most, most, most, true}},
                 held_place{0, 0}};
      if (kind == 3)
        held->next = held_place{std::numeric_limits<std::int64_t>::min(), latest};
    }
    if (auto* part = std::get_if<kept_part>(&answered->what); part != nullptr && kind == 4) {
      part->ranges_done = 0;
      part->events_done = 0;
    }
  };
  all.meet();
  all.wait(5);
  CHECK(questions < 20);
  all.say(a, ann, "still here");
  CHECK(all.heard(b, bob) == "ann:still here;");
  all.watch = nullptr;
  all.cut(a, b);
  all.connect_all();
  CHECK(all.history(a).all("r") == all.history(b).all("r"));
}

// docs/decisions/0036: "From then on the other one tells what is said there, and what was said
// before is in the history: so nothing lies in between."
TEST_CASE("histories: whoever has caught up has all that was acknowledged on the other node") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 chance{seed};
    const auto choose = [&](std::size_t count) {
      return static_cast<std::size_t>(chance() % count);
    };
    remembering all{{"a", "b"}};
    all.connect_all();
    all.join(a, ann, "nick ann\njoin r\n");
    all.cut(a, b);
    all.run();
    std::size_t said = 0;
    const auto say_one = [&] {
      ++history_time_ms;
      all.send(a, ann, "say r " + std::to_string(said++) + "\n");
    };
    all.forget();
    say_one();
    all.connect(a, b);
    for (int step = 0; step < 10'000; ++step) {
      if (choose(4) == 0 && said < 100)
        say_one();
      all.run_some(choose(20), choose);
      if (choose(6) == 0 && all.report(b, a).has_caught_up)
        break;
    }
    REQUIRE(all.report(b, a).has_caught_up);
    const auto heard = all.heard(a, ann);
    std::size_t acknowledged = 0;
    for (auto at = heard.find("ok\n"); at != std::string::npos; at = heard.find("ok\n", at + 1))
      ++acknowledged;
    CHECK(acknowledged > 0);
    const auto kept = words(all.history(b));
    REQUIRE(kept.size() >= acknowledged);
    for (std::size_t i = 0; i < acknowledged; ++i)
      CHECK(kept[i] == std::to_string(i));
    all.cut(a, b);
    all.run();
    CHECK_FALSE(all.report(b, a).has_caught_up);
  }
}

TEST_CASE("histories: without a history it is the clients and rooms that are waited for") {
  remembering all{{"a", "b"}, [](std::size_t node) {
                    return node == a ? no_limits(node) : std::optional<history_retention>{};
                  }};
  CHECK_FALSE(all.report(a, b).has_caught_up);
  all.connect_all();
  CHECK(all.report(a, b).has_caught_up);
  CHECK(all.report(b, a).has_caught_up);
}

TEST_CASE("histories: whatever is cut at any time, all are equal when all are linked again") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 chance{seed};
    const auto choose = [&](std::size_t count) {
      return static_cast<std::size_t>(chance() % count);
    };
    remembering all{{"a", "b", "c"}};
    all.connect_all();
    for (const auto at : {a, b, c})
      all.join(at, at + 1, "nick n" + std::to_string(at) + "\njoin r\n");
    std::size_t text = 0;
    for (int step = 0; step < 60; ++step) {
      const auto one = choose(3);
      const auto other = (one + 1 + choose(2)) % 3;
      history_time_ms += static_cast<std::int64_t>(choose(3));
      switch (choose(6)) {
        case 0:
          all.cut(one, other);
          break;
        case 1:
          all.connect(one, other);
          break;
        case 2:
          all.history(one).writer().is_full = choose(3) == 0;
          break;
        default:
          all.send(one, one + 1, "say r text " + std::to_string(++text) + "\n");
      }
      all.run_some(choose(60), choose);
    }
    for (const auto at : {a, b, c})
      all.history(at).writer().is_full = false;
    all.run();
    for (const auto& [one, other] :
         std::vector<std::pair<std::size_t, std::size_t>>{{a, b}, {b, c}, {a, c}})
      all.cut(one, other);
    all.connect_all();
    all.wait(130);
    CHECK(all.history(a).all("r") == all.history(b).all("r"));
    CHECK(all.history(a).all("r") == all.history(c).all("r"));
  }
}
