// Two server processes whose histories become equal: docs/cluster.md, "What is promised".

#include "tests/support/catch.hpp"
#include "tests/support/mixed_server.hpp"
#include "tests/support/process.hpp"
#include "tests/support/restart_ports.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

/// Nodes of one cluster, each with a history.
class remembering_nodes {
 public:
  /// With these options besides. They start together, since each lets clients in when it has caught
  /// up with the others.
  explicit remembering_nodes(std::vector<std::string> names,
                             std::vector<std::string> more_options = {})
      : names_(std::move(names)), more_options_(std::move(more_options)) {
    ports_ = restart_ports(names_.size());
    servers_.resize(names_.size());
    for (std::size_t i = 0; i < names_.size(); ++i)
      begin(i);
    for (auto& each : servers_)
      each->await_start();
  }

  mixed_server& at(std::size_t node) { return *servers_[node]; }

  /// Nobody else has had it.
  std::string next_nick() { return "asks" + std::to_string(++nicks_); }

  void start(std::size_t node) {
    begin(node);
    servers_[node]->await_start();
  }

  void kill(std::size_t node) {
    servers_[node]->signal(SIGKILL);
    REQUIRE(servers_[node]->wait() == 128 + SIGKILL);
    servers_[node].reset();
  }

 private:
  void begin(std::size_t node) {
    std::vector<std::string> options{"--irc",     "0",
                                     "--node",    names_[node],
                                     "--cluster", "127.0.0.1:" + std::to_string(ports_[node]),
                                     "--history", folder_.file(names_[node])};
    for (std::size_t other = 0; other < names_.size(); ++other)
      if (other != node) {
        options.emplace_back("--peer");
        options.push_back(names_[other] + "=127.0.0.1:" + std::to_string(ports_[other]));
      }
    options.insert(options.end(), more_options_.begin(), more_options_.end());
    servers_[node] = std::make_unique<mixed_server>(options, start_of_server::under_way);
  }

  temporary_folder folder_;
  int nicks_ = 0;
  std::vector<std::string> names_;
  std::vector<std::string> more_options_;
  std::vector<std::uint16_t> ports_;
  std::vector<std::unique_ptr<mixed_server>> servers_;
};

/// A client of IRC that has logged in and is in #cafe.
class reader {
 public:
  reader(const running_server& server, const std::string& nick)
      : wire_(wait_for_port(server, "irc")) {
    wire_.send("CAP REQ :batch server-time message-tags draft/chathistory\r\nNICK " + nick +
               "\r\nUSER u 0 * :r\r\nCAP END\r\nJOIN #cafe\r\n");
    while (next().find(" 366 ") == std::string::npos) {
    }
  }

  /// Ids, times and texts of the last hundred and of those before; what the server answers.
  std::vector<std::string> history() {
    std::vector<std::string> result;
    for (const std::string& page :
         {std::string{"LATEST #cafe *"},
          std::string{"AFTER #cafe "} + "timestamp=2000-01-01T00:00:00.000Z"})
      for (const auto& line : ask("CHATHISTORY " + page + " 100\r\n"))
        if (const auto text = line.find(" PRIVMSG #cafe :"); text != std::string::npos)
          result.push_back(tags_of(line) + line.substr(text));
    return result;
  }

  void say(const std::string& text) { ask("PRIVMSG #cafe :" + text + "\r\n"); }

  /// Takes back a text that is among the last hundred. Returns why not; empty: it has done it.
  std::string take_back(const std::string& text) {
    std::string id;
    for (const auto& line : ask("CHATHISTORY LATEST #cafe * 100\r\n"))
      if (line.ends_with(" PRIVMSG #cafe :" + text)) {
        const auto begin = line.find("msgid=") + 6;
        id = line.substr(begin, line.find_first_of("; ", begin) - begin);
      }
    const std::string failure = " FAIL REDACT ";
    for (const auto& line : ask("REDACT #cafe " + id + "\r\n"))
      if (const auto found = line.find(failure); found != std::string::npos) {
        const auto begin = found + failure.size();
        return line.substr(begin, line.find(' ', begin) - begin);
      }
    return {};
  }

 private:
  /// All lines up to the answer of a PING that is sent behind these lines.
  std::vector<std::string> ask(const std::string& lines) {
    wire_.send(lines + "PING behind\r\n");
    std::vector<std::string> result;
    for (auto line = next(); line.find("PONG") == std::string::npos; line = next())
      result.push_back(line);
    return result;
  }

  /// Without the name of the batch, which is one of the answer.
  static std::string tags_of(const std::string& line) {
    std::string result;
    const auto tags = line.substr(0, line.find(' ')) + ";";
    for (std::size_t begin = 1, end = 0; (end = tags.find(';', begin)) != std::string::npos;
         begin = end + 1)
      if (const auto tag = tags.substr(begin, end - begin); !tag.starts_with("batch="))
        result += tag + ";";
    return result;
  }

  std::string next() {
    auto line = wire_.read_line();
    if (line.ends_with('\r'))
      line.pop_back();
    return line;
  }

  client wire_;
};

/// Says texts one after the other.
void say(client& speaker, const std::string& words, int count) {
  std::string requests;
  for (int i = 0; i < count; ++i)
    requests += "sendall:" + words + " " + std::to_string(i) + "\n";
  speaker.send(requests);
  for (int i = 0; i < count; ++i)
    REQUIRE(speaker.read_line() == "ok:message sent");
}

void wait_until_equal(remembering_nodes& nodes, std::size_t count, std::size_t texts) {
  const auto are_equal = [&] {
    std::vector<std::vector<std::string>> found;
    for (std::size_t node = 0; node < count; ++node)
      found.push_back(reader{nodes.at(node), nodes.next_nick()}.history());
    return found[0].size() >= texts && found == std::vector(count, found[0]);
  };
  wait_until(are_equal, "the histories did not become equal");
}

}  // namespace

TEST_CASE("what was said while a node was down is in its history when it is back") {
  remembering_nodes nodes{{"a", "b"}};
  auto ann = nodes.at(0).sender("ann", "cafe");
  auto bob = nodes.at(1).sender("bob", "cafe");
  say(bob, "before", 10);
  wait_until_equal(nodes, 2, 20);
  nodes.kill(1);
  say(ann, "alone", 100);
  nodes.start(1);
  wait_until_equal(nodes, 2, 200);
  auto late = nodes.at(1).sender("bob", "cafe");
  say(late, "after", 10);
  wait_until_equal(nodes, 2, 200);
}

TEST_CASE("three nodes of which each was alone for a while have one history in the end") {
  remembering_nodes nodes{{"a", "b", "c"}};
  for (std::size_t down = 0; down < 3; ++down) {
    nodes.kill(down);
    for (std::size_t node = 0; node < 3; ++node)
      if (node != down) {
        auto speaker = nodes.at(node).sender("s" + std::to_string(node), "cafe");
        say(speaker, "without " + std::to_string(down), 7);
      }
    nodes.start(down);
  }
  wait_until_equal(nodes, 3, 84);
}

// docs/cluster.md, "Restarting one after the other": "So whoever comes finds a history without a
// hole, and whoever is in a room is told all that is said there and acknowledged, on whatever
// node."
TEST_CASE("a node that is restarted has caught up when the first client gets in") {
  remembering_nodes nodes{{"a", "b"}};
  auto ann = nodes.at(0).sender("ann", "cafe");
  std::size_t said = 0;
  for (int round = 0; round < 3; ++round) {
    nodes.kill(1);
    say(ann, "alone " + std::to_string(round), 20);
    said += 20;
    nodes.start(1);
    reader first{nodes.at(1), nodes.next_nick()};
    CHECK(first.history().size() == 2 * said);  // Once in each of two pages.
    auto listener = nodes.at(1).receiver("bob", "cafe");
    REQUIRE(ann.request("sendall:together") == "ok:message sent");
    ++said;
    CHECK(listener.read_line() == "delivery:cafe:ann:together");
    CHECK_FALSE(nodes.at(1).log_has("has not caught up"));
  }
}

// docs/cluster.md, "What does not cross yet": "`--replay` shows ... before that what the history
// has. After a restart that is all."
TEST_CASE("what was said while a node was down is replayed to whoever comes into the room there") {
  remembering_nodes nodes{{"a", "b"}, {"--replay", "5"}};
  auto ann = nodes.at(0).sender("ann", "cafe");
  say(ann, "before", 3);
  nodes.kill(1);
  say(ann, "alone", 4);
  nodes.start(1);
  say(ann, "after", 2);
  auto listener = nodes.at(1).receiver("bob", "cafe");
  for (const auto* text : {"alone 1", "alone 2", "alone 3", "after 0", "after 1"})
    CHECK(listener.read_line() == std::string{"delivery:cafe:ann:"} + text);
  require_nothing_pending(listener);
}

// docs/history.md: "An operator of the room may take back what was said since the room was last
// made."
TEST_CASE("an operator of a room takes back what was said there on another node") {
  remembering_nodes nodes{{"a", "b"}};
  reader founder{nodes.at(0), "olga"};
  auto bob = nodes.at(1).sender("bob", "cafe");
  reader guest{nodes.at(1), "eve"};
  say(bob, "secret", 1);
  say(bob, "kept", 1);
  CHECK(guest.take_back("secret 0") == "REDACT_FORBIDDEN");
  CHECK(founder.take_back("secret 0").empty());
  wait_until([&] { return guest.history().size() == 2; }, "it is not taken back on the other node");
  CHECK(founder.history() == guest.history());
}

// docs/cluster.md: "seconds after two nodes are linked again, each has what was kept on the other
// one meanwhile, and that texts were taken back", and docs/history.md: what was taken back is not
// shown any more, by `--replay` neither.
TEST_CASE("what was taken back while a node was cut off is not replayed to who comes there") {
  remembering_nodes nodes{{"a", "b"}, {"--replay", "5"}};
  auto bob = nodes.at(1).receiver("bob", "cafe");  // So the room lives on there.
  reader ann{nodes.at(0), "ann"};
  ann.say("secret");
  ann.say("kept");
  nodes.at(1).signal(SIGSTOP);
  nodes.at(0).wait_for_log("lost b");
  CHECK(ann.take_back("secret").empty());
  nodes.at(1).signal(SIGCONT);
  wait_until_equal(nodes, 2, 2);
  auto late = nodes.at(1).receiver("eve", "cafe");
  CHECK(late.read_line() == "delivery:cafe:ann:kept");
  require_nothing_pending(late);
}

// docs/cluster.md: "A node from which nothing comes for 3 s, since it is down or cut off, is not
// waited for", and until then "connections are refused, and `/readyz` answers 503".
TEST_CASE("a node whose peer is not there lets clients in after a bounded time, and says so") {
  const auto port = restart_ports(1).front();
  process server{"server",
                 {"--framed", std::to_string(port), "--admin", "0", "--node", "b", "--cluster",
                  "127.0.0.1:0", "--peer", "a=127.0.0.1:9"}};
  REQUIRE(server.read_errors_until("listening: admin on port ", patience));
  REQUIRE(server.read_errors_until("\n", patience));
  const auto get = [&server](const std::string& page) {
    client browser{announced_port(server.errors(), "admin")};
    browser.send("GET " + page + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    return browser.read_to_end();
  };
  const auto lets_in = [&server] {
    return server.running() && server.errors().find("listening: framed") != std::string::npos;
  };
  const auto early_health = get("/healthz");
  const auto early_answer = get("/readyz");
  const auto early_metrics = get("/metrics");
  const bool got_in = [port] {
    try {
      client{port};
      return true;
    } catch (const std::system_error&) {
      return false;
    }
  }();
  CHECK(early_health.find(" 200 ") != std::string::npos);
  CHECK(early_metrics.find("confab_cluster_link_up{peer=\"a\"} 0") != std::string::npos);
  if (!lets_in()) {  // As it should be, unless this machine has taken three seconds for that.
    CHECK(early_answer.find(" 503 ") != std::string::npos);
    CHECK_FALSE(got_in);
  }
  REQUIRE(server.read_errors_until(
      "clients are let in although this node has not caught up with a (there is no link)",
      patience));
  REQUIRE(server.read_errors_until("listening: framed", patience));
  CHECK_NOTHROW(client{port});
  wait_until([&] { return get("/readyz").find(" 200 ") != std::string::npos; }, "it is not ready");
  CHECK(get("/metrics").find("confab_connections{dialect=\"framed\"}") != std::string::npos);
  server.signal(SIGTERM);
  CHECK(server.wait(patience) == 0);
}

TEST_CASE("a node that is told to end while it waits for others ends at once, with 0") {
  process server{"server",
                 {"0", "--node", "b", "--cluster", "127.0.0.1:0", "--peer", "a=127.0.0.1:9"}};
  REQUIRE(server.read_errors_until("clients are let in when this node has caught up", patience));
  server.signal(SIGTERM);
  CHECK(server.wait(patience) == 0);
  CHECK(server.errors().find("shutdown: done") != std::string::npos);
}
