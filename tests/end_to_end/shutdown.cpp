// SIGTERM and SIGINT: no new clients, what is queued goes out, exit 0 whatever the clients do.

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

using namespace confab::test;

namespace {

constexpr std::chrono::seconds shutdown_span{5};

/// A client whose kernel takes little, so that the server soon holds what it does not read.
const connect_options small_window{"127.0.0.1", 4096};

const std::string long_text(246, 'x');

/// Has `count` texts of 246 bytes said in the cafe; all are answered ok before it returns.
void fill_backlogs(const running_server& server, std::size_t count) {
  auto sender = server.sender("bob", "cafe");
  for (std::size_t number = 0; number < count; ++number)
    sender.queue("sendall:" + long_text + '\n');
  sender.send("");
  REQUIRE(sender.read_lines(count) == std::vector<std::string>(count, "ok:message sent"));
}

/// More than the kernel holds for a client that does not read, less than the default backlog.
constexpr std::size_t texts_of_a_full_backlog = 25'000;

/// Requires that the server, which has got a signal, exits with 0 in time.
void require_exit_in_time(running_server& server, std::chrono::steady_clock::time_point since) {
  CHECK(server.wait() == 0);
  CHECK(std::chrono::steady_clock::now() - since < shutdown_span);
}

}  // namespace

TEST_CASE("SIGTERM and SIGINT end an idle server with exit 0 and nothing on stdout") {
  for (const int number : {SIGTERM, SIGINT}) {
    running_server server;
    const auto since = std::chrono::steady_clock::now();
    server.signal(number);
    require_exit_in_time(server, since);
    CHECK(server.output().empty());
    CHECK(server.log_has("shut"));
  }
}

TEST_CASE("SIGTERM closes the connections of clients in every state") {
  running_server server;
  auto unknown = server.connect();
  auto half_line = server.connect();
  half_line.send("slogin:b");
  auto sender = server.sender("bob", "cafe");
  auto receiver = server.receiver("alice", "cafe");
  const auto since = std::chrono::steady_clock::now();
  server.signal(SIGTERM);
  for (auto* each : {&unknown, &half_line, &sender, &receiver})
    CHECK(each->read_to_end().empty());
  require_exit_in_time(server, since);
}

TEST_CASE("after SIGTERM nobody is accepted any more") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe", small_window);
  receiver.read_when_ready(false);
  fill_backlogs(server, texts_of_a_full_backlog);
  server.signal(SIGTERM);
  // The full backlog holds the server up; meanwhile a newcomer is refused, or at least not served.
  server.wait_for_log("shut");
  try {
    auto newcomer = server.connect();
    newcomer.queue("slogin:bob\n");
    CHECK(newcomer.read_to_end().find("ok:") == std::string::npos);
  } catch (const std::runtime_error& refused) {
    CHECK(std::string{refused.what()}.find("connect to") == 0);
  }
  CHECK(server.wait() == 0);
}

TEST_CASE("SIGTERM: exit 0 within 5 s even when clients never read") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe", small_window);
  receiver.read_when_ready(false);
  fill_backlogs(server, texts_of_a_full_backlog);
  const auto since = std::chrono::steady_clock::now();
  server.signal(SIGTERM);
  require_exit_in_time(server, since);
  CHECK(server.output().empty());
}

TEST_CASE("SIGTERM: exit 0 within 5 s even when a client goes on sending and never reads") {
  running_server server;
  auto flooder = server.sender("bob", "cafe");
  flooder.read_when_ready(false);
  for (int number = 0; number < 500'000; ++number)
    flooder.queue("sendall:x\n");
  pump({&flooder}, std::chrono::milliseconds{10});
  const auto since = std::chrono::steady_clock::now();
  server.signal(SIGTERM);
  pump_until(
      {&flooder}, [&] { return !server.runs(); }, "the server's end");
  require_exit_in_time(server, since);
}

TEST_CASE("SIGTERM drains what is queued: a reader that goes on gets every text, then the end") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe", small_window);
  fill_backlogs(server, texts_of_a_full_backlog);
  server.signal(SIGTERM);
  server.wait_for_log("shut");
  const auto heard = split_lines(receiver.read_to_end());
  CHECK_FALSE(receiver.was_reset());
  REQUIRE(heard.size() == texts_of_a_full_backlog);
  CHECK(heard ==
        std::vector<std::string>(texts_of_a_full_backlog, "delivery:cafe:bob:" + long_text));
  CHECK(server.wait() == 0);
}

TEST_CASE(
    "SIGTERM: a client whose input was not read any more gets its replies and an end, no reset") {
  running_server server{{"--input-rate", "1000"}};
  auto bob = server.sender("bob");
  for (int chunk = 0; chunk < 3; ++chunk) {
    for (int i = 0; i < 200; ++i)
      bob.queue("leave:\n");
    bob.send("");
    if (chunk == 0) {
      REQUIRE(bob.read_line() == "err:not in a room");
      server.wait_for_log("input comes too fast");
    }
  }
  server.signal(SIGTERM);
  const auto replies = split_lines(bob.read_to_end());
  CHECK_FALSE(bob.was_reset());
  CHECK(replies.size() >= 199);
  CHECK(replies == std::vector<std::string>(replies.size(), "err:not in a room"));
  CHECK(server.wait() == 0);
}

TEST_CASE("SIGTERM drains replies: every request that was answered has its answer delivered") {
  running_server server;
  auto receiver = server.receiver("alice", "cafe");
  auto sender = server.sender("bob", "cafe");
  constexpr std::size_t texts = 2000;
  for (std::size_t number = 0; number < texts; ++number)
    sender.queue("sendall:" + std::to_string(number) + '\n');
  sender.send("");
  REQUIRE(sender.read_line() == "ok:message sent");
  server.signal(SIGTERM);
  const auto replies = split_lines(sender.read_to_end());
  const auto heard = split_lines(receiver.read_to_end());
  CHECK(replies == std::vector<std::string>(replies.size(), "ok:message sent"));
  for (std::size_t number = 0; number < heard.size(); ++number)
    REQUIRE(heard[number] == "delivery:cafe:bob:" + std::to_string(number));
  // Each ok promises that the text was queued for the receiver before.
  CHECK(heard.size() >= replies.size() + 1);
  CHECK(server.wait() == 0);
}

TEST_CASE("a second signal ends it at once, whatever is still queued") {
  for (const int second : {SIGTERM, SIGINT}) {
    running_server server;
    auto receiver = server.receiver("alice", "cafe", small_window);
    receiver.read_when_ready(false);
    fill_backlogs(server, texts_of_a_full_backlog);
    server.signal(SIGTERM);
    server.wait_for_log("shut");
    const auto since = std::chrono::steady_clock::now();
    server.signal(second);
    server.wait();
    CHECK(std::chrono::steady_clock::now() - since < std::chrono::seconds{2});
    CHECK(server.output().empty());
  }
}
