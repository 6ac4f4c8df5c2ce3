// The oneroom system from outside: docs/dialects/oneroom.md.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"

#include <string>
#include <vector>

using namespace confab::test;
using namespace std::string_literals;

namespace {

/// Requires that the server ends the connection of `victim`, whatever is still unsent.
void require_cut(client& victim) {
  pump_until(
      {&victim}, [&] { return victim.ended(); }, "the server does not end the connection");
}

/// Requires that `speaker` is still heard by `reader`.
void require_talk(client& speaker, const std::string& name, client& reader) {
  speaker.send("still here\n");
  CHECK(speaker.read_line() == name + ":still here");
  CHECK(reader.read_line() == name + ":still here");
}

}  // namespace

TEST_CASE("to all connected clients, the author too, the server writes user:message") {
  mixed_server server;
  auto bob = server.oneroom("bob");
  auto alice = server.oneroom("alice");
  REQUIRE(bob.read_line() == "alice:(alice)");
  bob.send("hi there\n");
  CHECK(bob.read_line() == "bob:hi there");
  CHECK(alice.read_line() == "bob:hi there");
  alice.send("a:b::c \t\n\n");
  for (auto* each : {&alice, &bob}) {
    CHECK(each->read_line() == "alice:a:b::c \t");
    CHECK(each->read_line() == "alice:");
  }
}

TEST_CASE("one line with the user name, then one line per message, in single bytes") {
  mixed_server server;
  auto alice = server.oneroom("alice");
  auto bob = server.oneroom_connection();
  bob.send_bytewise("bob\nhi\r\nho\n");
  for (auto* each : {&bob, &alice})
    CHECK(each->read_lines(2) == std::vector<std::string>{"bob:hi", "bob:ho"});
}

TEST_CASE("the name and 3,000 messages joined up in one write arrive in order") {
  mixed_server server;
  auto alice = server.oneroom("alice");
  auto bob = server.oneroom_connection();
  std::string bytes = "bob\n";
  std::vector<std::string> expected;
  for (int number = 0; number < 3000; ++number) {
    bytes += std::to_string(number) + '\n';
    expected.push_back("bob:" + std::to_string(number));
  }
  bob.send(bytes);
  CHECK(bob.read_lines(expected.size()) == expected);
  CHECK(alice.read_lines(expected.size()) == expected);
}

TEST_CASE("carriage return and newline are accepted, and only they go from a text") {
  mixed_server server;
  auto bob = server.oneroom_connection();
  bob.send("bob\r\nhi \r\nnul\0\xff\x80\n"s);
  const auto expected = "bob:hi \nbob:nul\0\xff\x80\n"s;
  CHECK(bob.read_exactly(expected.size()) == expected);
}

TEST_CASE("a client that has not sent its name is not yet connected: it gets nothing") {
  mixed_server server;
  auto silent = server.oneroom_connection();
  auto half = server.oneroom_connection();
  half.send("ha");
  auto bob = server.oneroom("bob");
  bob.send("a secret\n");
  REQUIRE(bob.read_line() == "bob:a secret");
  silent.send("late\nhello\n");
  CHECK(silent.read_line() == "late:hello");
  REQUIRE(bob.read_line() == "late:hello");
  half.send("lf\nhello\n");
  CHECK(half.read_line() == "half:hello");
}

TEST_CASE("an empty name is refused by closing") {
  mixed_server server;
  for (const std::string name : {"\n", "\r\n"}) {
    auto nameless = server.oneroom_connection();
    nameless.send(name);
    CHECK(nameless.read_to_end().empty());
  }
  server.oneroom("bob");
}

TEST_CASE("a name longer than the server allows is refused by closing, without a word") {
  mixed_server server{{"--name-max", "20"}};
  auto alice = server.oneroom("alice");
  auto bob = server.oneroom_connection();
  bob.send(std::string(21, 'n') + "\n");
  CHECK(bob.read_to_end().empty());
  const std::string longest(20, 'n');
  auto carol = server.oneroom_connection();
  carol.send(longest + "\nhi\n");
  CHECK(carol.read_line() == longest + ":hi");
  CHECK(alice.read_line() == longest + ":hi");
}

TEST_CASE("there is no error message in this protocol: commands of other systems are messages") {
  mixed_server server;
  auto bob = server.oneroom("bob");
  for (const std::string text : {"/join cafe", "/list", "join:cafe", "sendall:x", "quit:", "/x"}) {
    bob.send(text + "\n");
    CHECK(bob.read_line() == "bob:" + text);
  }
}

TEST_CASE("who comes and goes is not told") {
  mixed_server server;
  auto alice = server.oneroom("alice");
  {
    auto guest = server.oneroom_connection();
    guest.send("guest\n");
    auto crashing = server.oneroom_connection();
    crashing.send("crashing\nhi\n");
    REQUIRE(crashing.read_line() == "crashing:hi");
    crashing.reset();
  }
  REQUIRE(alice.read_line() == "crashing:hi");
  alice.send("alone?\n");
  CHECK(alice.read_line() == "alice:alone?");
}

TEST_CASE("several clients may use one name, and each hears the others") {
  mixed_server server;
  auto first = server.oneroom("bob");
  auto second = server.oneroom("bob");
  REQUIRE(first.read_line() == "bob:(bob)");
  second.send("hi\n");
  CHECK(first.read_line() == "bob:hi");
  CHECK(second.read_line() == "bob:hi");
}

TEST_CASE("option --line-max: a longer line ends that connection only") {
  mixed_server server{{"--line-max", "64"}};
  auto alice = server.oneroom("alice");
  auto bob = server.oneroom("bob");
  REQUIRE(alice.read_line() == "bob:(bob)");
  const std::string longest(63, 'x');  // and its newline
  bob.send(longest + "\n");
  CHECK(bob.read_line() == "bob:" + longest);
  CHECK(alice.read_line() == "bob:" + longest);
  bob.send(longest + "x\n");
  CHECK(bob.read_to_end().empty());
  alice.send("still here\n");
  CHECK(alice.read_line() == "alice:still here");
}

TEST_CASE("an endless line ends only that connection, as soon as it is too long") {
  mixed_server server{{"--line-max", "64"}};
  auto alice = server.oneroom("alice");
  auto bob = server.oneroom("bob");
  REQUIRE(alice.read_line() == "bob:(bob)");
  for (const std::string start : {"", "eve\n"}) {
    auto endless = server.oneroom_connection();
    endless.queue(start + std::string(4'000'000, 'x'));
    require_cut(endless);
  }
  require_talk(bob, "bob", alice);
}

TEST_CASE("without --line-max a line may have 4096 bytes, its newline included") {
  mixed_server server;
  auto bob = server.oneroom("bob");
  const std::string longest(4095, 'x');
  bob.send(longest + "\n");
  CHECK(bob.read_line() == "bob:" + longest);
  bob.queue(longest + "x\n");
  require_cut(bob);
  CHECK(bob.read_to_end().empty());
}

TEST_CASE("a client that shuts down its sending side gets everything that it said") {
  mixed_server server;
  auto alice = server.oneroom("alice");
  auto bob = server.oneroom_connection();
  bob.send("bob\nhi\nho\nhalf a line");
  bob.shutdown_sending();
  CHECK(bob.read_to_end() == "bob:hi\nbob:ho\n");
  CHECK(alice.read_lines(2) == std::vector<std::string>{"bob:hi", "bob:ho"});
  alice.send("next\n");
  CHECK(alice.read_line() == "alice:next");
}

TEST_CASE("a colon in a name never makes another author") {
  mixed_server server;
  auto alice = server.oneroom("alice");
  auto forger = server.oneroom_connection();
  forger.send("root:hello\nhi\n");
  CHECK(forger.read_line() == "root_hello:hi");
  CHECK(alice.read_line() == "root_hello:hi");
}

TEST_CASE("a oneroom connection that never sends its name is ended by --login-deadline") {
  mixed_server server{{"--login-deadline", "1"}};
  auto bob = server.oneroom("bob");
  auto silent = server.oneroom_connection();
  CHECK(silent.read_to_end().empty());
  bob.send("hi\n");
  CHECK(bob.read_line() == "bob:hi");
}
