// Sessions of clients that are in several rooms, with real rooms, registry and directory.

#include "tests/support/catch.hpp"
#include "tests/support/interleavings.hpp"
#include "tests/support/many_rooms.hpp"
#include "tests/support/session_world.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

constexpr connection_key alice = 1;
constexpr connection_key bob = 2;
constexpr connection_key carol = 3;

/// Sessions of clients that may be in three rooms.
class world : public session_world {
 public:
  world() : session_world(std::make_shared<const many_rooms_dialect>(), 3) {}

  using session_world::connect;

  /// A client that has sent these lines. What was heard so far is forgotten.
  void connect(connection_key key, std::string_view lines) {
    session_world::connect(key);
    send(key, lines);
    run();
    forget();
  }

  /// What the client hears when it sends these lines. What others heard before is forgotten.
  std::string say(connection_key key, std::string_view lines) {
    forget();
    send(key, lines);
    run();
    return heard(key);
  }

  /// The same, but what happens in rooms is left out.
  std::string replies_to(connection_key key, std::string_view lines) {
    say(key, lines);
    std::string result;
    for (const auto& each : entries())
      if (each.to == key && !each.what.ends_with(';'))
        result += each.what;
    return result;
  }
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++result;
  return result;
}

// alice is in a and b. bob is in a, where it may hear the news first, and comes into b meanwhile.
// If it sees alice there, it needs the news after that. Whoever was in both rooms hears them once.
void check_news_beside_a_join(const std::string& request, const std::string& news) {
  for_random_orders(
      [&](const auto& choose) {
        world all;
        all.connect(alice, "nick alice\njoin b\njoin a\n");
        all.connect(carol, "nick carol\njoin a\njoin b\n");
        all.connect(bob, "nick bob\njoin a\n");
        all.send(alice, request);
        all.send(bob, "join b\n");
        all.run(choose);
        const auto heard = all.heard(bob);
        const auto seen = heard.find("(b ");
        REQUIRE(seen != std::string::npos);
        const auto members = heard.substr(seen, heard.find(')', seen) - seen);
        const bool was_seen = members.find("alice") != std::string::npos;
        REQUIRE((!was_seen || heard.find(news, seen) != std::string::npos));
        REQUIRE(count(all.heard(carol), news) == 1);
      },
      1'000);
}

}  // namespace

TEST_CASE("a client in two rooms speaks in each of them and hears both") {
  world all;
  all.connect(alice, "nick alice\njoin a\n");
  all.connect(bob, "nick bob\njoin b\n");
  all.connect(carol, "nick carol\njoin a\njoin b\n");
  CHECK(all.say(carol, "say a 1\nsay b 2\nsay A 3\n") == "carol:1;ok\ncarol:2;ok\ncarol:3;ok\n");
  CHECK(all.heard(alice) == "carol:1;carol:3;");
  CHECK(all.heard(bob) == "carol:2;");
  all.say(alice, "say a 4\n");
  CHECK(all.heard(carol) == "alice:4;");
  all.say(bob, "say b 5\n");
  CHECK(all.heard(carol) == "bob:5;");
}

TEST_CASE("who leaves one of its rooms stays in the other") {
  world all;
  all.connect(alice, "nick alice\njoin a\njoin b\n");
  all.connect(bob, "nick bob\njoin a\njoin b\n");
  CHECK(all.say(bob, "leave a\n") == "-bob;out of a\n");
  CHECK(all.heard(alice) == "-bob;");
  CHECK(all.say(bob, "say a 1\nsay b 2\nleave a\n") ==
        "no not_in_room a\nbob:2;ok\n(not_in_room a )");
  CHECK(all.heard(alice) == "bob:2;");
}

TEST_CASE("a refused join changes nothing") {
  world all;
  all.connect(alice, "nick alice\njoin a\nmode a +i\n");
  all.connect(bob, "nick bob\njoin b\n");
  CHECK(all.replies_to(bob, "join a\nsay b 1\nsay a 2\n") ==
        "no invite_only a\nok\nno not_in_room a\n");
  CHECK(all.heard(alice).empty());
  all.connect(carol, "nick carol\njoin c\njoin d\njoin e\n");
  CHECK(all.replies_to(carol, "join f\nsay e 1\n") == "no refused f\nok\n");
}

TEST_CASE("a join of a room that one is in does nothing") {
  world all;
  all.connect(alice, "nick alice\njoin a\n");
  all.connect(bob, "nick bob\njoin a\njoin b\n");
  CHECK(all.say(bob, "join a\njoin A\n").empty());
  CHECK(all.heard(alice).empty());
  CHECK(all.say(bob, "say a 1\n") == "bob:1;ok\n");
}

TEST_CASE("whoever quits leaves all rooms, and each reader is told once") {
  world all;
  all.connect(alice, "nick alice\njoin a\njoin b\n");
  all.connect(carol, "nick carol\njoin b\n");
  all.connect(bob, "nick bob\njoin a\njoin b\njoin c\n");
  CHECK(count(all.say(bob, "quit\n"), "bye\n") == 1);
  CHECK(all.heard(alice) == "-bob;");
  CHECK(all.heard(carol) == "-bob;");
  CHECK(all.say(alice, "say a 1\nsay b 2\n") == "alice:1;ok\nalice:2;ok\n");
  CHECK(all.heard(bob).empty());
  CHECK(all.say(alice, "leave c\n") == "(no_such_room c )");
}

TEST_CASE(
    "who shares two rooms with somebody hears once that it is renamed, and of it being away") {
  world all;
  all.connect(alice, "nick alice\njoin a\njoin b\n");
  all.connect(bob, "nick bob\njoin a\njoin b\n");
  all.connect(carol, "nick carol\njoin c\n");
  CHECK(all.say(bob, "nick robert\n") == "bob is robert;");
  CHECK(all.heard(alice) == "bob is robert;");
  CHECK(all.heard(carol).empty());
  all.say(bob, "away lunch\n");
  CHECK(all.heard(alice) == "robert away;");
  all.say(bob, "say b 1\n");
  CHECK(all.heard(alice) == "robert:1;");
}

TEST_CASE("in many orders who enters another room of one who quits does not keep it there") {
  check_news_beside_a_join("quit\n", "-alice;");
}

TEST_CASE("in many orders who enters another room of one who is renamed knows the new nick") {
  check_news_beside_a_join("nick anna\n", "alice is anna;");
}

TEST_CASE("in many orders who is kicked while it is renamed is answered") {
  for_random_orders(
      [](const auto& choose) {
        world all;
        all.connect(alice, "nick alice\njoin a\njoin b\n");
        all.connect(bob, "nick bob\njoin a\njoin b\n");
        all.send(bob, "nick robert\nsay a 1\n");
        all.send(alice, "kick b bob\nleave b\n");  // Nobody else is in b: the room ends.
        all.run(choose);
        REQUIRE(count(all.heard(bob), "robert:1;ok\n") == 1);
        REQUIRE(count(all.heard(bob), "bob is robert;") == 1);
      },
      1'000);
}

TEST_CASE("a nick that is taken is refused, and the client may try another one") {
  world all;
  all.connect(alice, "nick alice\njoin a\n");
  all.connect(bob);
  CHECK(all.say(bob, "nick Alice\nnick bob\njoin a\n") ==
        "no nick_in_use Alice\nwelcome bob\n+bob;in a\n(a +n @alice bob)");
  CHECK(all.replies_to(bob, "nick ALICE\nsay a 1\nnick rob\n") == "no nick_in_use \nok\n");
  CHECK(all.heard(alice) == "bob:1;bob is rob;");
}

TEST_CASE("refused texts are answered in place of ok, and replies keep the order of requests") {
  world all;
  all.connect(alice, "nick alice\njoin a\njoin b\n");
  all.connect(bob, "nick bob\njoin a\njoin b\n");
  all.say(alice, "mode a +m\n");
  CHECK(all.replies_to(bob, "bah\nsay a 1\nsay a 2\nbah\nsay b 3\nsay a 4\nsay b 5\n") ==
        "what?\nno may_not_speak a\nno may_not_speak a\nwhat?\nok\nno may_not_speak a\n"
        "ok\n");
  CHECK(all.heard(alice) == "bob:3;bob:5;");
}

TEST_CASE("where CTCP is refused, the texts that come together with it are heard") {
  world all;
  all.connect(alice, "nick alice\njoin a\nmode a +C\n");
  all.connect(bob, "nick bob\njoin a\nsay a 0\n");
  CHECK(all.replies_to(bob, "say a 1\nsay a 2\nsay a \x01PING\x01\nbah\nsay a 3\nsay a 4\n") ==
        "ok\nok\nno may_not_speak a\nwhat?\nok\nok\n");
  CHECK(all.heard(alice) == "bob:1;bob:2;bob:3;bob:4;");
  CHECK(all.replies_to(bob, "say a \x01PING\x01\nsay a \x01PING\x01\nsay a 5\n") ==
        "no may_not_speak a\nno may_not_speak a\nok\n");
  CHECK(all.heard(alice) == "bob:5;");
  all.say(alice, "mode a -C\n");
  CHECK(all.replies_to(bob, "say a 6\nsay a \x01PING\x01\nsay a 7\n") == "ok\nok\nok\n");
  CHECK(all.heard(alice) == "bob:6;bob:\x01PING\x01;bob:7;");
}

TEST_CASE("who is kicked while it is idle is out of that room only, and may come back") {
  world all;
  all.connect(alice, "nick alice\njoin a\njoin b\n");
  all.connect(bob, "nick bob\njoin a\njoin b\n");
  all.say(alice, "kick a bob\n");
  CHECK(all.heard(bob) == "alice kicks bob because;");
  CHECK(all.say(bob, "say a 1\nsay b 2\n") == "no not_in_room a\nbob:2;ok\n");
  CHECK(all.say(bob, "join a\nsay a 3\n") == "+bob;in a\n(a +n @alice bob)bob:3;ok\n");
  CHECK(all.heard(alice) == "+bob;bob:3;");
}

TEST_CASE("in every interleaving who is kicked with requests under way gets each reply once") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.connect(alice, "nick alice\njoin a\njoin b\n");
        all.connect(bob, "nick bob\njoin a\njoin b\nsay a 0\n");
        all.send(alice, "kick a bob\n");
        all.send(bob, "say a 1\nsay b 2\nsay a 3\n");
        all.run(choose);
        const auto heard = all.heard(bob);
        REQUIRE(count(heard, "ok\n") + count(heard, "no not_in_room a\n") == 3);
        REQUIRE(count(heard, "bob:2;ok\n") == 1);
        REQUIRE(count(heard, "alice kicks bob because;") == 1);
        REQUIRE(count(all.heard(alice), "bob:1;") == count(heard, "bob:1;"));
        REQUIRE(all.say(bob, "say a 4\njoin a\nsay a 5\n") ==
                "no not_in_room a\n+bob;in a\n(a +n @alice bob)bob:5;ok\n");
      },
      3'000);
  CHECK(runs > 10);
}

TEST_CASE("a client that gives wrong passwords of server operators is ended at the third one") {
  world all;
  all.connect(alice, "nick alice\njoin a\n");
  all.connect(bob, "nick bob\njoin a\n");
  CHECK(all.say(alice, "oper root x\noper nobody pw\nsay a hello\n") ==
        "no refused \nno refused \nalice:hello;ok\n");
  CHECK(all.say(alice, "oper root y\nsay a too late\n") == "no refused \nbye\n");
  CHECK(all.heard(bob) == "-alice;");
}

TEST_CASE("a client that gives the right password of a server operator may have been wrong twice") {
  world all;
  all.connect(alice, "nick alice\n");
  CHECK(all.say(alice, "oper root x\noper root y\noper root pw\nnonsense\n") ==
        "no refused \nno refused \noperator\nwhat?\n");
}

TEST_CASE(
    "who is away already, or has this real name already, is answered, and others hear nothing") {
  world all;
  all.connect(alice, "nick alice\njoin a\n");
  all.connect(bob, "nick bob\njoin a\n");
  CHECK(all.replies_to(alice, "away\n") == "away\n");
  CHECK(all.heard(bob).empty());
  CHECK(all.replies_to(alice, "away lunch\n") == "away\n");
  CHECK(all.heard(bob) == "alice away;");
  CHECK(all.replies_to(alice, "away lunch\n") == "away\n");
  CHECK(all.heard(bob).empty());
  all.say(alice, "away tea\n");
  CHECK(all.heard(bob) == "alice away;");
  all.say(alice, "real Alice\n");
  CHECK(all.heard(bob) == "alice real name;");
  CHECK(all.replies_to(alice, "real Alice\nnonsense\n") == "alice real name again\nwhat?\n");
  CHECK(all.heard(bob).empty());
}
