// What of a text arrives, at whom, in both editions.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <string>
#include <vector>

using namespace confab::test;

namespace {

/// Requires that `text`, said by bob in the cafe, is delivered there as it is.
void require_delivered(client& sender, client& receiver, const std::string& text) {
  CAPTURE(text);
  REQUIRE(sender.request("sendall:" + text) == "ok:message sent");
  REQUIRE(receiver.read_line() == "delivery:cafe:bob:" + text);
}

}  // namespace

TEST_CASE("to each receiver: delivery:cafe:bob:hi") {
  running_server server;
  auto alice = server.receiver("alice", "cafe");
  auto carol = server.receiver("carol", "cafe");
  auto elsewhere = server.receiver("dave", "bar");
  auto sender = server.sender("bob", "cafe");
  auto other_sender = server.sender("erin", "cafe");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
  CHECK(alice.read_line() == "delivery:cafe:bob:hi");
  CHECK(carol.read_line() == "delivery:cafe:bob:hi");
  require_nothing_pending(alice);
  require_nothing_pending(elsewhere);
  CHECK(sender.request("leave:") == "ok:left room cafe");
  CHECK(other_sender.request("leave:") == "ok:left room cafe");
}

TEST_CASE("text is delivered as it came: colons, tabs, blanks at both ends") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  for (const std::string text :
       {"", " ", "a:b::c:", ":", "\ttabs\tand more\t", "  leading", "trailing   ", "/join bar",
        "sendall:again", "ok:", "%s%n", "\"quoted\\\"", "\x1b[31mred", "\x01\x02\x7f"})
    require_delivered(sender, receiver, text);
}

TEST_CASE("text may hold any byte from 0x80 up, and NUL") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  std::string high;
  for (int byte = 0x80; byte <= 0xff; ++byte)
    high.push_back(static_cast<char>(byte));
  require_delivered(sender, receiver, high);
  require_delivered(sender, receiver, std::string{"a\0b\0\0", 5});
  require_delivered(sender, receiver, std::string{"\0", 1});
  require_delivered(sender, receiver, "gr\xc3\xbc\xc3\x9f dich \xf0\x9f\x91\x8b");
}

TEST_CASE("only the newline or carriage return and newline goes") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  sender.send("sendall:unix \nsendall:dos \r\n");
  CHECK(sender.read_lines(2) == std::vector<std::string>(2, "ok:message sent"));
  const std::string expected = "delivery:cafe:bob:unix \ndelivery:cafe:bob:dos \n";
  CHECK(receiver.read_exactly(expected.size()) == expected);
}

TEST_CASE("a sendall at the length limit is delivered whole: its delivery exceeds 255 bytes") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  constexpr std::size_t text_bytes_max = 255 - 8 - 1;  // without `sendall:` and the newline
  require_delivered(sender, receiver, std::string(text_bytes_max, 'x'));
  require_delivered(sender, receiver, std::string(text_bytes_max, ':'));
}

TEST_CASE("long user and room names are carried whole where --name-max allows them") {
  running_server server{{"--name-max", "150"}};
  const std::string user(150, 'u');
  const std::string room(150, 'r');
  auto receiver = server.receiver("alice", room);
  auto sender = server.sender(user, room);
  const std::string text(246, 't');
  CHECK(sender.request("sendall:" + text) == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:" + room + ":" + user + ":" + text);
  CHECK(sender.request("leave:") == "ok:left room " + room);
}

TEST_CASE("2022: a receiver under the sender's own user name gets no delivery") {
  const std::vector<std::vector<std::string>> default_and_named{{}, {"--edition", "2022"}};
  for (const auto& options : default_and_named) {
    running_server server{options};
    auto own = server.receiver("bob", "cafe");
    auto also_own = server.receiver("bob", "cafe");
    auto other_case = server.receiver("Bob", "cafe");
    auto sender = server.sender("bob", "cafe");
    auto alice = server.sender("alice", "cafe");
    CHECK(sender.request("sendall:mine") == "ok:message sent");
    CHECK(alice.request("sendall:hers") == "ok:message sent");
    CHECK(own.read_line() == "delivery:cafe:alice:hers");
    CHECK(also_own.read_line() == "delivery:cafe:alice:hers");
    CHECK(other_case.read_line() == "delivery:cafe:bob:mine");
    CHECK(other_case.read_line() == "delivery:cafe:alice:hers");
  }
}

TEST_CASE("2023: a receiver under the sender's own user name gets the delivery") {
  running_server server{{"--edition", "2023"}};
  auto own = server.receiver("bob", "cafe");
  auto other = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:mine") == "ok:message sent");
  CHECK(own.read_line() == "delivery:cafe:bob:mine");
  CHECK(other.read_line() == "delivery:cafe:bob:mine");
}

TEST_CASE("the editions differ in that one behaviour only") {
  for (const std::string edition : {"2022", "2023"}) {
    INFO("edition " << edition);
    running_server server{{"--edition", edition}};
    auto receiver = server.receiver("alice", "cafe");
    auto sender = server.connect();
    sender.send(
        "hi\nsendall:x\nslogin:bob\nslogin:bob\nsendall:x\njoin:\njoin:cafe\nsendall:x\n"
        "senduser:x\nleave:\nleave:\nquit:\n");
    CHECK(split_lines(sender.read_to_end()) ==
          std::vector<std::string>{
              "err:invalid message format", "err:did not receive valid login message",
              "ok:logged in as bob", "err:invalid message tag", "err:not in a room",
              "err:invalid room name", "ok:joined room cafe", "ok:message sent",
              "err:invalid message tag", "ok:left room cafe", "err:not in a room", "ok:bye!"});
    CHECK(receiver.read_line() == "delivery:cafe:bob:x");
    require_nothing_pending(receiver);
  }
}

TEST_CASE("nothing of an earlier visitor's talk is delivered to a later one") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:early") == "ok:message sent");
  auto receiver = server.receiver("alice", "cafe");
  require_nothing_pending(receiver);
  CHECK(sender.request("sendall:late") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:late");
}
