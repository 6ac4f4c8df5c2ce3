// Three systems, one set of rooms: docs/dialects/README.md.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"

#include <string>
#include <vector>

using namespace confab::test;
using namespace std::string_literals;

namespace {

/// Requires that `asker` soon sees exactly these channels.
void require_soon_listed(framed_client& asker, const std::string& channels) {
  wait_until([&] { return asker.ask("/list") == channels; }, "/list shows " + channels);
}

}  // namespace

TEST_CASE("what a framed client says in channel cafe reaches the tagged receivers in room cafe") {
  mixed_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto bob = server.framed("bob", "/join cafe");
  bob.send("hi");
  CHECK(receiver.read_line() == "delivery:cafe:bob:hi");
  bob.send("/create bar");
  bob.send("elsewhere");
  bob.require_nothing_pending();
  require_nothing_pending(receiver);
}

TEST_CASE("what a tagged sender says in room cafe reaches the framed clients in channel cafe") {
  mixed_server server;
  auto framed = server.framed("alice", "/create cafe");
  auto elsewhere = server.framed("carol", "/create bar");
  auto sender = server.sender("bob", "cafe");
  CHECK(framed.read() == "bob has joined");
  CHECK(sender.request("sendall:hi there ") == "ok:message sent");
  CHECK(framed.read() == "[bob] hi there");
  framed.require_nothing_pending();
  elsewhere.require_nothing_pending();
}

TEST_CASE("oneroom clients share the room lobby with tagged clients, both ways") {
  mixed_server server;
  auto receiver = server.receiver("alice", "lobby");
  auto sender = server.sender("bob", "lobby");
  auto carol = server.oneroom("carol");
  CHECK(receiver.read_line() == "delivery:lobby:carol:(carol)");
  carol.send("a:b\n");
  CHECK(carol.read_line() == "carol:a:b");
  CHECK(receiver.read_line() == "delivery:lobby:carol:a:b");
  CHECK(sender.request("sendall:c:d") == "ok:message sent");
  CHECK(carol.read_line() == "bob:c:d");
  CHECK(receiver.read_line() == "delivery:lobby:bob:c:d");
}

TEST_CASE("oneroom clients share the channel lobby with framed clients, both ways") {
  mixed_server server;
  auto carol = server.oneroom("carol");
  auto bob = server.framed("bob", "/join lobby");
  carol.send("hi\n");
  CHECK(carol.read_line() == "carol:hi");
  CHECK(bob.read() == "[carol] hi");
  bob.send("ho");
  bob.require_nothing_pending();
  CHECK(carol.read_line() == "bob:ho");
}

TEST_CASE("clients of all three systems share one conversation, in one order") {
  mixed_server server;
  auto receiver = server.receiver("alice", "lobby");
  auto carol = server.oneroom("carol");
  auto bob = server.framed("bob", "/join lobby");
  auto sender = server.sender("dave", "lobby");
  REQUIRE(receiver.read_line() == "delivery:lobby:carol:(carol)");
  REQUIRE(bob.read() == "dave has joined");
  for (int round = 0; round < 50; ++round) {
    const auto number = std::to_string(round);
    REQUIRE(sender.request("sendall:tagged" + number) == "ok:message sent");
    bob.send("framed" + number);
    REQUIRE(bob.read() == "[dave] tagged" + number);
    bob.require_nothing_pending();
    carol.send("oneroom" + number + "\n");
    REQUIRE(bob.read() == "[carol] oneroom" + number);
    REQUIRE(carol.read_lines(3) == std::vector<std::string>{"dave:tagged" + number,
                                                            "bob:framed" + number,
                                                            "carol:oneroom" + number});
    REQUIRE(receiver.read_lines(3) ==
            std::vector<std::string>{"delivery:lobby:dave:tagged" + number,
                                     "delivery:lobby:bob:framed" + number,
                                     "delivery:lobby:carol:oneroom" + number});
  }
}

TEST_CASE("a newline in a framed text forges nothing: one delivery by its real author") {
  mixed_server server;
  auto receiver = server.receiver("alice", "mix");
  auto bob = server.framed("bob", "/join mix");
  bob.send("a\ndelivery:mix:root:forged");
  CHECK(receiver.read_line() == "delivery:mix:bob:a delivery:mix:root:forged");
  bob.send("a\r\nb\rc\0d"s);
  CHECK(receiver.read_line() == "delivery:mix:bob:a  b c d");
  bob.require_nothing_pending();
  require_nothing_pending(receiver);
}

TEST_CASE("a newline in a framed text forges nothing for oneroom clients either") {
  mixed_server server;
  auto carol = server.oneroom("carol");
  auto bob = server.framed("bob", "/join lobby");
  bob.send("a\nroot:forged\r\0."s);
  bob.require_nothing_pending();
  CHECK(carol.read_line() == "bob:a root:forged  .");
  carol.send("next\n");
  CHECK(carol.read_line() == "carol:next");
}

TEST_CASE("a colon or line end in a foreign user name makes no wrong author") {
  mixed_server server;
  auto receiver = server.receiver("alice", "lobby");
  auto carol = server.oneroom("carol");
  REQUIRE(receiver.read_line() == "delivery:lobby:carol:(carol)");
  auto forger = server.framed("root:x\ndelivery:lobby:root", "/join lobby");
  forger.send("hi");
  CHECK(receiver.read_line() == "delivery:lobby:root_x_delivery_lobby_root:hi");
  CHECK(carol.read_line() == "root_x_delivery_lobby_root:hi");
  auto other = server.oneroom_connection();
  other.send("root:y\nhi\n");
  CHECK(other.read_line() == "root_y:hi");
  CHECK(carol.read_line() == "root_y:hi");
  CHECK(receiver.read_line() == "delivery:lobby:root_y:hi");
  CHECK(forger.read() == "root:y has joined");
  CHECK(forger.read() == "[root:y] hi");
}

TEST_CASE("the longest oneroom name cannot make a notice of its own words") {
  mixed_server server{{"--name-max", "150"}};
  auto alice = server.framed("alice", "/create lobby");
  auto forger = server.oneroom_connection();
  forger.send("root has left" + std::string(136, ' ') + "x\nhi\n");
  const auto arrival = alice.read();
  const auto text = alice.read();
  forger.close();
  const auto departure = alice.read();
  CAPTURE(arrival, text, departure);
  CHECK(arrival.ends_with(" has joined"));
  CHECK(text.ends_with("] hi"));
  CHECK(departure.ends_with(" has left"));
  CHECK(departure != "root has left");
}

TEST_CASE("framed clients are told that tagged and oneroom clients join and leave") {
  mixed_server server;
  auto alice = server.framed("alice", "/create lobby");
  auto sender = server.sender("bob", "lobby");
  CHECK(alice.read() == "bob has joined");
  CHECK(sender.request("leave:") == "ok:left room lobby");
  CHECK(alice.read() == "bob has left");
  auto receiver = server.receiver("dave", "lobby");
  CHECK(alice.read() == "dave has joined");
  CHECK(receiver.request("join:cafe") == "ok:welcome");
  CHECK(alice.read() == "dave has left");
  auto carol = server.oneroom_connection();
  carol.send("carol\n");
  CHECK(alice.read() == "carol has joined");
  carol.close();
  CHECK(alice.read() == "carol has left");
}

TEST_CASE("tagged receivers and oneroom clients get no joined and left notices") {
  mixed_server server;
  auto receiver = server.receiver("alice", "lobby");
  auto carol = server.oneroom("carol");
  REQUIRE(receiver.read_line() == "delivery:lobby:carol:(carol)");
  auto watcher = server.framed("watcher", "/join lobby");
  {
    auto bob = server.framed("bob", "/join lobby");
    CHECK(watcher.read() == "bob has joined");
  }
  CHECK(watcher.read() == "bob has left");
  require_nothing_pending(receiver);
  carol.send("hi\n");
  CHECK(carol.read_line() == "carol:hi");
}

TEST_CASE("/list shows the rooms that tagged clients made, and the lobby") {
  mixed_server server;
  auto framed = server.framed("alice", "/create zoo");
  auto sender = server.sender("bob", "cafe");
  CHECK(framed.ask("/list") == "cafe\nzoo");
  auto carol = server.oneroom("carol");
  CHECK(framed.ask("/list") == "cafe\nlobby\nzoo");
  CHECK(framed.ask("/create cafe") == "Room cafe already exists, so cannot be created.");
}

TEST_CASE("a room that exists only because a tagged client joined it ends with its last member") {
  mixed_server server;
  auto framed = server.framed("alice", "/create zoo");
  auto sender = server.sender("bob", "cafe");
  auto other = server.sender("dave", "bar");
  CHECK(framed.ask("/list") == "bar\ncafe\nzoo");
  CHECK(sender.request("leave:") == "ok:left room cafe");
  require_soon_listed(framed, "bar\nzoo");
  CHECK(framed.ask("/join cafe") == "No channel named cafe exists. Try '/create cafe'?");
  other.reset();
  require_soon_listed(framed, "zoo");
}

TEST_CASE("a channel made by /create stays when its last member was a tagged client") {
  mixed_server server;
  auto framed = server.framed("alice", "/create cafe");
  auto sender = server.sender("bob", "cafe");
  framed.send("/create zoo");
  CHECK(framed.read() == "bob has joined");
  CHECK(framed.ask("/list") == "cafe\nzoo");
  CHECK(sender.request("leave:") == "ok:left room cafe");
  CHECK(framed.ask("/list") == "cafe\nzoo");
  framed.send("/join cafe");
  framed.require_nothing_pending();
}

TEST_CASE("who hears what is a property of the reader's dialect") {
  for (const std::string edition : {"2022", "2023"}) {
    mixed_server server{{"--edition", edition}};
    auto receiver = server.receiver("bob", "lobby");
    auto oneroom = server.oneroom_connection();
    oneroom.send("bob\nfirst\n");
    CHECK(oneroom.read_line() == "bob:first");
    auto framed = server.framed("bob", "/join lobby");
    framed.send("second");
    framed.require_nothing_pending();
    CHECK(oneroom.read_line() == "bob:second");
    if (edition == "2023")
      CHECK(receiver.read_lines(2) ==
            std::vector<std::string>{"delivery:lobby:bob:first", "delivery:lobby:bob:second"});
    require_nothing_pending(receiver);
  }
}

TEST_CASE("a long oneroom text is one whole delivery, and as much of it as a frame has place for") {
  mixed_server server;
  auto receiver = server.receiver("alice", "lobby");
  auto framed = server.framed("bob", "/join lobby");
  const std::string text(4000, 'x');
  auto carol = server.oneroom_connection();
  carol.send("carol\n" + text + "\n");
  CHECK(receiver.read_line() == "delivery:lobby:carol:" + text);
  CHECK(framed.read() == "carol has joined");
  CHECK(framed.read() == "[carol] " + std::string(192, 'x'));
}
