// Strangers at the cluster port of a node that encrypts: none of them reaches BASP, which some of
// these bytes would end.

#include "tests/cluster/contexts.hpp"
#include "tests/cluster/node.hpp"
#include "tests/cluster/raw_connection.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <ctime>
#include <list>
#include <random>
#include <string>
#include <thread>

using namespace confab;
using namespace confab::test;
using namespace std::chrono_literals;

namespace {

/// Two nodes that are linked, and whose link is tried in between.
class world {
 public:
  world() {
    n.expect("south", "linked");
    s.expect("north", "linked");
  }

  void expect_alive() {
    n.say("south", "alive");
    s.expect("north", "alive");
    s.say("north", "alive");
    n.expect("south", "alive");
    n.redial("south");  // And lets others in.
    for (const auto* what : {"lost", "linked"}) {
      n.expect("south", what);
      s.expect("north", what);
    }
  }

  cluster_authority authority;
  cluster_address north{"north"};
  cluster_address south{"south"};
  node n{north, {.peers = {south.as_peer()}, .context = authority.loaded()}};
  node s{south, {.peers = {north.as_peer()}, .context = authority.loaded()}};
};

/// The head of a message of BASP: what it is, how much follows, for whom.
std::string basp_head(char operation, std::uint32_t size) {
  std::string result(32, '\0');
  result[0] = operation;
  for (std::size_t i = 0; i < 4; ++i)
    result[7 - i] = static_cast<char>(size >> (8 * i));
  return result;
}

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("packets that end a bare node do not reach one that encrypts") {
  world w;
  const std::string killers[] = {basp_head(1, 0),
                                 basp_head(0, 0),
                                 basp_head(5, 0),
                                 basp_head(2, 0xFFFFFFFF),
                                 basp_head(1, 24) + std::string(24, 'x'),
                                 "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"};
  for (const auto& each : killers) {
    raw_connection stranger{w.south.port()};
    stranger.send(each);
    CHECK(stranger.ends_within(waiting_span));
  }
  w.s.expect_log("refused a connection from 127.0.0.1: ");
  w.expect_alive();
}

TEST_CASE("random bytes at the port change nothing") {
  world w;
  std::mt19937 random{17};
  for (int i = 0; i < 300; ++i) {
    raw_connection stranger{w.south.port()};
    std::string bytes(random() % 600, '\0');
    for (auto& each : bytes)
      each = static_cast<char>(random());
    if (i % 3 == 0)
      bytes = std::string("\x16\x03\x01\x00\xff\x01", 6) + bytes;  // As TLS begins.
    stranger.send(bytes);
  }
  w.expect_alive();
}

TEST_CASE("silent connections cost nothing and are ended") {
  world w;
  std::list<raw_connection> strangers;
  for (int i = 0; i < 200; ++i)
    strangers.emplace_back(w.south.port()).send(i % 2 == 0 ? "" : "\x16\x03\x01");
  const auto before = cpu_seconds();
  std::this_thread::sleep_for(1s);
  CHECK(cpu_seconds() - before < 0.4);
  w.expect_alive();
  for (auto& each : strangers)
    CHECK(each.ends_within(waiting_span));
  w.expect_alive();
}

TEST_CASE("more strangers than may be opening do not keep a node out") {
  world w;
  std::list<raw_connection> strangers;
  for (int i = 0; i < 400; ++i)
    strangers.emplace_back(w.south.port());
  w.expect_alive();
}

TEST_CASE("somebody who listens in place of a node is not believed") {
  const cluster_authority authority;
  cluster_address north{"north"};
  cluster_address south{"south"};
  SECTION("one who is silent") {
    node n{north, {.peers = {south.as_peer()}, .context = authority.loaded()}};
    n.expect_log("it does not answer");
    n.expect_nothing("south", 100ms);
  }
  SECTION("one who talks nonsense") {
    const auto listening = south.listen();
    node n{north, {.peers = {south.as_peer()}, .context = authority.loaded()}};
    for (int i = 0; i < 2; ++i) {
      pollfd event{listening.front(), POLLIN, 0};
      ::poll(&event, 1, 20'000);
      const file_descriptor caller{::accept(listening.front(), nullptr, nullptr)};
      const auto nonsense = basp_head(0, 0xFFFFFFFF) + std::string(1000, 'x');
      ::send(caller.get(), nonsense.data(), nonsense.size(), MSG_NOSIGNAL);
    }
    n.expect_log("cannot reach south");
    n.expect_nothing("south", 100ms);
    ::close(listening.front());
  }
}
