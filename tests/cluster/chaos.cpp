// Nodes whose cables are cut, plugged in on one side and held, while clients talk, move and rename
// themselves, in random orders. What is judged is what clients hear.

#include "tests/support/catch.hpp"
#include "tests/support/cluster_nodes.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

using namespace confab;
using namespace confab::test;

namespace {

constexpr std::size_t nodes = 3;
constexpr connection_key clients_each = 2;

std::string name_of(std::size_t node, connection_key key) {
  return std::string(1, static_cast<char>('a' + node)) + std::to_string(key);
}

/// Cuts what a client has heard into its events.
std::vector<std::string> events_of(const std::string& heard) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin < heard.size();) {
    const auto end = heard.find_first_of(";\n)", begin);
    if (end == std::string::npos)
      break;
    result.push_back(heard.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

/// One run with this seed.
class chaos {
 public:
  explicit chaos(std::uint32_t seed) : random_(seed) {
    all_.connect_all();
    for (std::size_t node = 0; node < nodes; ++node)
      for (connection_key key = 1; key <= clients_each; ++key)
        all_.join(node, key, "nick " + name_of(node, key) + "\njoin r\n");
  }

  void run() {
    for (int step = 0; step < 60; ++step) {
      act();
      all_.run_some(pick(20), [this](std::size_t count) { return pick(count); });
    }
    heal();
  }

  /// No text comes twice, and those of one author come in the order in which they were said.
  void judge_order() const {
    for (std::size_t node = 0; node < nodes; ++node)
      for (connection_key key = 1; key <= clients_each; ++key) {
        std::map<std::string, int> latest;
        for (const auto& each : events_of(all_.heard(node, key))) {
          const auto colon = each.find(':');
          if (colon == std::string::npos)
            continue;
          auto& before = latest.try_emplace(each.substr(0, colon), -1).first->second;
          const auto number = std::stoi(each.substr(colon + 1));
          CAPTURE(name_of(node, key), each);
          REQUIRE(number > before);
          before = number;
        }
      }
  }

  /// After all links are back, everybody hears everybody, once.
  void judge_healed() {
    send_all("join r\n");
    all_.forget();
    send_all("say r 1000000\n");
    for (std::size_t node = 0; node < nodes; ++node)
      for (connection_key key = 1; key <= clients_each; ++key)
        judge_what_is_heard(node, key);
  }

 private:
  std::size_t pick(std::size_t count) { return random_() % count; }

  void send_all(const std::string& lines) {
    for (std::size_t node = 0; node < nodes; ++node)
      for (connection_key key = 1; key <= clients_each; ++key)
        all_.send(node, key, lines);
    all_.run();
  }

  void act() {
    const auto one = pick(nodes);
    const auto other = (one + 1 + pick(nodes - 1)) % nodes;
    const auto key = static_cast<connection_key>(1 + pick(clients_each));
    switch (pick(10)) {
      case 0:
        return all_.cut(one, other);
      case 1:
        return all_.connect(one, other);
      case 2:
        return all_.plug(one, other);
      case 3:
        return all_.hold(one, other, pick(2) == 0);
      case 4:
        return all_.send(one, key, pick(2) == 0 ? "leave r\n" : "join r\n");
      case 5:
        return all_.send(one, key, "topic r t" + std::to_string(texts_) + "\n");
      default:
        return all_.send(one, key, "say r " + std::to_string(texts_++) + "\n");
    }
  }

  void heal() {
    for (std::size_t one = 0; one < nodes; ++one)
      for (std::size_t other = 0; other < nodes; ++other)
        if (one != other)
          all_.hold(one, other, false);
    all_.connect_all();
    all_.run();
  }

  void judge_what_is_heard(std::size_t node, connection_key key) {
    const auto heard = events_of(all_.heard(node, key));
    for (std::size_t from = 0; from < nodes; ++from)
      for (connection_key each = 1; each <= clients_each; ++each) {
        const auto text = name_of(from, each) + ":1000000";
        CAPTURE(name_of(node, key), text, all_.heard(node, key));
        REQUIRE(std::count(heard.begin(), heard.end(), text) == 1);
      }
  }

  cluster all_{{"a", "b", "c"}};
  std::mt19937 random_;
  int texts_ = 0;
};

}  // namespace

TEST_CASE("whatever happens to links, no text comes twice, and all heals") {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    chaos run{seed};
    run.run();
    run.judge_order();
    run.judge_healed();
  }
}
