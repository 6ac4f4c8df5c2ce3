// The framed system from outside: docs/dialects/framed.md.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"

#include <string>
#include <vector>

using namespace confab::test;
using namespace std::string_literals;

namespace {

const auto not_in_channel =
    "Not currently in any channel. Must join a channel before sending messages."s;
const auto join_words = "/join command must be followed by the name of a channel to join."s;
const auto create_words = "/create command must be followed by the name of a channel to create"s;

std::string invalid(const std::string& word) {
  return word + " is not a valid control message. Valid messages are /create, /list, and /join.";
}

std::string no_channel(const std::string& name) {
  return "No channel named " + name + " exists. Try '/create " + name + "'?";
}

}  // namespace

TEST_CASE("the example of the document: Panda creates 168_tas, Alice joins, they talk") {
  mixed_server server;
  auto panda = server.framed("Panda");
  CHECK(panda.ask("Hello world!") == not_in_channel);
  panda.send("/list");
  panda.send("/create 168_tas");
  CHECK(panda.ask("/list") == "168_tas");
  panda.send("Hello world!");
  auto alice = server.framed("Alice");
  CHECK(alice.ask("/list") == "168_tas");
  alice.send("/join 168_tas");
  CHECK(panda.read() == "Alice has joined");
  alice.send("Hi everyone! Does anyone know what we're doing on the first day of lecture?");
  CHECK(panda.read() ==
        "[Alice] Hi everyone! Does anyone know what we're doing on the first day of lecture?");
  panda.wire().close();
  CHECK(alice.read() == "Panda has left");
  alice.require_nothing_pending();
}

TEST_CASE("text goes to the other members only, with the name of its author in brackets") {
  mixed_server server;
  auto bob = server.framed("bob", "/create cafe");
  auto alice = server.framed("alice", "/join cafe");
  auto carol = server.framed("carol", "/create bar");
  auto other_bob = server.framed("bob", "/join cafe");
  CHECK(bob.read() == "alice has joined");
  CHECK(bob.read() == "bob has joined");
  CHECK(alice.read() == "bob has joined");
  bob.send("hi  there");
  bob.require_nothing_pending();
  CHECK(alice.read() == "[bob] hi  there");
  CHECK(other_bob.read() == "[bob] hi  there");
  carol.require_nothing_pending();
}

TEST_CASE("bytes arrive in any split: single bytes") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  framed_client bob{server.framed_port()};
  bob.wire().send_bytewise(frames_of({"bob", "/join cafe", "hi", "/list"}));
  CHECK(bob.read() == "cafe");
  CHECK(alice.read() == "bob has joined");
  CHECK(alice.read() == "[bob] hi");
}

TEST_CASE("bytes arrive in any split: 1,000 messages joined up in one write stay in order") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  std::vector<std::string> texts{"bob", "/join cafe"};
  for (int number = 0; number < 1000; ++number)
    texts.push_back(std::to_string(number));
  framed_client bob{server.framed_port()};
  bob.wire().send(frames_of(texts));
  CHECK(alice.read() == "bob has joined");
  for (int number = 0; number < 1000; ++number)
    REQUIRE(alice.read() == "[bob] " + std::to_string(number));
  bob.require_nothing_pending();
}

TEST_CASE("the first message is the name, whatever it is") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  server.framed("/list", "/join cafe");
  CHECK(alice.read() == "/list has joined");
  CHECK(alice.read() == "/list has left");
}

TEST_CASE("errors are the document's strings, exactly, in 200 bytes") {
  mixed_server server;
  auto bob = server.framed("bob");
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/leave", invalid("/leave")},
      {"/quit now", invalid("/quit")},
      {"/", invalid("/")},
      {"/joincafe", invalid("/joincafe")},
      {"/join missing", no_channel("missing")},
      {"/join", join_words},
      {"/join   ", join_words},
      {"/create", create_words},
      {"/create ", create_words},
      {"text", not_in_channel},
  };
  for (const auto& [request, answer] : rows) {
    bob.send(request);
    CHECK(bob.wire().read_exactly(200) == frame_of(answer));
  }
  bob.send("/create cafe");
  CHECK(bob.ask("/create cafe") == "Room cafe already exists, so cannot be created.");
}

TEST_CASE("a command that fails changes nothing: its author stays in the channel") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  auto carol = server.framed("carol", "/create bar");
  auto bob = server.framed("bob", "/join cafe");
  REQUIRE(alice.read() == "bob has joined");
  CHECK(bob.ask("/join missing") == no_channel("missing"));
  CHECK(bob.ask("/create bar") == "Room bar already exists, so cannot be created.");
  CHECK(bob.ask("/create cafe") == "Room cafe already exists, so cannot be created.");
  CHECK(bob.ask("/join") == join_words);
  CHECK(bob.ask("/create") == create_words);
  CHECK(bob.ask("/part") == invalid("/part"));
  CHECK(bob.ask("/list") == "bar\ncafe");
  bob.send("still here");
  CHECK(alice.read() == "[bob] still here");
  alice.require_nothing_pending();
  carol.require_nothing_pending();
}

TEST_CASE("members are told who has joined and left: by /join, /create and disconnect") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  auto carol = server.framed("carol", "/create bar");
  auto bob = server.framed("bob", "/join cafe");
  CHECK(alice.read() == "bob has joined");
  bob.send("/join bar");
  CHECK(alice.read() == "bob has left");
  CHECK(carol.read() == "bob has joined");
  bob.send("/create own");
  CHECK(carol.read() == "bob has left");
  bob.send("/join cafe");
  CHECK(alice.read() == "bob has joined");
  bob.require_nothing_pending();
  bob.wire().close();
  CHECK(alice.read() == "bob has left");
  auto dave = server.framed("dave", "/join cafe");
  CHECK(alice.read() == "dave has joined");
  dave.wire().reset();
  CHECK(alice.read() == "dave has left");
  carol.require_nothing_pending();
}

TEST_CASE("/list with no channel sends nothing") {
  mixed_server server;
  auto bob = server.framed("bob");
  bob.send("/list");
  bob.require_nothing_pending();
}

TEST_CASE("/list of 60 channels sends the names separated by newlines in whole frames") {
  mixed_server server;
  auto bob = server.framed("bob");
  std::vector<std::string> expected;
  for (int number = 10; number < 70; ++number) {
    expected.push_back("channel" + std::to_string(number));
    bob.send("/create " + expected.back());
  }
  bob.send("/list");
  bob.send("/end");
  std::vector<std::string> names;
  for (auto frame = bob.read(); frame != invalid("/end"); frame = bob.read())
    for (auto& name : split_lines(frame))
      names.push_back(std::move(name));
  CHECK(names == expected);
}

TEST_CASE("a channel made by /create stays, also empty: /list shows it and /join finds it") {
  mixed_server server;
  auto bob = server.framed("bob", "/create cafe");
  bob.wire().close();
  auto alice = server.framed("alice");
  CHECK(alice.ask("/list") == "cafe");
  CHECK(alice.ask("/create cafe") == "Room cafe already exists, so cannot be created.");
  alice.send("/join cafe");
  alice.send("/create bar");
  alice.send("/join cafe");
  CHECK(alice.ask("/list") == "bar\ncafe");
}

TEST_CASE("a limit on kept empty channels drops the longest empty one first") {
  mixed_server server{{"--max-kept-rooms", "2"}};
  auto bob = server.framed("bob");
  for (const std::string channel : {"c0", "c1", "c2", "c3"})
    bob.send("/create " + channel);
  CHECK(bob.ask("/list") == "c1\nc2\nc3");
  CHECK(bob.ask("/join c0") == no_channel("c0"));
  bob.send("/join c1");
  bob.send("/create c4");
  CHECK(bob.ask("/list") == "c1\nc3\nc4");
}

TEST_CASE("a name longer than the server allows is refused, and the next message is the name") {
  mixed_server server{{"--name-max", "20"}};
  auto alice = server.framed("alice", "/create cafe");
  framed_client bob{server.framed_port()};
  CHECK(bob.ask(std::string(21, 'n')) == "This name is too long: " + std::string(21, 'n'));
  bob.send("bob");
  bob.send("/join cafe");
  CHECK(alice.read() == "bob has joined");
  CHECK(bob.ask("/create " + std::string(21, 'c')) ==
        "This name is too long: " + std::string(21, 'c'));
  bob.send("still here");
  CHECK(alice.read() == "[bob] still here");
}

TEST_CASE("a text is cut at 200 bytes, never inside a UTF-8 character") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  auto bob = server.framed("bob", "/join cafe");
  REQUIRE(alice.read() == "bob has joined");
  bob.send(std::string(200, 'x'));
  CHECK(alice.read() == "[bob] " + std::string(194, 'x'));
  const auto euros = [](int count) {
    std::string result;
    for (; count > 0; --count)
      result += "\xe2\x82\xac";
    return result;
  };
  bob.send(euros(65));
  CHECK(alice.read() == "[bob] " + euros(64));
  bob.send("x" + euros(65));
  CHECK(alice.read() == "[bob] x" + euros(64));
}

TEST_CASE("a client that shuts down its sending side gets every answer") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  framed_client bob{server.framed_port()};
  bob.wire().send(frames_of({"bob", "early", "/join cafe", "hi", "/list", "/join"}) + "/list");
  bob.wire().shutdown_sending();
  CHECK(bob.wire().read_to_end() == frames_of({not_in_channel, "cafe", join_words}));
  CHECK(alice.read() == "bob has joined");
  CHECK(alice.read() == "[bob] hi");
  CHECK(alice.read() == "bob has left");
}

TEST_CASE("a framed message of several lines, or with brackets, cannot pass for another") {
  mixed_server server;
  auto alice = server.framed("alice", "/create cafe");
  auto bob = server.framed("root] hi\nroot", "/join cafe");
  CHECK(alice.read() == "root)_hi_root has joined");
  bob.send("a\n[root] forged\r\nroot has left\0."s);
  CHECK(alice.read() == "[root) hi root] a [root] forged  root has left .");
}

TEST_CASE("a framed connection that never sends its name is ended by --login-deadline") {
  mixed_server server{{"--login-deadline", "1"}};
  auto bob = server.framed("bob");
  framed_client silent{server.framed_port()};
  silent.wire().send("half a frame");
  CHECK(silent.wire().read_to_end().empty());
  bob.require_nothing_pending();
}
