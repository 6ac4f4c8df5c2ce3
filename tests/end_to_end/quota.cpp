// Limits of the whole server, and machines that have run out of something: docs/limits.md.

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"

#include <csignal>
#include <cstdlib>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <vector>

using namespace confab::test;

namespace {

const connect_options small_window{"127.0.0.1", 4096};

/// A server whose descriptors are limited by the shell that starts it.
struct cramped_server {
  explicit cramped_server(const std::string& descriptors)
      : shell("/bin/sh", {"-c", "ulimit -n " + descriptors + "; exec \"$CONFAB_BIN/server\" 0"}) {
    REQUIRE(shell.read_errors_until("listening: tagged on port "));
    REQUIRE(shell.read_errors_until("\n"));
    const std::string words = "on port ";
    port = static_cast<std::uint16_t>(
        std::stoul(shell.errors().substr(shell.errors().find(words) + words.size())));
  }

  process shell;
  std::uint16_t port = 0;
};

/// The clients whose login is answered; the others are closed or told why.
std::size_t count_served(std::vector<client>& clients) {
  std::size_t served = 0;
  for (auto& each : clients) {
    std::string answer;
    try {
      answer = each.request("slogin:bob");
    } catch (const std::exception&) {
      continue;  // Closed before or after it could say anything.
    }
    if (answer == "ok:logged in as bob")
      ++served;
  }
  return served;
}

void require_talk(std::uint16_t port) {
  client bob{port};
  REQUIRE(bob.request("slogin:bob") == "ok:logged in as bob");
  REQUIRE(bob.request("join:cafe") == "ok:joined room cafe");
  REQUIRE(bob.request("sendall:hi") == "ok:message sent");
  REQUIRE(bob.request("quit:") == "ok:bye!");
}

}  // namespace

TEST_CASE("with 64 descriptors and 150 clients the first are served, and all when they leave") {
  cramped_server server{"64"};
  {
    std::vector<client> clients;
    for (int i = 0; i < 150; ++i)
      clients.emplace_back(server.port);
    const auto served = count_served(clients);
    CHECK(served >= 30);
    CHECK(served <= 64);
    // The first one is still served.
    CHECK(clients.front().request("join:cafe") == "ok:joined room cafe");
  }
  wait_until(
      [&] {
        client probe{server.port};
        try {
          return probe.request("slogin:bob") == "ok:logged in as bob";
        } catch (const std::exception&) {
          return false;
        }
      },
      "service after the others left");
  require_talk(server.port);
  server.shell.signal(SIGTERM);
  CHECK(server.shell.wait() == 0);
}

TEST_CASE("accept survives that descriptors run out below the limit of connections") {
  cramped_server server{"4096"};
  const rlimit hardly_any{40, 40};
  REQUIRE(::prlimit(server.shell.pid(), RLIMIT_NOFILE, &hardly_any, nullptr) == 0);
  {
    std::vector<client> clients;
    for (int i = 0; i < 60; ++i)
      clients.emplace_back(server.port);
    CHECK(count_served(clients) >= 20);
    CHECK(clients.front().request("join:cafe") == "ok:joined room cafe");
  }
  wait_until(
      [&] {
        client probe{server.port};
        try {
          return probe.request("slogin:bob") == "ok:logged in as bob";
        } catch (const std::exception&) {
          return false;
        }
      },
      "service after the others left");
  require_talk(server.port);
  server.shell.signal(SIGTERM);
  CHECK(server.shell.wait() == 0);
}

TEST_CASE("connections from one address are limited, those from others are not") {
  running_server server{{"--max-connections-per-address", "2"}};
  auto first = server.sender("bob");
  auto second = server.sender("bob");
  CHECK(server.connect().read_line() == "err:too many connections from your address");
  try {
    CHECK(server.connect({"::1", 0}).request("slogin:carol") == "ok:logged in as carol");
  } catch (const std::system_error&) {
    WARN("this machine has no IPv6, so no other address");
  }
  CHECK(server.log_has("limit reached"));
  CHECK(first.request("quit:") == "ok:bye!");
  first.close();
  wait_until(
      [&] {
        auto third = server.connect();
        third.send("slogin:dave\n");
        return third.read_line() == "ok:logged in as dave";
      },
      "a place for another one");
}

TEST_CASE("replies that nobody reads count in the backlog of all, and the largest is cut first") {
  running_server server{{"--framed", "0", "--backlog-total-max", "1MiB"}};
  const auto port = wait_for_port(server, "framed");
  framed_client maker{port};
  maker.send("maker");
  for (int i = 0; i < 500; ++i)
    maker.send("/create " + std::to_string(i) + std::string(55, 'r'));
  maker.require_nothing_pending();
  client greedy{port, small_window};
  greedy.read_when_ready(false);
  greedy.queue(frame_of("greedy"));
  for (int i = 0; i < 1000; ++i)
    greedy.queue(frame_of("/list"));
  pump_until(
      {&greedy}, [&] { return server.log_has("the server holds too many"); }, "the cut");
  maker.send("still here");
  maker.require_nothing_pending();
}

TEST_CASE("a log that nobody reads loses lines, and holds up neither clients nor the end") {
  // Standard error is a pipe that takes one page, and is not read after the first lines.
  process server{"/bin/sh", {"-c", "exec \"$CONFAB_BIN/server\" 0 --oneroom 0 --log-level debug"}};
  REQUIRE(server.read_errors_until("oneroom on port "));
  REQUIRE(server.read_errors_until("\n"));
  const auto tagged = announced_port(server.errors(), "tagged");
  for (int i = 0; i < 1500; ++i) {  // More than a pipe of 64 KiB holds, at two lines each.
    client bob{tagged};
    REQUIRE(bob.request("slogin:bob") == "ok:logged in as bob");
  }
  kill(server.pid(), SIGTERM);
  siginfo_t ended{};
  wait_until(
      [&] {
        return ::waitid(P_PID, static_cast<id_t>(server.pid()), &ended,
                        WEXITED | WNOHANG | WNOWAIT) == 0 &&
               ended.si_pid == server.pid();
      },
      "the end of the server");
  CHECK(server.wait() == 0);
}

TEST_CASE("the limit of rooms refuses what would make one more and nothing else") {
  running_server server{{"--max-rooms", "1"}};
  auto bob = server.sender("bob", "cafe");
  auto carol = server.sender("carol");
  CHECK(carol.request("join:bar") == "err:too many rooms");
  CHECK(carol.request("join:cafe") == "ok:joined room cafe");
  CHECK(bob.request("join:bar") == "err:too many rooms");
  CHECK(bob.request("sendall:still in cafe") == "ok:message sent");
}

TEST_CASE("names longer than the limit are refused, the default is 64 bytes") {
  running_server server;
  const std::string longest(64, 'n');
  auto bob = server.connect();
  CHECK(bob.request("slogin:" + longest + "n") == "err:did not receive valid login message");
  CHECK(bob.request("slogin:" + longest) == "ok:logged in as " + longest);
  CHECK(bob.request("join:" + longest + "n") == "err:invalid room name");
  CHECK(bob.request("join:" + longest) == "ok:joined room " + longest);
}

TEST_CASE("input beyond the rate waits and loses nothing") {
  running_server server{{"--input-rate", "2000"}};
  auto bob = server.connect();
  std::string requests = "slogin:bob\n";
  for (int i = 0; i < 400; ++i)
    requests += "leave:\n";
  bob.send(requests);
  CHECK(bob.read_line() == "ok:logged in as bob");
  bob.send("leave:\n");
  for (int i = 0; i < 401; ++i)
    REQUIRE(bob.read_line() == "err:not in a room");
  CHECK(server.log_has("input comes too fast"));
}

TEST_CASE("a connection on which nothing comes and goes is closed at the idle time-out") {
  running_server server{{"--idle-timeout", "1"}};
  auto idle = server.sender("bob");
  CHECK(idle.read_to_end().empty());
  CHECK(server.log_has("idle"));
}

TEST_CASE("when all readers leave too much unread the largest backlog is cut") {
  running_server server{{"--backlog-total-max", "8MiB", "--backlog-max", "64MiB"}};
  auto slow = server.receiver("slow", "cafe", small_window);
  slow.read_when_ready(false);
  auto keen = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  const std::string text(240, 'x');
  while (!server.log_has("the server holds too many")) {
    std::string burst;
    for (int i = 0; i < 500; ++i)
      burst += "sendall:" + text + "\n";
    sender.send(burst);
    for (int i = 0; i < 500; ++i) {
      REQUIRE(sender.read_line() == "ok:message sent");
      REQUIRE(keen.read_line() == "delivery:cafe:bob:" + text);
    }
  }
  CHECK(sender.request("sendall:after the cut") == "ok:message sent");
  CHECK(keen.read_line() == "delivery:cafe:bob:after the cut");
}
