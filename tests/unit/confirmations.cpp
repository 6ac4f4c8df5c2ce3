// Replies that wait until what they confirm was kept: docs/history.md.

#include "io/gateway/confirmations.hpp"

#include "tests/support/catch.hpp"

#include <string>

using namespace confab;

namespace {

/// All replies whose time has come, one behind the other.
std::string taken(confirmations& from) {
  std::string result;
  while (const auto next = from.take())
    result += next->bytes + (next->hangs_up ? "|" : ";");
  return result;
}

void say_to(confirmations& to, const std::string& text) {
  to.expect(1);
  to.add("ok " + text, "no " + text, 1, false);
}

}  // namespace

TEST_CASE("a reply waits until the archive has kept what it confirms") {
  confirmations waiting;
  say_to(waiting, "a");
  CHECK(taken(waiting).empty());
  CHECK_FALSE(waiting.idle());
  waiting.note(true);
  CHECK(taken(waiting) == "ok a;");
  CHECK(waiting.idle());
}

TEST_CASE("what could not be kept is refused, and nothing else is") {
  confirmations waiting;
  say_to(waiting, "a");
  say_to(waiting, "b");
  say_to(waiting, "c");
  waiting.note(true);
  waiting.note(false);
  CHECK(taken(waiting) == "ok a;no b;");
  waiting.note(true);
  CHECK(taken(waiting) == "ok c;");
  CHECK(waiting.idle());
}

TEST_CASE("the archive may be faster than what tells of the text") {
  confirmations waiting;
  waiting.note(false);
  CHECK_FALSE(waiting.idle());
  say_to(waiting, "a");
  CHECK(taken(waiting) == "no a;");
  CHECK(waiting.idle());
}

TEST_CASE("replies that confirm nothing keep their place behind those that do") {
  confirmations waiting;
  say_to(waiting, "a");
  waiting.add("pong", {}, 0, false);
  say_to(waiting, "b");
  waiting.add("bye", {}, 0, true);
  waiting.note(true);
  CHECK(taken(waiting) == "ok a;pong;");
  waiting.note(true);
  CHECK(taken(waiting) == "ok b;bye|");
}

TEST_CASE("what was no text and could not be kept refuses no text") {
  confirmations waiting;
  waiting.expect(1);  // A join.
  waiting.note(false);
  CHECK(waiting.idle());
  say_to(waiting, "a");
  waiting.note(true);
  CHECK(taken(waiting) == "ok a;");
}

TEST_CASE("a client is read while fewer than four of its batches wait for the archive") {
  confirmations waiting;
  for (int i = 1; i < 4; ++i) {
    say_to(waiting, "a");
    CHECK_FALSE(waiting.has_expected(4));
  }
  say_to(waiting, "a");
  CHECK(waiting.has_expected(4));
  waiting.note(true);
  CHECK_FALSE(waiting.has_expected(4));
}
