// Two and three nodes with real rooms: what crosses, and what a lost node leaves behind.

#include "actors/latest_changes.hpp"
#include "actors/room.hpp"
#include "tests/cluster/who_talk.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>

using namespace confab;
using namespace confab::test;

TEST_CASE("a text crosses once, with the right author, in the order of its author") {
  two_who_talk all;
  all.send(a, ann, "say r one\nsay r two\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann:one;ann:two;");
  all.forget();
  all.send(b, bob, "say r three\n");
  all.run();
  CHECK(all.heard(a, ann) == "bob:three;");
}

TEST_CASE("who was there before the link is made is seen as one who joins") {
  cluster all{{"a", "b"}};
  ann_and_bob_enter(all);
  all.connect_all();
  CHECK(all.heard(a, ann) == "+bob;b mode +obob;");
  CHECK(all.heard(b, bob) == "+ann;a mode +oann;");
}

TEST_CASE("the clients of a lost node leave, and come back when it does") {
  two_who_talk all{"join r\njoin s\n"};
  all.cut(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "-bob;");
  CHECK(all.heard(b, bob) == "-ann;");
  all.forget();
  all.connect_all();
  CHECK(all.heard(a, ann) == "+bob;+bob;");
}

TEST_CASE("an author hears ok when the other node has told its readers") {
  two_who_talk all;
  all.hold(b, a);
  all.send(a, ann, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann:one;");
  CHECK(all.heard(a, ann) == "ann:one;");
  all.hold(b, a, false);
  all.run();
  CHECK(all.heard(a, ann) == "ann:one;ok\n");
}

TEST_CASE("when a node is lost, its clients leave before an author hears ok") {
  two_who_talk all;
  all.hold(b, a);
  all.send(a, ann, "say r one\n");
  all.run();
  all.cut(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "ann:one;-bob;ok\n");
}

TEST_CASE("whom a node knows of is known by the same nick on all nodes") {
  two_who_talk all;
  all.send(a, ann, "nick anna\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann is anna;");
  all.forget();
  all.send(b, bob, "nick anna\n");
  all.run();
  CHECK(all.heard(b, bob) == "no nick_in_use \n");
}

TEST_CASE("topics, modes and kicks cross, and hold on all nodes") {
  two_who_talk all;
  all.send(a, ann, "topic r hello\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann topic hello;");
  all.forget();
  all.send(a, ann, "mode r +m\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann mode +m;");
  all.forget();
  all.send(b, bob, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "no may_not_speak r\n");
  all.forget();
  all.send(a, ann, "kick r bob\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann kicks bob because;");
  all.forget();
  all.send(a, ann, "mode r -m\nsay r two\n");
  all.run();
  CHECK(all.heard(b, bob) == "");
}

TEST_CASE("only who founds a room is its operator, and that on all nodes") {
  two_who_talk all;
  all.send(b, bob, "kick r ann\n");
  all.run();
  CHECK(all.heard(b, bob) == "(not_room_operator r )");
}

TEST_CASE("two clients of one nick meet: the older one keeps it, on both nodes") {
  cluster all{{"a", "b"}};
  two_sams_enter(all);
  all.connect_all();
  // Both claimed it at the same time: then the name of the node decides. The other one hears at
  // once that it has another nick, and then who has the old one.
  CHECK(all.heard(a, ann) == "+sam;b mode +osam/b;");
  CHECK(all.heard(b, bob) == "sam is sam/b;+sam;a mode +osam;");
  all.forget();
  all.send(b, bob, "say r one\n");
  all.run();
  CAPTURE(all.heard(b, bob));
  CHECK(all.heard(a, ann) == "sam/b:one;");
  all.forget();
  all.send(a, ann, "say r two\n");
  all.run();
  CAPTURE(all.heard(a, ann));
  CHECK(all.heard(b, bob) == "sam:two;");
}

TEST_CASE("who is put out is out everywhere, also under the nick that it was given instead") {
  cluster all{{"a", "b"}};
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(a, eve, "nick sam\n");
  all.join(b, bob, "nick sam\njoin r\n");
  all.connect_all();
  all.forget();
  all.send(a, ann, "kick r sam/b\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann kicks sam/b because;");
  all.forget();
  all.send(a, ann, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "");
}

TEST_CASE("of two clients of one nick, the right one is put out on all nodes") {
  cluster all{{"a", "b"}};
  all.join(b, bob, "nick bob\njoin r\n");
  all.join(b, eve, "nick sam\njoin r\n");
  all.join(a, ann, "nick sam\njoin r\n");
  all.connect_all();
  all.forget();
  all.send(b, bob, "kick r sam/b\n");
  all.run();
  CHECK(all.heard(b, eve) == "bob kicks sam/b because;");
  all.forget();
  all.send(b, bob, "say r one\n");
  all.send(a, ann, "say r two\n");
  all.run();
  CHECK(all.heard(a, ann) == "sam:two;bob:one;ok\n");
  CHECK(all.heard(b, eve) == "");
}

TEST_CASE("who is put out right after it came is out on the other node, too") {
  for (std::size_t late = 0; late < 20; ++late) {
    two_who_talk all;
    all.join(a, eve, "nick eve\n");
    all.hold(a, b);
    all.send(a, eve, "join r\n");
    all.run();
    all.send(a, ann, "kick r eve\n");
    all.run();
    all.forget();
    all.hold(a, b, false);
    std::size_t steps = 0;
    all.run([&](std::size_t count) { return ++steps % 20 == late ? 0 : count - 1; });
    CAPTURE(late);
    CHECK(all.heard(b, bob) == "+eve;ann kicks eve because;");
  }
}

// A kick holds on all nodes (docs/cluster.md, "What is promised").
TEST_CASE("who is put out from another node while it comes back is out on all nodes") {
  for (std::size_t seed = 0; seed < 20; ++seed) {
    three_who_talk all;
    all.forget();
    all.hold(a, b);
    all.hold(b, a);
    all.send(b, bob, "move r\n");
    all.send(a, ann, "kick r bob\n");
    all.run();
    all.hold(a, b, false);
    all.hold(b, a, false);
    std::size_t steps = seed;
    all.run([&](std::size_t count) { return (steps += 7) * 5 % count; });
    CAPTURE(seed);
    CHECK(all.heard(a, ann) == "ann kicks bob because;+bob;-bob;");
    CHECK(all.heard(c, eve).ends_with("-bob;"));
    CHECK(all.heard(b, bob).find("ann kicks bob because;") != std::string::npos);
  }
}

// The news of the kick come from one node, those of the return from another one: nothing orders the
// two.
TEST_CASE("who has come back after a kick is not put out by its news where these come later") {
  three_who_talk all;
  all.hold(a, c);
  all.send(a, ann, "kick r bob\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann kicks bob because;");
  all.send(b, bob, "join r\n");
  all.run();
  CHECK(all.heard(c, eve) == "-bob;+bob;");
  all.hold(a, c, false);
  all.run();
  CHECK(all.heard(c, eve) == "-bob;+bob;");
  all.forget();
  all.send(b, bob, "say r one\n");
  all.send(c, eve, "say r two\n");
  all.run();
  CHECK(all.heard(a, ann) == "bob:one;eve:two;");
  CHECK(all.heard(c, eve).find("bob:one;") != std::string::npos);
  CHECK(all.heard(b, bob).find("eve:two;") != std::string::npos);
  // A kick of the stay that there is now holds, as ever.
  all.forget();
  all.send(a, ann, "kick r bob\n");
  all.run();
  CHECK(all.heard(c, eve).starts_with("ann kicks bob because;"));
  CHECK(all.heard(b, bob) == "ann kicks bob because;");
}

// As nodes do whose release does not say yet which stay a kick means.
TEST_CASE("a kick that does not say which stay it means holds by word of the client's own node") {
  three_who_talk all;
  all.join(a, bob, "nick tom\njoin r\n");
  all.watch = [](std::size_t, std::size_t, wire_message& message) {
    if (auto* told = std::get_if<wire_news>(&message.what))
      for (auto& each : told->news)
        if (auto* news = std::get_if<room_news>(&each))
          std::erase_if(news->events,
                        [](const event& what) { return std::holds_alternative<redacted>(what); });
  };
  all.send(a, ann, "kick r bob\nkick r tom\n");
  all.run();
  all.forget();
  all.send(c, eve, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "");
  CHECK(all.heard(a, bob) == "");
  all.send(b, bob, "say r two\n");
  all.run();
  CHECK(all.heard(c, eve) == "eve:one;ok\n");
}

// A kick from another node is told to all nodes by the one where the client is; see `room.cpp`.
TEST_CASE("three nodes that put out each other's clients at once do not wait for each other") {
  cluster all{{"a", "b", "c"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin ra\n");
  all.join(b, bob, "nick bob\njoin rb\njoin ra\n");
  all.join(c, eve, "nick eve\njoin rc\njoin rb\n");
  all.send(a, ann, "join rc\n");
  all.run();
  all.forget();
  const auto hold_all = [&](bool stuck) {
    for (const auto from : {a, b, c})
      for (const auto to : {a, b, c})
        if (from != to)
          all.hold(from, to, stuck);
  };
  hold_all(true);
  all.send(a, ann, "kick ra bob\nsay ra one\n");
  all.send(b, bob, "kick rb eve\nsay rb two\n");
  all.send(c, eve, "kick rc ann\nsay rc three\n");
  all.run();
  hold_all(false);
  all.run();
  CHECK(all.heard(a, ann) == "ann kicks bob because;eve kicks ann because;ann:one;ok\n");
  CHECK(all.heard(b, bob) == "bob kicks eve because;ann kicks bob because;bob:two;ok\n");
  CHECK(all.heard(c, eve) == "eve kicks ann because;bob kicks eve because;eve:three;ok\n");
}

// docs/cluster.md: a room that exists on one node exists on all of them.
TEST_CASE("that a room stays is told on by a node that had it already when it heard of that") {
  cluster all{{"a", "b", "c"}};
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(c, eve, "nick eve\nmake r\nleave r\n");
  all.connect(a, c);
  all.run();
  all.connect(a, b);
  all.run();
  all.send(a, ann, "leave r\n");
  all.run();
  all.join(b, bob, "nick bob\nenter r\n");
  all.send(b, bob, "say r here\n");
  all.run();
  CHECK(all.heard(b, bob) == "bob:here;ok\n");
}

TEST_CASE("of two topics that cross each other, one holds on both nodes") {
  two_who_talk all;
  all.hold(a, b);
  all.hold(b, a);
  all.send(a, ann, "topic r one\n");
  all.send(b, bob, "topic r two\n");
  all.run();
  all.hold(a, b, false);
  all.hold(b, a, false);
  all.run();
  // Both were set at the same time: then the words decide.
  CHECK(all.heard(a, ann) == "ann topic one;bob topic two;");
  CHECK(all.heard(b, bob) == "bob topic two;");
}

TEST_CASE("of two changes that cross each other, the later one holds") {
  latest_changes known;
  CHECK_FALSE(known.is_older("m", 5, "1"));
  known.note("m", 5, "1");
  CHECK(known.is_older("m", 4, "0"));
  CHECK(known.is_older("m", 5, "0"));
  CHECK_FALSE(known.is_older("m", 5, "1"));
  CHECK_FALSE(known.is_older("m", 6, "0"));
  CHECK_FALSE(known.is_older("i", 4, "1"));
}

TEST_CASE("between three nodes, a text comes once to each") {
  three_who_talk all;
  all.send(a, ann, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann:one;");
  CHECK(all.heard(c, eve) == "ann:one;");
  all.forget();
  all.cut(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "-bob;");
  CHECK(all.heard(c, eve) == "");
}

TEST_CASE("who quits is seen to do so once by who shares several rooms with it") {
  two_who_talk all{"join r\njoin s\n"};
  all.hang_up(a, ann);
  all.run();
  CHECK(all.heard(b, bob) == "-ann;");
}

TEST_CASE("a side that notices alone that the link is lost makes it anew") {
  two_who_talk all;
  all.plug(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "-bob;+bob;");
  CHECK(all.heard(b, bob) == "-ann;+ann;a mode +oann;");
  all.forget();
  all.send(a, ann, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann:one;");
}

TEST_CASE("the side that is connected later is linked at once, in both directions") {
  cluster all{{"a", "b"}};
  ann_and_bob_enter(all);
  all.plug(b, a);
  all.run();  // Node a does not know of the connection yet, and misses the hello.
  all.plug(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "+bob;b mode +obob;");
  CHECK(all.heard(b, bob) == "+ann;a mode +oann;");
}

TEST_CASE("who is seen in a room is told what is said there") {
  cluster all{{"a", "b"}};
  ann_and_bob_enter(all);
  all.hold(a, b);
  all.connect(a, b);
  all.run();
  REQUIRE(all.under_way(a, b)->size() == 3);  // Hello, and the welcome with a hello behind it.
  all.under_way(a, b)->resize(1);
  all.hold(b, a);
  all.hold(a, b, false);
  all.run();
  REQUIRE(all.under_way(b, a)->size() == 2);  // The welcome, and hello again.
  all.under_way(b, a)->resize(1);
  all.hold(b, a, false);
  all.run();
  // Node a is welcome and has told of ann; node b is not.
  CHECK(all.heard(b, bob) == "");
  all.send(b, bob, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "bob:one;ok\n");
  all.forget();
  all.pass_time(hello_interval);
  all.run();
  CHECK(all.heard(b, bob) == "+ann;a mode +oann;");
  all.send(b, bob, "say r two\n");
  all.run();
  CHECK(all.heard(a, ann) == "+bob;b mode +obob;bob:two;");
}

TEST_CASE("what a stopped node is owed is bounded: then it is lost") {
  cluster all{{"a", "b"}, 64 * 1024};
  all.connect_all();
  ann_and_bob_enter(all);
  all.join(a, eve, "nick eve\njoin r\n");
  constexpr connection_key first_author = 100;
  constexpr connection_key authors = 50;
  for (auto each = first_author; each < first_author + authors; ++each)
    all.join(a, each, "nick n" + std::to_string(each) + "\njoin r\n");
  all.hold(a, b);
  all.hold(b, a);
  const std::string text(2000, 'x');
  for (auto each = first_author; each < first_author + authors; ++each) {
    all.send(a, each, "say r " + text + "\n");  // Each one waits for its ok.
    all.run();
  }
  CHECK(all.heard(a, eve).find("-bob;") != std::string::npos);
  CHECK(all.under_way(a, b)->size() < 64);
}

TEST_CASE("who has to give way to an older client gets another nick at once, whatever it does") {
  // In a room, in several, in none; idle, or with a text on its way to the other node.
  for (const std::string rooms : {"join r\n", "join r\njoin s\n", ""}) {
    cluster all{{"a", "b"}};
    all.join(a, ann, "nick sam\njoin r\n");
    all.join(b, bob, "nick sam\n" + rooms);
    all.join(b, eve, "nick eve\njoin r\n");
    all.connect_all();
    CAPTURE(rooms);
    CHECK(all.heard(b, bob).find("sam is sam/b;") != std::string::npos);
    all.forget();
    all.send(b, bob, "say r one\njoin r\nsay r two\n");
    all.run();
    CHECK(all.heard(b, eve).ends_with("sam/b:two;"));
    CHECK(all.heard(a, ann).ends_with("sam/b:two;"));
  }
}

TEST_CASE("what a client asks for while it gets another nick is done afterwards, in order") {
  for (std::size_t steps = 0; steps < 60; ++steps) {
    cluster all{{"a", "b"}};
    all.join(a, ann, "nick sam\njoin r\n");
    all.join(b, bob, "nick sam\njoin r\njoin s\n");
    all.join(b, eve, "nick eve\njoin r\n");
    all.connect(a, b);
    all.run_some(steps, [](std::size_t) { return std::size_t{0}; });
    all.send(b, bob, "say r one\nsay r two\njoin t\nsay r three\n");
    all.run();
    CAPTURE(steps, all.heard(b, eve), all.heard(b, bob));
    CHECK(all.heard(b, bob).find("sam is sam/b;") != std::string::npos);
    std::size_t from = 0;
    for (const std::string text : {":one;", ":two;", ":three;"}) {
      const auto found = all.heard(b, eve).find(text, from);
      REQUIRE(found != std::string::npos);
      from = found;
    }
  }
}

TEST_CASE("what a server operator says to all is heard on all nodes, once by each") {
  cluster all{{"a", "b", "c"}};
  all.connect_all();
  ann_and_bob_enter(all);
  all.join(c, eve, "nick eve\n");
  all.send(b, bob, "wallops\n");
  all.send(c, eve, "wallops\n");
  all.run();
  all.forget();
  all.send(a, ann, "wall who are you\n");
  all.run();
  CHECK(all.heard(a, ann) == "(refused  )");
  CHECK(all.heard(b, bob) == "");
  all.send(a, ann, "oper root pw\n");
  all.run();
  all.forget();
  all.send(a, ann, "wall one\nwall two\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann to all one;ann to all two;");
  CHECK(all.heard(c, eve) == "ann to all one;ann to all two;");
}

TEST_CASE("whoever is invited on another node hears it once, and gets into a room that is +i") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\n");
  all.send(a, ann, "mode r +i\n");
  all.run();
  all.forget();
  all.send(b, bob, "join r\n");
  all.run();
  CHECK(all.heard(b, bob) == "no invite_only r\n");
  all.forget();
  all.send(a, ann, "invite r bob\n");
  all.run();
  CHECK(all.heard(a, ann) == "ann invites bob;(bob is invited to r)");
  CHECK(all.heard(b, bob) == "ann invites bob;");
  all.forget();
  all.send(b, bob, "join r\nsay r here\n");
  all.run();
  CHECK(all.heard(a, ann) == "+bob;bob:here;");
}

TEST_CASE("a node that ends tells when its clients have gone, and is not waited for any more") {
  two_who_talk all{"join r\njoin s\n"};
  bool has_ended = false;
  all.drain(b, a, has_ended);
  all.run();
  CHECK_FALSE(has_ended);  // A client is still there.
  all.hold(b, a);
  all.hang_up(b, bob);
  all.run();
  CHECK_FALSE(has_ended);
  CHECK(all.heard(a, ann) == "");
  all.hold(b, a, false);
  all.run();
  CHECK(has_ended);
  CHECK(all.heard(a, ann) == "-bob;");
  all.forget();
  all.hold(a, b);
  all.send(a, ann, "say r one\n");
  all.run();
  CHECK(all.heard(a, ann) == "ann:one;ok\n");
  all.cut(a, b);
  all.run();
  CHECK(all.report(a, b).ended == 1);
  CHECK(all.report(a, b).lost == 0);
  CHECK(all.report(b, a).lost == 1);  // Nobody has said farewell to it.
}

TEST_CASE("what was said before a node ends has reached the others when it does") {
  two_who_talk all;
  all.hold(b, a);
  all.send(b, bob, "say r one\nsay r two\n");
  all.run();
  bool has_ended = false;
  all.drain(b, a, has_ended);
  all.hang_up(b, bob);
  all.run();
  CHECK_FALSE(has_ended);
  all.hold(b, a, false);
  all.run();
  CHECK(has_ended);
  CHECK(all.heard(a, ann).find("bob:one;") == 0);
  CHECK(all.heard(a, ann).ends_with("-bob;"));
}

TEST_CASE("a node that ends does not wait for one that is not there, or that is lost meanwhile") {
  cluster all{{"a", "b"}};
  bool has_ended = false;
  all.drain(b, a, has_ended);
  all.run();
  CHECK(has_ended);
  has_ended = false;
  all.connect_all();
  all.join(b, bob, "nick bob\njoin r\n");
  all.drain(b, a, has_ended);
  all.run();
  CHECK_FALSE(has_ended);
  all.cut(a, b);
  all.run();
  CHECK(has_ended);
}

TEST_CASE("a link reports what is under way, who is behind it, and what became of it") {
  cluster all{{"a", "b"}};
  CHECK_FALSE(all.report(a, b).up);
  all.connect_all();
  ann_and_bob_enter(all);
  all.pass_time(settling_pause);
  all.run();
  auto link = all.report(a, b);
  CHECK(link.node == "b");
  CHECK(link.up);
  CHECK(link.made == 1);
  CHECK(link.clients == 1);
  CHECK(link.news_under_way == 0);
  CHECK(link.bytes_under_way == 0);
  CHECK(link.credit_bytes == 1 << 20);
  all.hold(b, a);
  all.send(a, ann, "say r one\n");
  all.run();
  all.pass_time(std::chrono::seconds{1});
  link = all.report(a, b);
  CHECK(link.news_under_way == 1);
  CHECK(link.bytes_under_way > 0);
  CHECK(link.round_trip == std::chrono::seconds{1});  // So long at least.
  all.hold(b, a, false);
  all.run();
  link = all.report(a, b);
  CHECK(link.news_under_way == 0);
  CHECK(link.round_trip == std::chrono::seconds{1});
  all.cut(a, b);
  all.run();
  link = all.report(a, b);
  CHECK_FALSE(link.up);
  CHECK(link.lost == 1);
  CHECK(link.clients == 0);
  CHECK(link.healed == 0);
  all.connect_all();
  link = all.report(a, b);
  CHECK(link.up);
  CHECK(link.made == 2);
  CHECK(link.healed == 1);
}

TEST_CASE("who has to give way to clients of two nodes gets another nick once") {
  cluster all{{"a", "b", "c"}};
  two_sams_enter(all);
  all.join(c, eve, "nick sam\njoin r\n");
  all.connect_all();
  CHECK(all.heard(a, ann).find("sam is") == std::string::npos);
  const auto heard = all.heard(c, eve);
  CAPTURE(heard);
  const auto renamed = heard.find("sam is sam/c;");
  CHECK(renamed != std::string::npos);
  CHECK(heard.find("is sam/c;", renamed + 10) == std::string::npos);
  all.forget();
  all.send(c, eve, "say r one\n");
  all.run();
  CHECK(all.heard(a, ann) == "sam/c:one;");
  CHECK(all.heard(b, bob) == "sam/c:one;");
}

TEST_CASE("a node knows its own name when it hears of clients before it can tell of its own") {
  cluster all{{"a", "b"}};
  two_sams_enter(all);
  all.plug(b, a);
  all.run();  // Too early for the other side: what b says here is not heard.
  all.plug(a, b);
  all.run();
  CHECK(all.heard(b, bob).find("sam is sam/b;") != std::string::npos);
}

TEST_CASE("who changes its user modes again and again waits for the other node each time") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\n");
  all.hold(b, a);
  std::string lines;
  for (int i = 0; i < 50; ++i)
    lines += "wallops\ndeaf\n";
  all.send(a, ann, lines);
  all.run();
  CHECK(all.report(a, b).news_under_way == 1);
  all.hold(b, a, false);
  all.run();
  CHECK(all.report(a, b).news_under_way == 0);
  CHECK(all.report(a, b).lost == 0);
  const auto heard = all.heard(a, ann);
  CHECK(std::count(heard.begin(), heard.end(), '\n') == 100);
}

TEST_CASE("all clients of a node may go at once: that needs no credit of the link") {
  constexpr std::size_t credit_bytes = 8192;
  cluster all{{"a", "b"}, credit_bytes};
  all.connect_all();
  all.join(b, bob, "nick bob\njoin r\n");
  for (connection_key key = 100; key < 150; ++key)
    all.join(a, key, "nick n" + std::to_string(key) + "\njoin r\njoin s\njoin t\n");
  REQUIRE(all.report(a, b).lost == 0);
  all.hold(b, a);
  for (connection_key key = 100; key < 150; ++key)
    all.hang_up(a, key);
  all.run();
  const auto link = all.report(a, b);
  CHECK(link.up);
  CHECK(link.lost == 0);
  CHECK(link.bytes_under_way > credit_bytes);
  all.hold(b, a, false);
  all.run();
  CHECK(all.report(a, b).bytes_under_way == 0);
  const auto heard = all.heard(b, bob);
  CHECK(std::count(heard.begin(), heard.end(), '-') == 50);
}

namespace {

/// Nodes that deal with three clients at a time, of which one has many, in the room `r`.
struct crowded : cluster {
  static constexpr connection_key first_of_crowd = 100;
  static constexpr connection_key behind_crowd = 120;

  crowded() : cluster({"a", "b"}, 1 << 20, {}, 3) {
    for (connection_key key = first_of_crowd; key < behind_crowd; ++key)
      join(a, key, "nick n" + std::to_string(key) + "\njoin r\n");
    join(b, bob, "nick bob\njoin r\n");
  }

  void send_all(const std::string& lines) {
    for (connection_key key = first_of_crowd; key < behind_crowd; ++key)
      send(a, key, lines);
  }

  /// All pauses pass.
  void wait() {
    for (int i = 0; i < 20; ++i) {
      pass_time(telling_pause);
      run();
    }
  }

  /// How often bob has heard this.
  std::size_t count(const std::string& part) const {
    const auto told = heard(b, bob);
    std::size_t result = 0;
    for (auto at = told.find(part); at != std::string::npos; at = told.find(part, at + 1))
      ++result;
    return result;
  }
};

}  // namespace

TEST_CASE("many clients of another node come and go, some at a time") {
  crowded all;
  all.connect_all();
  CHECK(all.count("+n") == 0);  // Not all have been told of.
  all.wait();
  CHECK(all.count("+n") == 20);
  CHECK(all.report(b, a).clients == 20);
  all.send(b, bob, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob).ends_with("ok\n"));
  all.forget();
  all.cut(a, b);
  all.run();
  CHECK(all.count("-n") == 20);
  CHECK(all.report(b, a).clients == 0);
}

TEST_CASE("who changes or goes before it was told of is told of as it is, or not at all") {
  crowded all;
  all.connect_all();
  for (connection_key key = crowded::first_of_crowd; key < crowded::behind_crowd; ++key)
    all.send(a, key, "nick m" + std::to_string(key) + "\naway lunch\n");
  all.hang_up(a, crowded::first_of_crowd);
  all.hang_up(a, crowded::behind_crowd - 1);
  all.run();
  all.wait();
  CHECK(all.report(b, a).clients == 18);
  CHECK(all.count("+m") + all.count(" is m") - all.count("-m") == 18);
  all.forget();
  all.send_all("say r one\n");
  all.run();
  CHECK(all.count("m1") == 18);
  CHECK(all.count("n1") == 0);
}

TEST_CASE("a node whose clients go before they were told of ends in order") {
  crowded all;
  all.connect_all();
  bool has_ended = false;
  all.drain(a, b, has_ended);
  for (connection_key key = crowded::first_of_crowd; key < crowded::behind_crowd; ++key)
    all.hang_up(a, key);
  all.run();
  all.wait();
  CHECK(has_ended);
  CHECK(all.report(b, a).clients == 0);
}

TEST_CASE("a link is lost and made again while the clients of another node still leave") {
  crowded all;
  all.connect_all();
  all.wait();
  for (int round = 0; round < 5; ++round) {
    all.cut(a, b);
    all.run_some(static_cast<std::size_t>(20 * round), [](std::size_t) { return 0; });
    all.connect(a, b);
    all.run_some(static_cast<std::size_t>(50 * round), [](std::size_t) { return 0; });
  }
  all.run();
  all.wait();
  CHECK(all.report(b, a).clients == 20);
  CHECK(all.count("+n") == 20 + all.count("-n"));
}
