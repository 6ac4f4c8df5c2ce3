// One order for all members of a room; who has joined hears all that is said from then on.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <string>
#include <vector>

using namespace confab::test;

TEST_CASE("a text is requested after a join was answered: the receiver gets that text") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  for (int round = 0; round < 200; ++round) {
    auto receiver = server.receiver("alice", "cafe");
    REQUIRE(sender.request("sendall:" + std::to_string(round)) == "ok:message sent");
    REQUIRE(receiver.read_line() == "delivery:cafe:bob:" + std::to_string(round));
    receiver.reset();
  }
}

TEST_CASE("ok for a text leaves after it stands in the queue of everyone in the room") {
  running_server server;
  auto sender = server.sender("bob", "cafe");
  auto receiver = server.receiver("alice", "cafe");
  for (int round = 0; round < 500; ++round) {
    const auto text = std::to_string(round);
    REQUIRE(sender.request("sendall:" + text) == "ok:message sent");
    // Asked for only now, so answered only behind the text.
    receiver.send("leave:\n");
    REQUIRE(receiver.read_line() == "delivery:cafe:bob:" + text);
    REQUIRE(receiver.read_line() == "err:invalid message tag");
  }
}

TEST_CASE(
    "a receiver that moves between two busy rooms hears each of them only while it is there") {
  running_server server;
  auto left = server.sender("bob", "left");
  auto right = server.sender("carol", "right");
  auto receiver = server.receiver("alice", "left");
  for (int round = 0; round < 300; ++round) {
    const bool is_left = round % 2 == 0;
    const std::string here = is_left ? "left" : "right";
    REQUIRE(receiver.request("join:" + here) == "ok:welcome");
    left.send("sendall:" + std::to_string(round) + '\n');
    right.send("sendall:" + std::to_string(round) + '\n');
    REQUIRE(left.read_line() == "ok:message sent");
    REQUIRE(right.read_line() == "ok:message sent");
    REQUIRE(receiver.read_line() ==
            "delivery:" + here + (is_left ? ":bob:" : ":carol:") + std::to_string(round));
  }
  require_nothing_pending(receiver);
}

TEST_CASE("a room that empties and opens again at once loses no join and no text") {
  running_server server;
  auto sender = server.sender("bob");
  auto receiver = server.receiver("alice", "elsewhere");
  for (int round = 0; round < 500; ++round) {
    const auto text = std::to_string(round);
    receiver.send("join:cafe\n");
    REQUIRE(receiver.read_line() == "ok:welcome");
    sender.send("join:cafe\nsendall:" + text + "\nleave:\n");
    REQUIRE(receiver.read_line() == "delivery:cafe:bob:" + text);
    // The receiver leaves the room while the sender's leave may still be on its way.
    REQUIRE(receiver.request("join:elsewhere") == "ok:welcome");
    REQUIRE(sender.read_lines(3) == std::vector<std::string>{"ok:joined room cafe",
                                                             "ok:message sent",
                                                             "ok:left room cafe"});
  }
}

TEST_CASE("a hundred receivers of a room see the same order") {
  running_server server;
  std::vector<client> receivers;
  for (int index = 0; index < 100; ++index)
    receivers.push_back(server.receiver("r" + std::to_string(index), "cafe"));
  std::vector<client> senders;
  std::vector<client*> pumped;
  for (int index = 0; index < 4; ++index)
    senders.push_back(server.sender("s" + std::to_string(index), "cafe"));
  for (auto& sender : senders) {
    for (int number = 0; number < 100; ++number)
      sender.queue("sendall:" + std::to_string(number) + '\n');
    pumped.push_back(&sender);
  }
  pump_until(
      pumped, [&] { return senders[0].unsent_bytes() + senders[3].unsent_bytes() == 0; }, "sent");
  for (auto& sender : senders) {
    sender.send("");
    REQUIRE(sender.read_lines(100) == std::vector<std::string>(100, "ok:message sent"));
  }
  const auto first = receivers[0].read_lines(400);
  for (auto& receiver : receivers) {
    if (&receiver != &receivers[0])
      REQUIRE(receiver.read_lines(400) == first);
    require_nothing_pending(receiver);
  }
}
