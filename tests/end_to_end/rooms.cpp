// Joining, moving and leaving; what each kind of client may ask for.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <string>
#include <vector>

using namespace confab::test;

namespace {

const std::vector<std::string> bad_room_names{"",
                                              " ",
                                              " cafe",
                                              "cafe ",
                                              "ca fe",
                                              "ca:fe",
                                              "cafe\t",
                                              "ca_fe",
                                              "ca-fe",
                                              "/caf",
                                              "cafe!",
                                              "ca@fe",
                                              "ca[fe",
                                              "ca`fe",
                                              "ca{fe",
                                              "caf\xc3\xa9",
                                              std::string{"c\0f", 3}};

}  // namespace

TEST_CASE("sender join:cafe is answered ok:joined room cafe") {
  running_server server;
  auto sender = server.sender("bob");
  CHECK(sender.request("join:cafe") == "ok:joined room cafe");
  CHECK(sender.request("join:cafe") == "ok:joined room cafe");
  CHECK(sender.request("join:Cafe2") == "ok:joined room Cafe2");
}

TEST_CASE("receiver join:cafe is answered ok:welcome") {
  running_server server;
  auto receiver = server.connect();
  CHECK(receiver.request("rlogin:alice") == "ok:logged in as alice");
  CHECK(receiver.request("join:cafe") == "ok:welcome");
}

TEST_CASE("sendall:hi is answered ok:message sent, also in a room where nobody listens") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
}

TEST_CASE("leave: is answered ok:left room cafe") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("leave:") == "ok:left room cafe");
  CHECK(sender.request("join:bar") == "ok:joined room bar");
  CHECK(sender.request("leave:") == "ok:left room bar");
}

TEST_CASE("quit: is answered ok:bye!, then the server closes") {
  running_server server;
  for (const std::string room : {"", "cafe"}) {
    auto sender = server.sender("bob", room);
    sender.send("quit:\n");
    CHECK(sender.read_to_end() == "ok:bye!\n");
  }
}

TEST_CASE("requests after quit: get no reply") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  sender.send("quit:\nsendall:a ghost\njoin:bar\nnonsense\n");
  CHECK(sender.read_to_end() == "ok:bye!\n");
  require_nothing_pending(receiver);
}

TEST_CASE("sendall: or leave: in no room is answered err:not in a room") {
  running_server server;
  auto sender = server.sender("bob");
  CHECK(sender.request("sendall:hi") == "err:not in a room");
  CHECK(sender.request("sendall:") == "err:not in a room");
  CHECK(sender.request("leave:") == "err:not in a room");
  CHECK(sender.request("join:cafe") == "ok:joined room cafe");
  CHECK(sender.request("leave:") == "ok:left room cafe");
  CHECK(sender.request("sendall:hi") == "err:not in a room");
  CHECK(sender.request("leave:") == "err:not in a room");
}

TEST_CASE("bad room name in join: err:invalid room name, and the sender stays where it was") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob");
  for (const auto& name : bad_room_names) {
    INFO("name: '" << name << "'");
    CHECK(sender.request("join:" + name) == "err:invalid room name");
    CHECK(sender.request("sendall:nowhere") == "err:not in a room");
  }
  REQUIRE(sender.request("join:cafe") == "ok:joined room cafe");
  for (const auto& name : bad_room_names) {
    INFO("name: '" << name << "'");
    CHECK(sender.request("join:" + name) == "err:invalid room name");
    CHECK(sender.request("sendall:still here") == "ok:message sent");
    CHECK(receiver.read_line() == "delivery:cafe:bob:still here");
  }
}

TEST_CASE("bad room name in join of a receiver: it stays outside, or in the room it was in") {
  running_server server;
  auto receiver = server.connect();
  REQUIRE(receiver.request("rlogin:alice") == "ok:logged in as alice");
  CHECK(receiver.request("join:") == "err:invalid room name");
  CHECK(receiver.request("join:ca fe") == "err:invalid room name");
  CHECK(receiver.request("join:cafe") == "ok:welcome");
  CHECK(receiver.request("join:") == "err:invalid room name");
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:hi");
}

TEST_CASE("a join leaves the current room: texts reach the new room only") {
  running_server server;
  auto in_cafe = server.receiver("alice", "cafe");
  auto in_bar = server.receiver("carol", "bar");
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:in cafe") == "ok:message sent");
  CHECK(sender.request("join:bar") == "ok:joined room bar");
  CHECK(sender.request("sendall:in bar") == "ok:message sent");
  CHECK(in_cafe.read_line() == "delivery:cafe:bob:in cafe");
  require_nothing_pending(in_cafe);
  CHECK(in_bar.read_line() == "delivery:bar:bob:in bar");
  require_nothing_pending(in_bar);
}

TEST_CASE("the receiver moves with a later join: ok:welcome, then only the new room") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto in_cafe = server.sender("bob", "cafe");
  auto in_bar = server.sender("carol", "bar");
  CHECK(receiver.request("join:bar") == "ok:welcome");
  CHECK(in_cafe.request("sendall:not for you") == "ok:message sent");
  CHECK(in_bar.request("sendall:for you") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:bar:carol:for you");
  require_nothing_pending(receiver);
  CHECK(receiver.request("join:bar") == "ok:welcome");
  CHECK(in_bar.request("sendall:once") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:bar:carol:once");
  require_nothing_pending(receiver);
}

TEST_CASE("room names differ in their case") {
  running_server server;
  auto receiver = server.receiver("alice", "Cafe");
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
  require_nothing_pending(receiver);
}

TEST_CASE("an unknown or server-only tag is answered err:invalid message tag") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  auto receiver = server.receiver("alice", "cafe");
  for (const std::string line :
       {"senduser:alice:hi", "empty:", "ok:x", "err:x", "delivery:cafe:bob:hi", "nonsense:x",
        "JOIN:cafe", "Sendall:hi", " join:cafe", "join :cafe", "sendal:hi", "sendalll:hi"}) {
    INFO("line: " << line);
    CHECK(sender.request(line) == "err:invalid message tag");
    CHECK(receiver.request(line) == "err:invalid message tag");
  }
  CHECK(sender.request("sendall:hi") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:hi");
}

TEST_CASE("an empty tag gets one err: reply") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request(":").rfind("err:invalid message", 0) == 0);
  CHECK(sender.request(":sendall:hi").rfind("err:invalid message", 0) == 0);
  CHECK(sender.request("leave:") == "ok:left room cafe");
}

TEST_CASE("receiver before it has joined: err:expected join message, received TAG") {
  running_server server;
  auto receiver = server.connect();
  REQUIRE(receiver.request("rlogin:alice") == "ok:logged in as alice");
  for (const std::string tag : {"sendall", "leave", "slogin", "rlogin", "senduser", "empty", "ok",
                                "err", "delivery", "nonsense"})
    CHECK(receiver.request(tag + ":x") == "err:expected join message, received " + tag);
  CHECK(receiver.request("no colon") == "err:invalid message format");
  CHECK(receiver.request("join:cafe") == "ok:welcome");
}

TEST_CASE("receiver after it has joined: sendall and leave are err:invalid message tag") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto other = server.receiver("carol", "cafe");
  CHECK(receiver.request("sendall:hi") == "err:invalid message tag");
  CHECK(receiver.request("leave:") == "err:invalid message tag");
  CHECK(receiver.request("no colon") == "err:invalid message format");
  require_nothing_pending(other);
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("sendall:hi") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:hi");
}

TEST_CASE("a receiver's quit: is answered ok:bye! and closes, also before it joined") {
  running_server server;
  auto outside = server.connect();
  REQUIRE(outside.request("rlogin:alice") == "ok:logged in as alice");
  outside.send("quit:\n");
  CHECK(outside.read_to_end() == "ok:bye!\n");
  auto inside = server.receiver("alice", "cafe");
  inside.send("quit:bye\n");
  CHECK(inside.read_to_end() == "ok:bye!\n");
}

TEST_CASE("the payload of leave and quit is ignored") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("leave:bar") == "ok:left room cafe");
  CHECK(sender.request("leave:a:b c") == "err:not in a room");
  sender.send("quit:no, wait: \t\n");
  CHECK(sender.read_to_end() == "ok:bye!\n");
}

TEST_CASE("a tag whose payload is ignored still needs its colon") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  CHECK(sender.request("leave") == "err:invalid message format");
  CHECK(sender.request("quit") == "err:invalid message format");
  CHECK(sender.request("leave:") == "ok:left room cafe");
}
