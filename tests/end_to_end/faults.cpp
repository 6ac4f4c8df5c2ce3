// Faults on real sockets: stopped servers, vanished crowds, readers by the byte, an end under load.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <csignal>
#include <memory>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

std::vector<client*> pointers_to(const std::vector<std::unique_ptr<client>>& clients) {
  std::vector<client*> result;
  for (const auto& each : clients)
    result.push_back(each.get());
  return result;
}

std::string texts(int first, int count) {
  std::string result;
  for (int number = first; number < first + count; ++number)
    result += "sendall:" + std::to_string(number) + "\n";
  return result;
}

/// Takes the lines that have come; requires that they are the deliveries from `next` on.
int take_deliveries(client& receiver, int next) {
  while (const auto line = receiver.take_line()) {
    REQUIRE(*line == "delivery:cafe:bob:" + std::to_string(next));
    ++next;
  }
  return next;
}

}  // namespace

TEST_CASE("a server that is stopped and continued loses nothing") {
  running_server server;
  auto alice = server.receiver("alice", "cafe");
  auto bob = server.sender("bob", "cafe");
  bob.send(texts(0, 500));
  server.signal(SIGSTOP);
  bob.send(texts(500, 500));
  client early{server.port()};  // The operating system accepts for the server.
  early.send("slogin:early\n");
  server.signal(SIGCONT);
  for (int number = 0; number < 1000; ++number) {
    REQUIRE(bob.read_line() == "ok:message sent");
    REQUIRE(alice.read_line() == "delivery:cafe:bob:" + std::to_string(number));
  }
  CHECK(early.read_line() == "ok:logged in as early");
}

TEST_CASE("when a crowd is killed in the middle of a broadcast the others miss nothing") {
  running_server server;
  const auto descriptors = server.descriptors();
  auto alice = server.receiver("alice", "cafe");
  auto bob = server.sender("bob", "cafe");
  std::vector<std::unique_ptr<client>> crowd;
  const int members = long_run() ? 1000 : 300;
  for (int i = 0; i < members; ++i)
    crowd.push_back(std::make_unique<client>(server.receiver("u" + std::to_string(i), "cafe")));
  bob.send(texts(0, 200));
  for (auto& each : crowd)
    each->reset();
  bob.send(texts(200, 200));
  for (int number = 0; number < 400; ++number) {
    REQUIRE(bob.read_line() == "ok:message sent");
    REQUIRE(alice.read_line() == "delivery:cafe:bob:" + std::to_string(number));
  }
  server.wait_for_descriptors(descriptors + 2);
}

TEST_CASE("thousands of connects and resets leave nothing behind") {
  running_server server;
  const auto descriptors = server.descriptors();
  const int visits = long_run() ? 50'000 : 2'000;
  for (int i = 0; i < visits; ++i) {
    client visitor{server.port()};
    if (i % 2 == 0)
      visitor.send("slogin:bob\njoin:r" + std::to_string(i) + "\n");
    visitor.reset();
  }
  server.wait_for_descriptors(descriptors);
  CHECK(server.sender("bob", "cafe").request("sendall:hi") == "ok:message sent");
}

TEST_CASE("a peer that reads a byte at a time gets everything and is not cut") {
  running_server server;
  auto slow = server.receiver("slow", "cafe", {"127.0.0.1", 4096});
  auto bob = server.sender("bob", "cafe");
  for (int number = 0; number < 50; ++number)
    REQUIRE(bob.request("sendall:" + std::to_string(number)) == "ok:message sent");
  std::string heard;
  std::string expected;
  for (int number = 0; number < 50; ++number)
    expected += "delivery:cafe:bob:" + std::to_string(number) + "\n";
  while (heard.size() < expected.size())
    heard += slow.read_exactly(1);
  CHECK(heard == expected);
}

TEST_CASE("SIGTERM under full load: each text whose ok was sent is delivered to all who read") {
  running_server server;
  std::vector<std::unique_ptr<client>> receivers;
  for (int i = 0; i < 20; ++i)
    receivers.push_back(std::make_unique<client>(server.receiver("r" + std::to_string(i), "cafe")));
  auto bob = server.sender("bob", "cafe");
  bob.queue(texts(0, 50'000));
  auto everyone = pointers_to(receivers);
  everyone.push_back(&bob);
  int answered = 0;
  std::vector<int> heard(receivers.size(), 0);
  bool told_to_end = false;
  pump_until(
      everyone,
      [&] {
        while (bob.take_line())
          ++answered;
        bool all_ended = bob.ended();
        for (std::size_t i = 0; i < receivers.size(); ++i) {
          heard[i] = take_deliveries(*receivers[i], heard[i]);
          all_ended = all_ended && receivers[i]->ended();
        }
        if (answered > 1000 && !told_to_end) {
          told_to_end = true;
          server.signal(SIGTERM);
        }
        return all_ended;
      },
      "the end of all connections");
  CHECK(answered > 1000);
  for (const int count : heard)
    CHECK(count >= answered);
  CHECK(server.wait() == 0);
}
