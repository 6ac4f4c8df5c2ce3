// The admin port: metrics and health over HTTP (docs/limits.md).

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/server_process.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Clients that have begun a request and go on with it byte by byte.
class tricklers {
 public:
  tricklers(const running_server& server, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      all_.push_back(std::make_unique<client>(server.admin_port()));
      all_.back()->send("GET /healthz HTTP/1.1\r\nX: ");
    }
  }

  /// Sends a byte of each request every tenth of a second until `condition` holds.
  void trickle_until(const std::function<bool()>& condition, const std::string& what,
                     client* other = nullptr) {
    std::vector<client*> everyone;
    for (const auto& each : all_)
      everyone.push_back(each.get());
    if (other != nullptr)
      everyone.push_back(other);
    pump_until(
        everyone,
        [&] {
          if (const auto now = std::chrono::steady_clock::now(); now >= next_byte_at_) {
            next_byte_at_ = now + std::chrono::milliseconds{100};
            for (const auto& each : all_)
              if (!each->ended())
                each->queue("x");
          }
          return condition();
        },
        what);
  }

  std::size_t ended() const {
    return static_cast<std::size_t>(
        std::count_if(all_.begin(), all_.end(), [](const auto& each) { return each->ended(); }));
  }

 private:
  std::vector<std::unique_ptr<client>> all_;
  std::chrono::steady_clock::time_point next_byte_at_;
};

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
  client eve{wait_for_port(server, "oneroom")};
  eve.send("eve\n" + std::string(101, 'x') + "\n");
  CHECK(eve.read_to_end().empty());
  CHECK(server.log_has("closing oneroom user 'eve' at 127.0.0.1: a line is too long"));
  CHECK(server.metric("confab_cuts_total{dialect=\"oneroom\",reason=\"offence\"}") == "1");
}

TEST_CASE("a user name cannot forge a line of the log, nor reach the terminal of its reader") {
  running_server server{{"--framed", "0"}};
  framed_client eve{wait_for_port(server, "framed")};
  eve.send("eve\n2026-11-22 info forged\x1b[2J");
  CHECK(eve.ask("/create " + std::string(65, 'n')).starts_with("This name is too long"));
  CHECK(server.log_has("user 'eve\\x0A2026-11-22 info forged\\x1B[2J' at"));
}

TEST_CASE("clients of the admin port that never end their request do not keep the server alive") {
  running_server server{{"--admin", "0"}};
  tricklers slow{server, 16};
  server.signal(SIGTERM);
  slow.trickle_until([&] { return !server.runs(); }, "the server's end");
  CHECK(server.wait() == 0);
}

TEST_CASE("health is answered beside sixteen clients that never end their request") {
  running_server server{{"--admin", "0"}};
  tricklers slow{server, 16};
  client probe{server.admin_port()};
  probe.queue("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  slow.trickle_until([&] { return probe.ended(); }, "an answer", &probe);
  CHECK(slow.ended() == 0);
  CHECK(probe.read_line() == "HTTP/1.1 200 OK\r");
}

TEST_CASE("a request to the admin port has a deadline that bytes now and then do not put off") {
  running_server server{{"--admin", "0"}};
  tricklers slow{server, 2};
  slow.trickle_until([&] { return slow.ended() == 2; }, "the end of both connections");
}

TEST_CASE("hundreds of idle clients of the admin port take few descriptors and keep nobody out") {
  running_server server{{"--admin", "0"}};
  std::vector<std::unique_ptr<client>> idle;
  for (int i = 0; i < 300; ++i)
    idle.push_back(std::make_unique<client>(server.admin_port()));
  CHECK(server.admin_page("/healthz").starts_with("HTTP/1.1 200"));
  CHECK(server.descriptors() < 100);
}

TEST_CASE("a request to the admin port is answered when its client has closed its side") {
  running_server server{{"--admin", "0"}};
  client browser{server.admin_port()};
  browser.send("GET /healthz HTTP/1.0\r\n\r\n");
  browser.shutdown_sending();
  const auto answer = browser.read_to_end();
  CHECK(answer.starts_with("HTTP/1."));
  CHECK(answer.ends_with("\r\n\r\nok\n"));
}

TEST_CASE("HEAD is answered without a body, and other methods than GET are refused") {
  running_server server{{"--admin", "0"}};
  const auto ask = [&](const std::string& request) {
    client browser{server.admin_port()};
    browser.send(request);
    return browser.read_to_end();
  };
  CHECK(ask("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").ends_with("\r\n\r\n"));
  const auto refused = ask("DELETE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(refused.starts_with("HTTP/1.1 405"));
  CHECK(has(refused, "Allow: GET, HEAD"));
}

TEST_CASE("an admin port that cannot be opened: one line with the reason, exit 1") {
  running_server server{{"--admin", "0"}};
  const auto port = std::to_string(server.admin_port());
  process second{"server", {"0", "--admin", port}};
  CHECK(second.wait(patience) == std::optional<int>{1});
  CHECK(second.errors() ==
        "server: cannot listen on admin port " + port + " of 127.0.0.1: Address already in use\n");
}

TEST_CASE("the admin port is bound to IPv4 or IPv6 addresses and to names") {
  for (const auto& [bound, reached] : std::vector<std::pair<std::string, std::string>>{
           {"127.0.0.1", "127.0.0.1"}, {"0.0.0.0", "127.0.0.1"}, {"localhost", "127.0.0.1"}}) {
    INFO(bound);
    running_server server{{"--admin", "0", "--admin-bind", bound}};
    client browser{server.admin_port(), {reached, 0}};
    CHECK(browser.request("GET /healthz HTTP/1.0\r\n\r") == "HTTP/1.1 200 OK\r");
  }
  if (has_ipv6()) {
    running_server server{{"--admin", "0", "--admin-bind", "::1"}};
    client browser{server.admin_port(), {"::1", 0}};
    CHECK(browser.request("GET /healthz HTTP/1.0\r\n\r") == "HTTP/1.1 200 OK\r");
  }
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
  while (has(server.admin_page("/metrics"), "confab_backlog_bytes{dialect=\"tagged\"} 0\n"))
    for (int i = 0; i < 200; ++i)
      REQUIRE(bob.request("sendall:" + text) == "ok:message sent");
  server.signal(SIGTERM);
  server.wait_for_log("draining");
  CHECK(server.admin_page("/readyz").starts_with("HTTP/1.1 503"));
  CHECK(server.wait() == 0);
}
