// Any mix of listeners in one process, and their options.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"

#include <csignal>
#include <cstdint>
#include <optional>
#include <string>

using namespace confab::test;

namespace {

/// A server without a tagged listener, and the port of the only dialect that it was started for.
struct other_server {
  explicit other_server(const std::string& dialect) : program("server", {"--" + dialect, "0"}) {
    REQUIRE(program.read_errors_until("listening: " + dialect + " on port ", patience));
    REQUIRE(program.read_errors_until("\n", patience));
    port = announced_port(program.errors(), dialect);
    CHECK(program.errors().find("listening: tagged") == std::string::npos);
  }

  void require_good_end() {
    program.signal(SIGTERM);
    CHECK(program.wait(patience) == std::optional<int>{0});
    CHECK(program.output().empty());
  }

  process program;
  std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("a server with a framed listener only needs no tagged port") {
  other_server server{"framed"};
  framed_client bob{server.port};
  bob.send("bob");
  bob.send("/create cafe");
  CHECK(bob.ask("/list") == "cafe");
  server.require_good_end();
}

TEST_CASE("a server with a oneroom listener only needs no tagged port") {
  other_server server{"oneroom"};
  client bob{server.port};
  bob.send("bob\nhi\n");
  CHECK(bob.read_line() == "bob:hi");
  server.require_good_end();
}

TEST_CASE("every mix of listeners runs in one process, also without a tagged port") {
  process program{"server", {"--oneroom", "0", "--framed", "0"}};
  REQUIRE(program.read_errors_until("listening: oneroom on port ", patience));
  REQUIRE(program.read_errors_until("listening: framed on port ", patience));
  REQUIRE(program.read_errors_until("\n", patience));
  client carol{announced_port(program.errors(), "oneroom")};
  framed_client bob{announced_port(program.errors(), "framed")};
  carol.send("carol\nhi\n");
  REQUIRE(carol.read_line() == "carol:hi");
  bob.send("bob");
  bob.send("/join lobby");
  bob.send("ho");
  CHECK(carol.read_line() == "bob:ho");
}

TEST_CASE("option --lobby NAME: the room of all oneroom clients") {
  mixed_server server{{"--lobby", "plaza"}};
  auto receiver = server.receiver("alice", "plaza");
  auto in_lobby = server.receiver("dave", "lobby");
  auto carol = server.oneroom("carol");
  CHECK(receiver.read_line() == "delivery:plaza:carol:(carol)");
  require_nothing_pending(in_lobby);
  auto bob = server.framed("bob", "/join plaza");
  bob.send("hi");
  CHECK(carol.read_line() == "bob:hi");
}

TEST_CASE("SIGTERM ends the connections of all three systems, and the server exits with 0") {
  mixed_server server;
  auto receiver = server.receiver("alice", "lobby");
  auto carol = server.oneroom("carol");
  auto bob = server.framed("bob", "/join lobby");
  REQUIRE(receiver.read_line() == "delivery:lobby:carol:(carol)");
  bob.send("last words");
  bob.require_nothing_pending();
  server.stop();
  CHECK(receiver.read_to_end() == "delivery:lobby:bob:last words\n");
  CHECK(carol.read_to_end() == "bob:last words\n");
}
