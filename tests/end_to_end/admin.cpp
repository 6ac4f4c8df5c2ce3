// The admin port: metrics and health over HTTP (docs/limits.md).

#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"

#include <csignal>
#include <string>

using namespace confab::test;

namespace {

/// The port behind `listening: admin on port `.
std::uint16_t admin_port_of(const running_server& server) {
  server.wait_for_log("listening: admin on port ");
  const std::string words = "admin on port ";
  const auto log = server.log();
  return static_cast<std::uint16_t>(std::stoul(log.substr(log.find(words) + words.size())));
}

/// The whole answer to a GET, status line and headers included.
std::string get(std::uint16_t port, const std::string& path) {
  client browser{port};
  browser.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  return browser.read_to_end();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("metrics count connections, rooms, texts in and deliveries out by dialect") {
  running_server server{{"--admin", "0", "--framed", "0"}};
  const auto admin = admin_port_of(server);
  auto alice = server.receiver("alice", "cafe");
  auto carol = server.receiver("carol", "cafe");
  auto bob = server.sender("bob", "cafe");
  CHECK(bob.request("sendall:one") == "ok:message sent");
  CHECK(bob.request("sendall:two") == "ok:message sent");
  const auto answer = get(admin, "/metrics");
  CHECK(answer.starts_with("HTTP/1.1 200"));
  CHECK(has(answer, "Content-Type: text/plain; version=0.0.4"));
  CHECK(has(answer, "# TYPE confab_connections gauge\n"));
  CHECK(has(answer, "confab_connections{dialect=\"tagged\"} 3\n"));
  CHECK(has(answer, "confab_connections{dialect=\"framed\"} 0\n"));
  CHECK(has(answer, "confab_texts_in_total{dialect=\"tagged\"} 2\n"));
  CHECK(has(answer, "confab_deliveries_out_total{dialect=\"tagged\"} 4\n"));
  CHECK(has(answer, "confab_rooms 1\n"));
}

TEST_CASE("cuts are counted by reason") {
  running_server server{{"--admin", "0", "--login-deadline", "1"}};
  const auto admin = admin_port_of(server);
  auto silent = server.connect();
  silent.read_to_end();
  CHECK(has(get(admin, "/metrics"),
            "confab_cuts_total{dialect=\"tagged\",reason=\"login_deadline\"} 1\n"));
}

TEST_CASE("a server is healthy and ready, and no longer ready while it drains") {
  running_server server{{"--admin", "0"}};
  const auto admin = admin_port_of(server);
  CHECK(get(admin, "/healthz").starts_with("HTTP/1.1 200"));
  CHECK(get(admin, "/readyz").starts_with("HTTP/1.1 200"));
  CHECK(get(admin, "/nothing").starts_with("HTTP/1.1 404"));
  auto slow = server.receiver("slow", "cafe", {"127.0.0.1", 4096});
  slow.read_when_ready(false);
  auto bob = server.sender("bob", "cafe");
  const std::string text(240, 'x');
  // Until the operating system takes no more: so the server has something to drain.
  while (has(get(admin, "/metrics"), "confab_backlog_bytes{dialect=\"tagged\"} 0\n")) {
    for (int i = 0; i < 200; ++i)
      REQUIRE(bob.request("sendall:" + text) == "ok:message sent");
  }
  server.signal(SIGTERM);
  server.wait_for_log("draining");
  CHECK(get(admin, "/readyz").starts_with("HTTP/1.1 503"));
  CHECK(server.wait() == 0);
}
