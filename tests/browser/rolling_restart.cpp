// A browser at each of three nodes, which are restarted in turn while people talk: the issue's
// "Rolling restart of three nodes under load with reconnecting clients (browser and irssi): nothing
// acknowledged is lost". irssi is in tests/faults/cluster.

#include "tests/browser/chat_page.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/restart_ports.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/socket.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace confab::test;

namespace {

constexpr std::size_t nodes = 3;

/// For all that takes long because a machine is busy.
constexpr std::chrono::milliseconds patient_span{60'000};

/// Between two texts of one talker, which would fill the page otherwise.
constexpr std::chrono::milliseconds talking_pause{20};

/// The nodes a, b and c on loopback, each with a history, the page and a port for talkers.
class nodes_with_pages {
 public:
  nodes_with_pages() {
    const auto ports = restart_ports(3 * nodes);
    for (std::size_t node = 0; node < nodes; ++node)
      places_[node] = {ports[3 * node], ports[3 * node + 1], ports[3 * node + 2]};
    // Each lets clients in when it has caught up with the others, so they have to start together.
    for (std::size_t node = 0; node < nodes; ++node)
      begin(node);
    for (std::size_t node = 0; node < nodes; ++node)
      await_start(node);
  }

  /// SIGTERM, and started again as soon as it has ended. Returns when clients are let in.
  void restart(std::size_t node) {
    servers_[node]->stop();
    begin(node);
    await_start(node);
  }

  std::string page(std::size_t node) const {
    return "http://127.0.0.1:" + std::to_string(places_[node].web) + "/";
  }
  std::uint16_t talking_port(std::size_t node) const { return places_[node].oneroom; }
  bool log_has(std::size_t node, const std::string& words) const {
    return servers_[node]->log_has(words);
  }

 private:
  /// Ports, which a node has again when it is restarted.
  struct place {
    std::uint16_t web = 0;
    std::uint16_t oneroom = 0;
    std::uint16_t link = 0;
  };

  static std::string name(std::size_t node) { return {static_cast<char>('a' + node)}; }

  void begin(std::size_t node) {
    const auto& own = places_[node];
    std::vector<std::string> options{"--bind",    "127.0.0.1",
                                     "--web",     std::to_string(own.web),
                                     "--oneroom", std::to_string(own.oneroom),
                                     "--history", folder_.file(name(node)),
                                     "--node",    name(node),
                                     "--cluster", "127.0.0.1:" + std::to_string(own.link)};
    for (std::size_t other = 0; other < nodes; ++other)
      if (other != node)
        options.insert(
            options.end(),
            {"--peer", name(other) + "=127.0.0.1:" + std::to_string(places_[other].link)});
    servers_[node] = std::make_unique<running_server>(options, start_of_server::under_way);
  }

  void await_start(std::size_t node) {
    servers_[node]->await_start();
    servers_[node]->wait_for_log("listening: oneroom");
    servers_[node]->wait_for_log("listening: web");
  }

  temporary_folder folder_;
  std::array<place, nodes> places_;
  std::array<std::unique_ptr<running_server>, nodes> servers_;
};

/// Says one text after the other in the lobby, each when the one before was acknowledged by its
/// echo. When the connection is lost, it comes back under another name.
class talker {
 public:
  talker(std::size_t number, std::uint16_t port) : number_(number), port_(port) {}

  void talk(const std::stop_token& end) {
    while (!end.stop_requested()) {
      try {
        talk_on_one_connection(end);
      } catch (const std::exception&) {  // The node is being restarted.
        std::this_thread::sleep_for(talking_pause);
      }
    }
  }

  const std::vector<shown_text>& acknowledged() const { return acknowledged_; }
  std::size_t connections() const { return connections_; }

 private:
  void talk_on_one_connection(const std::stop_token& end) {
    client wire{port_};
    const auto name = "t" + std::to_string(number_) + "x" + std::to_string(++connections_);
    wire.send(name + "\n");
    while (!end.stop_requested()) {
      const auto text = "text " + std::to_string(++said_) + " of " + std::to_string(number_);
      wire.send(text + "\n");
      while (wire.read_line() != name + ":" + text) {
      }
      acknowledged_.push_back({name + "/oneroom", text});
      std::this_thread::sleep_for(talking_pause);
    }
  }

  std::size_t number_;
  std::uint16_t port_;
  std::size_t connections_ = 0;
  std::size_t said_ = 0;
  std::vector<shown_text> acknowledged_;
};

/// Who is shown to have said each text, as often as it is shown.
std::multimap<std::string, std::string> by_text(const std::vector<shown_text>& log) {
  std::multimap<std::string, std::string> result;
  for (const auto& each : log)
    result.emplace(each.text, each.author);
  return result;
}

}  // namespace

TEST_CASE("nodes are restarted in turn: pages show each acknowledged text once, by its author") {
  if (!has_browser())
    return;
  nodes_with_pages all;
  browser chromium;
  std::vector<std::unique_ptr<chat_page>> pages;
  for (std::size_t node = 0; node < nodes; ++node) {
    pages.push_back(std::make_unique<chat_page>(chromium));
    pages[node]->enter(all.page(node), "reader" + std::to_string(node), "lobby");
    pages[node]->wait_until_settled(patient_span);
  }
  std::vector<talker> talkers;
  for (std::size_t node = 0; node < nodes; ++node)
    talkers.emplace_back(node, all.talking_port(node));
  const int rounds = long_run() ? 10 : 2;
  {
    std::vector<std::jthread> threads;
    for (auto& each : talkers)
      threads.emplace_back([&each](const std::stop_token& end) { each.talk(end); });
    for (int round = 0; round < rounds; ++round)
      for (std::size_t node = 0; node < nodes; ++node) {
        std::this_thread::sleep_for(std::chrono::seconds{1});  // They talk.
        all.restart(node);
        CHECK(!all.log_has(node, "has not caught up"));
      }
    for (auto& each : pages)
      each->wait_until_settled(patient_span);
  }
  for (auto& each : talkers) {
    CHECK(each.connections() > static_cast<std::size_t>(rounds));
    REQUIRE(!each.acknowledged().empty());
    for (auto& page : pages)
      page->wait_for(each.acknowledged().back().text, patient_span);
  }
  for (auto& page : pages) {
    page->wait_until_settled(patient_span);
    const auto shown = by_text(page->log());
    for (const auto& each : talkers)
      for (const auto& text : each.acknowledged()) {
        INFO(text << " at the page of node " << &page - &pages.front());
        CHECK(shown.count(text.text) == 1);
        if (const auto found = shown.find(text.text); found != shown.end())
          CHECK(found->second == text.author);
      }
    CHECK(page->complaints().empty());
  }
}
