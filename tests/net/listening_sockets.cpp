// The sockets of a listener, for the server and the clients.

#include "io/net/listening_socket.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/socket.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <utility>
#include <variant>
#include <vector>

using namespace confab;

namespace {

socket_address numeric(const char* text) {
  return std::get<std::vector<socket_address>>(resolve(text, 0)).front();
}

listening_sockets opened(std::variant<listening_sockets, std::string> outcome) {
  if (const auto* problem = std::get_if<std::string>(&outcome))
    throw std::runtime_error{"cannot listen: " + *problem};
  return std::get<listening_sockets>(std::move(outcome));
}

std::string problem_of(const std::variant<listening_sockets, std::string>& outcome) {
  const auto* problem = std::get_if<std::string>(&outcome);
  return problem != nullptr ? *problem : std::string{};
}

}  // namespace

TEST_CASE("a numeric address has one address, with the port") {
  const auto found = std::get<std::vector<socket_address>>(resolve("127.0.0.1", 4711));
  REQUIRE(found.size() == 1);
  CHECK(found.front().family() == AF_INET);
  CHECK(found.front().port() == 4711);
}

TEST_CASE("a name that has no address gives one line that says so") {
  const auto outcome = resolve("no such name", 1);
  const auto* problem = std::get_if<std::string>(&outcome);
  REQUIRE(problem != nullptr);
  CHECK_FALSE(problem->empty());
  CHECK(problem->find('\n') == std::string::npos);
}

TEST_CASE("a name is resolved to each of its addresses once") {
  const auto found = std::get<std::vector<socket_address>>(resolve("localhost", 0));
  REQUIRE_FALSE(found.empty());
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t j = i + 1; j < found.size(); ++j)
      CHECK_FALSE(found[i] == found[j]);
}

TEST_CASE("several addresses are listened on with one free port") {
  const auto both = opened(open_listening_sockets({numeric("127.0.0.1"), numeric("127.0.0.2")}, 0));
  CHECK(both.descriptors.size() == 2);
  CHECK(both.port != 0);
  CHECK_NOTHROW(test::client(both.port, {"127.0.0.1", 0}));
  CHECK_NOTHROW(test::client(both.port, {"127.0.0.2", 0}));
}

TEST_CASE("an address that this machine does not have is left out unless it is the only one") {
  const auto foreign = numeric("192.0.2.1");
  CHECK(opened(open_listening_sockets({foreign, numeric("127.0.0.1")}, 0)).descriptors.size() == 1);
  CHECK(problem_of(open_listening_sockets({foreign}, 0)) == "Cannot assign requested address");
}

TEST_CASE("a port that is taken on one of the addresses is refused with the reason") {
  const auto taken = opened(open_listening_sockets("127.0.0.2", 0));
  const auto outcome =
      open_listening_sockets({numeric("127.0.0.1"), numeric("127.0.0.2")}, taken.port);
  CHECK(problem_of(outcome) == "Address already in use");
}

TEST_CASE("a port that is taken on one address is refused for every interface, with the reason") {
  const auto taken = opened(open_listening_sockets("", 0));
  CHECK(problem_of(open_listening_sockets("", taken.port)) == "Address already in use");
}

TEST_CASE("listening sockets do not block and are closed on exec") {
  const auto sockets = opened(open_listening_sockets("", 0));
  for (const auto& each : sockets.descriptors) {
    CHECK((::fcntl(each.get(), F_GETFL) & O_NONBLOCK) != 0);
    CHECK((::fcntl(each.get(), F_GETFD) & FD_CLOEXEC) != 0);
  }
}

TEST_CASE("a listener is closed with its object, and its port is free again") {
  std::uint16_t port = 0;
  { port = opened(open_listening_sockets("127.0.0.1", 0)).port; }
  CHECK(opened(open_listening_sockets("127.0.0.1", port)).port == port);
}

TEST_CASE("shared sockets have one port, and each of them gets some of the connections") {
  auto outcome = open_shared_listening_sockets("127.0.0.1", 0, 3);
  auto& shared = std::get<std::vector<listening_sockets>>(outcome);
  REQUIRE(shared.size() == 3);
  std::vector<test::client> clients;
  for (int i = 0; i < 100; ++i)
    clients.emplace_back(shared.front().port);
  for (const auto& each : shared) {
    CHECK(each.port == shared.front().port);
    REQUIRE(each.descriptors.size() == 1);
    CHECK(::accept(each.descriptors.front().get(), nullptr, nullptr) >= 0);
  }
}

TEST_CASE("a port that does not listen yet is taken, and refuses connections until it does") {
  for (const std::size_t count : {std::size_t{1}, std::size_t{2}}) {
    auto outcome = open_shared_listening_sockets("127.0.0.1", 0, count, listening_begins::later);
    const auto& shared = std::get<std::vector<listening_sockets>>(outcome);
    const auto port = shared.front().port;
    REQUIRE(port != 0);
    CHECK_THROWS_AS(test::client{port}, std::system_error);
    for (const auto& each : shared)
      CHECK_FALSE(begin_to_listen(each));
    CHECK_NOTHROW(test::client{port});
    CHECK(problem_of(open_listening_sockets("127.0.0.1", port)) == "Address already in use");
  }
}

TEST_CASE("of two who begin to listen at one port, the later one is told") {
  const auto open = [](std::uint16_t port) {
    return open_shared_listening_sockets("127.0.0.1", port, 1, listening_begins::later);
  };
  const auto one = open(0);
  const auto& sockets = std::get<std::vector<listening_sockets>>(one).front();
  const auto other = open(sockets.port);
  REQUIRE(std::holds_alternative<std::vector<listening_sockets>>(other));
  CHECK_FALSE(begin_to_listen(sockets));
  CHECK(begin_to_listen(std::get<std::vector<listening_sockets>>(other).front()) ==
        "Address already in use");
}

TEST_CASE("a shared port is nobody else's, whether it would share it or not") {
  const auto outcome = open_shared_listening_sockets("", 0, 2);
  const auto port = std::get<std::vector<listening_sockets>>(outcome).front().port;
  CHECK(problem_of(open_listening_sockets("", port)) == "Address already in use");
  const auto again = open_shared_listening_sockets("", port, 2);
  REQUIRE(std::holds_alternative<std::string>(again));
  CHECK(std::get<std::string>(again) == "Address already in use");
}
