// Connections that end without a word, in every state: the others notice nothing, nothing stays.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

/// What a client has sent, whole, when it vanishes.
const std::vector<std::string> conversations{
    "",
    "slog",
    "nonsense\n",
    "slogin:bob\n",
    "slogin:bob\njoin:caf",
    "slogin:bob\njoin:cafe\n",
    "slogin:bob\njoin:cafe\nsendall:half a li",
    "slogin:bob\njoin:cafe\nleave:\n",
    "slogin:bob\njoin:cafe\nquit:\n",
    "slogin:bob\njoin:cafe\n" + std::string(5000, 'x'),
    "rlogin:alice\n",
    "rlogin:alice\njoin:cafe\n",
    "rlogin:alice\njoin:cafe\njoin:bar\n",
    "rlogin:alice\njoin:cafe\nquit:\n",
};

enum class farewell { reset, close, half_close };

void leave_abruptly(client& connection, farewell how) {
  switch (how) {
    case farewell::reset:
      return connection.reset();
    case farewell::close:
      return connection.close();
    case farewell::half_close:
      connection.shutdown_sending();
      return connection.reset();
  }
}

/// Connects, sends `conversation`, waits for the reply to its last whole line, and vanishes.
void come_and_vanish(const running_server& server, const std::string& conversation, farewell how) {
  auto visitor = server.connect();
  visitor.send(conversation);
  const auto lines = std::count(conversation.begin(), conversation.end(), '\n');
  for (auto reply = lines; reply > 0; --reply)
    visitor.read_line();
  leave_abruptly(visitor, how);
}

/// `count` clients that log in, make a room each, and reset all at once.
void burst_of_resets(const running_server& server, int count) {
  std::vector<client> visitors;
  for (int number = 0; number < count; ++number) {
    const auto name = std::to_string(number);
    visitors.push_back(number % 2 == 0 ? server.sender("u" + name, "room" + name)
                                       : server.receiver("u" + name, "room" + name));
  }
  for (auto& visitor : visitors)
    visitor.reset();
}

}  // namespace

TEST_CASE("a client may vanish in every state: nothing of it stays and the others talk on") {
  running_server server;
  const auto descriptors = server.descriptors();
  {
    auto sender = server.sender("carol", "cafe");
    auto receiver = server.receiver("dave", "cafe");
    for (const auto how : {farewell::reset, farewell::close, farewell::half_close}) {
      for (const auto& conversation : conversations) {
        CAPTURE(conversation);
        come_and_vanish(server, conversation, how);
        REQUIRE(sender.request("sendall:still here") == "ok:message sent");
        REQUIRE(receiver.read_line() == "delivery:cafe:carol:still here");
      }
    }
    server.wait_for_descriptors(descriptors + 2);
  }
  server.wait_for_descriptors(descriptors);
}

TEST_CASE("a client may vanish without waiting for its replies") {
  running_server server;
  const auto descriptors = server.descriptors();
  for (int round = 0; round < 20; ++round) {
    for (const auto& conversation : conversations) {
      auto visitor = server.connect();
      visitor.send(conversation);
      visitor.reset();
    }
  }
  auto receiver = server.receiver("alice", "cafe");
  CHECK(server.sender("bob", "cafe").request("sendall:hi") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:cafe:bob:hi");
  receiver.close();
  server.wait_for_descriptors(descriptors);
}

TEST_CASE("half a line of a client that vanishes is no request") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  for (const auto how : {farewell::reset, farewell::close}) {
    const auto descriptors = server.descriptors();
    auto sender = server.sender("bob", "cafe");
    sender.send("sendall:half a li");
    leave_abruptly(sender, how);
    server.wait_for_descriptors(descriptors);
    require_nothing_pending(receiver);
  }
}

TEST_CASE("whole lines of a client that closes at once are still carried out") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  sender.send("sendall:last words\n");
  sender.shutdown_sending();
  CHECK(receiver.read_line() == "delivery:cafe:bob:last words");
  CHECK(sender.read_to_end() == "ok:message sent\n");
}

TEST_CASE("dead peers in the middle of a broadcast: the living get every text") {
  running_server server;
  const auto descriptors = server.descriptors();
  auto sender = server.sender("bob", "cafe");
  auto living = server.receiver("alice", "cafe");
  std::string requests;
  constexpr int texts = 200;
  for (int number = 0; number < texts; ++number)
    requests += "sendall:" + std::to_string(number) + '\n';
  for (int round = 0; round < 10; ++round) {
    std::vector<client> dying;
    for (int number = 0; number < 20; ++number)
      dying.push_back(server.receiver("d" + std::to_string(number), "cafe"));
    sender.queue(requests);
    pump({&sender}, std::chrono::milliseconds{10});
    for (auto& each : dying) {
      each.read_line();  // in the middle: some texts have come, more are on their way
      each.reset();
    }
    sender.send("");
    REQUIRE(sender.read_lines(texts) == std::vector<std::string>(texts, "ok:message sent"));
    for (int number = 0; number < texts; ++number)
      REQUIRE(living.read_line() == "delivery:cafe:bob:" + std::to_string(number));
  }
  require_nothing_pending(living);
  server.wait_for_descriptors(descriptors + 2);
}

TEST_CASE("connections that log in, make a room each and reset leave no descriptor, no memory") {
  running_server server;
  const auto descriptors = server.descriptors();
  const int batches = long_run() ? 10 : 5;
  const int batch = long_run() ? 500 : 100;
  // The first two batches bring the server's buffers and pools to their working size.
  burst_of_resets(server, batch);
  burst_of_resets(server, batch);
  server.wait_for_descriptors(descriptors);
  const auto memory = server.memory_bytes();
  for (int round = 2; round < batches; ++round) {
    burst_of_resets(server, batch);
    server.wait_for_descriptors(descriptors);
  }
  if (memory_is_meaningful) {
    constexpr std::size_t growth_bytes_max = 2 * 1024 * 1024;
    CHECK(server.memory_bytes() < memory + growth_bytes_max);
  }
  CHECK(server.sender("bob", "room1").request("sendall:hi") == "ok:message sent");
}

TEST_CASE("the rooms of vanished clients are empty for those who come later") {
  running_server server;
  const auto descriptors = server.descriptors();
  burst_of_resets(server, 50);
  server.wait_for_descriptors(descriptors);
  auto receiver = server.receiver("alice", "room3");
  auto sender = server.sender("bob", "room3");
  CHECK(sender.request("sendall:anybody?") == "ok:message sent");
  CHECK(receiver.read_line() == "delivery:room3:bob:anybody?");
  require_nothing_pending(receiver);
}

TEST_CASE("a client that says quit: and never closes its own side holds no descriptor for long") {
  running_server server;
  const auto descriptors = server.descriptors();
  std::vector<client> lingering;
  for (int number = 0; number < 20; ++number) {
    lingering.push_back(server.sender("bob", "cafe"));
    lingering.back().send("quit:\n");
  }
  server.wait_for_descriptors(descriptors);
  for (auto& each : lingering)
    CHECK(each.read_to_end() == "ok:bye!\n");
}
