// The admin port: metrics and health over HTTP (docs/limits.md).

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/server_process.hpp"

#include <csignal>
#include <string>

using namespace confab::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("metrics count connections, rooms, texts in and deliveries out by dialect") {
  running_server server{{"--admin", "0", "--framed", "0"}};
  auto alice = server.receiver("alice", "cafe");
  auto carol = server.receiver("carol", "cafe");
  auto bob = server.sender("bob", "cafe");
  CHECK(bob.request("sendall:one") == "ok:message sent");
  CHECK(bob.request("sendall:two") == "ok:message sent");
  const auto answer = server.admin_page("/metrics");
  CHECK(answer.starts_with("HTTP/1.1 200"));
  CHECK(has(answer, "Content-Type: text/plain; version=0.0.4"));
  CHECK(has(answer, "# TYPE confab_connections gauge\n"));
  CHECK(has(answer, "confab_connections{dialect=\"tagged\"} 3\n"));
  CHECK(has(answer, "confab_connections{dialect=\"framed\"} 0\n"));
  CHECK(has(answer, "confab_texts_in_total{dialect=\"tagged\"} 2\n"));
  CHECK(has(answer, "confab_deliveries_out_total{dialect=\"tagged\"} 4\n"));
  CHECK(has(answer, "confab_rooms{dialect=\"tagged\"} 1\n"));
  CHECK(has(answer, "confab_rooms{dialect=\"framed\"} 0\n"));
}

TEST_CASE("cuts are counted by reason") {
  running_server server{{"--admin", "0", "--login-deadline", "1"}};
  auto silent = server.connect();
  silent.read_to_end();
  CHECK(has(server.admin_page("/metrics"),
            "confab_cuts_total{dialect=\"tagged\",reason=\"login_deadline\"} 1\n"));
}

TEST_CASE("limits that refuse are counted by limit, and logged with who ran into them") {
  running_server server{{"--admin", "0", "--max-rooms", "1"}};
  auto bob = server.sender("bob", "cafe");
  CHECK(bob.request("join:bar") == "err:too many rooms");
  CHECK(bob.request("join:bar") == "err:too many rooms");
  CHECK(bob.request("join:" + std::string(65, 'n')) == "err:invalid room name");
  CHECK(server.metric("confab_limits_hit_total{dialect=\"tagged\",limit=\"rooms\"}") == "2");
  CHECK(server.metric("confab_limits_hit_total{dialect=\"tagged\",limit=\"name_bytes\"}") == "1");
  CHECK(
      server.log_has("limit reached: too many rooms, one refused: tagged user 'bob' at 127.0.0.1"));
  CHECK(server.log_has("limit reached: name too long, refused: tagged user 'bob' at 127.0.0.1"));
}

TEST_CASE("what oneroom answers by closing is logged and counted") {
  running_server server{{"--admin", "0", "--oneroom", "0", "--line-max", "100"}};
  client eve{announced_port(server.log(), "oneroom")};
  eve.send("eve\n" + std::string(101, 'x') + "\n");
  CHECK(eve.read_to_end().empty());
  CHECK(server.log_has("closing oneroom user 'eve' at 127.0.0.1: a line is too long"));
  CHECK(server.metric("confab_cuts_total{dialect=\"oneroom\",reason=\"offence\"}") == "1");
}

TEST_CASE("a user name cannot forge a line of the log, nor reach the terminal of its reader") {
  running_server server{{"--framed", "0"}};
  framed_client eve{announced_port(server.log(), "framed")};
  eve.send("eve\n2026-11-22 info forged\x1b[2J");
  CHECK(eve.ask("/create " + std::string(65, 'n')).starts_with("This name is too long"));
  CHECK(server.log_has("user 'eve\\x0A2026-11-22 info forged\\x1B[2J' at"));
}

TEST_CASE("a client of the admin port that never ends its request does not keep the server alive") {
  running_server server{{"--admin", "0"}};
  REQUIRE(server.admin_page("/healthz").starts_with("HTTP/1.1 200"));
  client slow{server.admin_port()};
  slow.send("GET /healthz HTTP/1.1\r\nX: ");
  server.signal(SIGTERM);
  pump_until(
      {&slow},
      [&] {
        slow.queue("x");
        return !server.runs();
      },
      "the server's end");
  CHECK(server.wait() == 0);
}

TEST_CASE("a server is healthy and ready, and no longer ready while it drains") {
  running_server server{{"--admin", "0"}};
  CHECK(server.admin_page("/healthz").starts_with("HTTP/1.1 200"));
  CHECK(server.admin_page("/readyz").starts_with("HTTP/1.1 200"));
  CHECK(server.admin_page("/nothing").starts_with("HTTP/1.1 404"));
  auto slow = server.receiver("slow", "cafe", {"127.0.0.1", 4096});
  slow.read_when_ready(false);
  auto bob = server.sender("bob", "cafe");
  const std::string text(240, 'x');
  // Until the operating system takes no more: so the server has something to drain.
  while (has(server.admin_page("/metrics"), "confab_backlog_bytes{dialect=\"tagged\"} 0\n")) {
    for (int i = 0; i < 200; ++i)
      REQUIRE(bob.request("sendall:" + text) == "ok:message sent");
  }
  server.signal(SIGTERM);
  server.wait_for_log("draining");
  CHECK(server.admin_page("/readyz").starts_with("HTTP/1.1 503"));
  CHECK(server.wait() == 0);
}
