// Sessions with real rooms, a real registry and the tagged dialect, one message at a time.

#include "io/dialects/tagged/tagged.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/interleavings.hpp"
#include "tests/support/session_world.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

/// Sessions of the tagged dialect.
class world : public session_world {
 public:
  world() : session_world(tagged::make_dialect(tagged::edition::fall2023), 10) {}

  /// What others said, an entry for each batch.
  std::vector<std::string> heard_by_batch(connection_key key) const {
    std::vector<std::string> result;
    for (const auto& each : entries())
      if (each.to == key && each.what.ends_with(';'))
        result.push_back(each.what);
    return result;
  }
};

constexpr std::string_view mixed_requests =
    "hello\n"
    "slogin:bob\n"
    "sendall:nowhere\n"
    "join:a\n"
    "sendall:1\n"
    "nonsense\n"
    "sendall:2\n"
    "join:\n"
    "sendall:3\n"
    "join:b\n"
    "leave:\n"
    "leave:\n"
    "sendall:4\n"
    "join:a\n"
    "join:a\n"
    "quit:\n"
    "sendall:after the end\n";

constexpr std::string_view mixed_replies =
    "err:invalid message format\n"
    "ok:logged in as bob\n"
    "err:not in a room\n"
    "ok:joined room a\n"
    "ok:message sent\n"
    "err:invalid message format\n"
    "ok:message sent\n"
    "err:invalid room name\n"
    "ok:message sent\n"
    "ok:joined room b\n"
    "ok:left room b\n"
    "err:not in a room\n"
    "err:not in a room\n"
    "ok:joined room a\n"
    "ok:joined room a\n"
    "ok:bye!\n";

}  // namespace

TEST_CASE("exactly one reply to each line, in order, for lines that come in one chunk") {
  world all;
  all.connect(0);
  all.send(0, mixed_requests);
  all.run();
  CHECK(all.heard(0) == mixed_replies);
}

TEST_CASE("exactly one reply to each line, in order, for the same lines cut anywhere") {
  for (std::size_t cut = 1; cut < mixed_requests.size(); ++cut) {
    world all;
    all.connect(0);
    all.send(0, mixed_requests.substr(0, cut));
    all.run();
    all.send(0, mixed_requests.substr(cut));
    all.run();
    CAPTURE(cut);
    CHECK(all.heard(0) == mixed_replies);
  }
}

TEST_CASE(
    "the first text in a room goes alone, for its readers are not counted, and later ones "
    "together") {
  world all;
  all.connect(0);
  all.connect(1);
  all.send(0, "rlogin:alice\njoin:a\n");
  all.run();
  all.send(1, "slogin:bob\njoin:a\nsendall:1\nsendall:2\nsendall:3\n");
  all.run();
  all.send(1, "sendall:4\nsendall:5\n");
  all.run();
  all.send(0, "join:b\n");
  all.run();
  all.send(1, "join:b\nsendall:6\nsendall:7\nsendall:8\n");
  all.run();
  CHECK(all.heard_by_batch(0) == std::vector<std::string>{"bob:1;", "bob:2;bob:3;", "bob:4;bob:5;",
                                                          "bob:6;", "bob:7;bob:8;"});
}

TEST_CASE("a session whose input has ended leaves its room and lets the connection close") {
  world all;
  all.connect(0);
  all.connect(1);
  all.send(0, "rlogin:alice\njoin:a\n");
  all.send(1, "slogin:bob\njoin:a\nsendall:x\n");
  all.run();
  caf::anon_send(all.session(1), ended_atom::value);
  all.run();
  all.send(1, "sendall:y\n");
  all.run();
  CHECK(all.heard(1) == "ok:logged in as bob\nok:joined room a\nok:message sent\n");
}

TEST_CASE("in every interleaving of two senders the replies and each sender's texts keep order") {
  const auto runs = for_each_interleaving(
      [](const auto& choose) {
        world all;
        all.connect(0);
        all.connect(1);
        all.connect(2);
        all.send(0, "rlogin:alice\njoin:a\n");
        all.send(1, "slogin:bob\njoin:a\n");
        all.send(2, "slogin:carol\njoin:b\n");
        all.run();
        all.send(1, "sendall:1\njoin:b\nsendall:2\n");
        all.send(2, "join:a\nsendall:3\nleave:\n");
        all.run(choose);
        REQUIRE(all.heard(1) ==
                "ok:logged in as bob\nok:joined room a\n"
                "ok:message sent\nok:joined room b\nok:message sent\n");
        REQUIRE(all.heard(2) ==
                "ok:logged in as carol\nok:joined room b\n"
                "ok:joined room a\nok:message sent\nok:left room a\n");
        const auto heard = all.heard(0);
        REQUIRE(heard.find("bob:1;") != std::string::npos);
        REQUIRE(heard.find("carol:3;") != std::string::npos);
        REQUIRE(heard.find("bob:2;") == std::string::npos);
      },
      5'000);
  CHECK(runs > 100);
}

TEST_CASE("a name beyond the limit is refused and nothing changes") {
  world all;
  all.connect(0);
  const std::string long_name(65, 'n');
  all.send(0, "slogin:" + long_name + "\nslogin:bob\njoin:" + long_name + "\nsendall:x\n");
  all.run();
  CHECK(all.heard(0) ==
        "err:did not receive valid login message\nok:logged in as bob\n"
        "err:invalid room name\nerr:not in a room\n");
}
