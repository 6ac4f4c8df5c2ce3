// Two and three nodes with real rooms: what crosses, and what a lost node leaves behind.

#include "actors/latest_changes.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/cluster_nodes.hpp"

using namespace confab;
using namespace confab::test;

namespace {

constexpr std::size_t a = 0;
constexpr std::size_t b = 1;
constexpr std::size_t c = 2;
constexpr connection_key ann = 1;
constexpr connection_key bob = 2;
constexpr connection_key eve = 3;

}  // namespace

TEST_CASE("a text crosses once, with the right author, in the order of its author") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
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
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.connect_all();
  CHECK(all.heard(a, ann) == "+bob;");
  CHECK(all.heard(b, bob) == "+ann;");
}

TEST_CASE("the clients of a lost node leave, and come back when it does") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\njoin s\n");
  all.join(b, bob, "nick bob\njoin r\njoin s\n");
  all.cut(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "-bob;");
  CHECK(all.heard(b, bob) == "-ann;");
  all.forget();
  all.connect_all();
  CHECK(all.heard(a, ann) == "+bob;+bob;");
}

TEST_CASE("an author hears ok when the other node has told its readers") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
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
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.hold(b, a);
  all.send(a, ann, "say r one\n");
  all.run();
  all.cut(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "ann:one;-bob;ok\n");
}

TEST_CASE("whom a node knows of is known by the same nick on all nodes") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.send(a, ann, "nick anna\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann is anna;");
  all.forget();
  all.send(b, bob, "nick anna\n");
  all.run();
  CHECK(all.heard(b, bob) == "no nick_in_use \n");
}

TEST_CASE("topics, modes and kicks cross, and hold on all nodes") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
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
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.send(b, bob, "kick r ann\n");
  all.run();
  CHECK(all.heard(b, bob) == "(not_room_operator r )");
}

TEST_CASE("two clients of one nick meet: the older one keeps it, on both nodes") {
  cluster all{{"a", "b"}};
  all.join(a, ann, "nick sam\njoin r\n");
  all.join(b, bob, "nick sam\njoin r\n");
  all.connect_all();
  // Both claimed it at the same time: then the name of the node decides.
  CHECK(all.heard(a, ann) == "+sam;");
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

TEST_CASE("who is put out is out everywhere, whatever it is called on which node") {
  cluster all{{"a", "b"}};
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(a, eve, "nick sam\n");
  all.join(b, bob, "nick sam\njoin r\n");
  all.connect_all();
  all.forget();
  // To node b it is still sam, since it has not asked for anything; on node a that is somebody
  // else.
  all.send(a, ann, "kick r sam/b\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann kicks sam because;");
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
  all.send(b, bob, "kick r sam\n");
  all.run();
  CHECK(all.heard(b, eve) == "bob kicks sam because;");
  all.forget();
  all.send(b, bob, "say r one\n");
  all.send(a, ann, "say r two\n");
  all.run();
  CHECK(all.heard(a, ann) == "sam:two;bob:one;ok\n");
  CHECK(all.heard(b, eve) == "");
}

TEST_CASE("who is put out right after it came is out on the other node, too") {
  for (std::size_t late = 0; late < 20; ++late) {
    cluster all{{"a", "b"}};
    all.connect_all();
    all.join(a, ann, "nick ann\njoin r\n");
    all.join(b, bob, "nick bob\njoin r\n");
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

TEST_CASE("of two topics that cross each other, one holds on both nodes") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
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
  cluster all{{"a", "b", "c"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.join(c, eve, "nick eve\njoin r\n");
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
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\njoin s\n");
  all.join(b, bob, "nick bob\njoin r\njoin s\n");
  all.hang_up(a, ann);
  all.run();
  CHECK(all.heard(b, bob) == "-ann;");
}

TEST_CASE("a side that notices alone that the link is lost makes it anew") {
  cluster all{{"a", "b"}};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.plug(a, b);
  all.run();
  CHECK(all.heard(a, ann) == "-bob;+bob;");
  CHECK(all.heard(b, bob) == "-ann;+ann;");
  all.forget();
  all.send(a, ann, "say r one\n");
  all.run();
  CHECK(all.heard(b, bob) == "ann:one;");
}

TEST_CASE("what a stopped node is owed is bounded: then it is lost") {
  cluster all{{"a", "b"}, 64 * 1024};
  all.connect_all();
  all.join(a, ann, "nick ann\njoin r\n");
  all.join(b, bob, "nick bob\njoin r\n");
  all.join(a, eve, "nick eve\njoin r\n");
  all.hold(a, b);
  all.hold(b, a);
  const std::string text(2000, 'x');
  for (int i = 0; i < 100; ++i) {
    all.send(a, ann, "say r " + text + "\n");
    all.run();
  }
  CHECK(all.heard(a, eve).find("-bob;") != std::string::npos);
  CHECK(all.under_way(a, b)->size() < 64);
}
