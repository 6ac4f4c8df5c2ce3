// Two server processes that share their rooms.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/server_process.hpp"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

using namespace confab::test;

namespace {

/// A port of loopback that nobody listens on now.
std::uint16_t free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), size) == 0);
  REQUIRE(::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  ::close(descriptor);
  return ntohs(address.sin_port);
}

/// Two nodes, a and b.
class two_nodes {
 public:
  two_nodes() { start_both(); }

  mixed_server& a() { return *a_; }
  mixed_server& b() { return *b_; }

  void start_a() { a_ = std::make_unique<mixed_server>(options("a", port_a_, "b", port_b_)); }
  void start_b() { b_ = std::make_unique<mixed_server>(options("b", port_b_, "a", port_a_)); }

  void kill_b() {
    b_->signal(SIGKILL);
    REQUIRE(b_->wait() == 128 + SIGKILL);
    b_.reset();
  }

  /// Both know of each other's clients from now on.
  void wait_until_linked() {
    auto speaker = a().sender("probea", "probe");
    auto listener = b().receiver("probeb", "probe");
    wait_until_heard(speaker, listener);
    auto other_speaker = b().sender("probeb", "probe");
    auto other_listener = a().receiver("probea", "probe");
    wait_until_heard(other_speaker, other_listener);
  }

 private:
  void start_both() {
    start_a();
    start_b();
  }

  static void wait_until_heard(client& speaker, client& listener) {
    const auto asks_again = [&] {
      REQUIRE(speaker.request("sendall:anybody?") == "ok:message sent");
      pump({&listener}, std::chrono::milliseconds{20});
      return listener.take_line().has_value();
    };
    wait_until(asks_again, "the nodes did not link");
  }

  static std::vector<std::string> options(const std::string& name, std::uint16_t port,
                                          const std::string& other, std::uint16_t other_port) {
    return {"--node",    name,
            "--cluster", "127.0.0.1:" + std::to_string(port),
            "--peer",    other + "=127.0.0.1:" + std::to_string(other_port)};
  }

  std::uint16_t port_a_ = free_port();
  std::uint16_t port_b_ = free_port();
  std::unique_ptr<mixed_server> a_;
  std::unique_ptr<mixed_server> b_;
};

}  // namespace

TEST_CASE("a text said on one node reaches the clients of all dialects on the other one, once") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto ann = nodes.a().sender("ann", "cafe");
  auto far = nodes.b().receiver("bob", "cafe");
  auto near = nodes.a().receiver("eve", "cafe");
  auto kay = nodes.b().framed("Kay", "/join cafe");
  for (int round = 0; round < 100; ++round) {
    const auto text = std::to_string(round);
    REQUIRE(ann.request("sendall:" + text) == "ok:message sent");
    REQUIRE(far.read_line() == "delivery:cafe:ann:" + text);
    REQUIRE(near.read_line() == "delivery:cafe:ann:" + text);
    REQUIRE(kay.read() == "[ann] " + text);
  }
  require_nothing_pending(far);
  require_nothing_pending(near);
}

TEST_CASE("texts of one author that travel together keep their order on the other node") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto ann = nodes.a().sender("ann", "cafe");
  auto far = nodes.b().receiver("bob", "cafe");
  std::string requests;
  for (int text = 0; text < 1000; ++text)
    requests += "sendall:" + std::to_string(text) + '\n';
  ann.send(requests);
  for (int text = 0; text < 1000; ++text)
    REQUIRE(far.read_line() == "delivery:cafe:ann:" + std::to_string(text));
  for (int text = 0; text < 1000; ++text)
    REQUIRE(ann.read_line() == "ok:message sent");
}

TEST_CASE("a room of the other node exists, so nobody makes it again") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto kay = nodes.a().framed("Kay", "/create lounge");
  auto lee = nodes.b().framed("Lee");
  const auto is_listed = [&] { return lee.ask("/list").find("lounge") != std::string::npos; };
  wait_until(is_listed, "the room is not known on the other node");
  lee.send("/join lounge");
  REQUIRE(kay.read() == "Lee has joined");
  kay.send("hello");
  REQUIRE(lee.read() == "[Kay] hello");
}

TEST_CASE("a node that is killed costs the others a bounded wait, and is back when it runs again") {
  two_nodes nodes;
  nodes.wait_until_linked();
  auto ann = nodes.a().sender("ann", "cafe");
  auto near = nodes.a().receiver("eve", "cafe");
  nodes.kill_b();
  REQUIRE(ann.request("sendall:alone") == "ok:message sent");
  REQUIRE(near.read_line() == "delivery:cafe:ann:alone");
  nodes.start_b();
  nodes.wait_until_linked();
  auto far = nodes.b().receiver("bob", "cafe");
  REQUIRE(ann.request("sendall:together") == "ok:message sent");
  REQUIRE(far.read_line() == "delivery:cafe:ann:together");
  REQUIRE(near.read_line() == "delivery:cafe:ann:together");
}
