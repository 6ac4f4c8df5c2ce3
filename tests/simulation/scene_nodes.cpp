// What a scene does for several nodes: cables, and how all come together in the end.

#include "actors/room.hpp"
#include "tests/simulation/irc_line.hpp"
#include "tests/simulation/scene.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace confab::simulation {

namespace {

/// Whoever was not welcome says hello again within this; often enough for three nodes.
constexpr std::chrono::milliseconds hello_time{1100};
constexpr std::size_t hellos = 4;
/// So often rooms may tell each other what was set in them until all nodes agree.
constexpr std::size_t settlings = 4;

/// Two rounds of comparing: what comes with the first one may be missing elsewhere.
constexpr std::size_t seconds_to_converge = 12;

/// Cables that were not lost are new all the same, in so many of 100 cases.
constexpr std::size_t anew_percent = 20;

/// Asks a node what there is, as a client of IRC that is in no room.
class inquirer {
 public:
  inquirer(test::simulated_link_ptr wire, const std::set<std::string>& rooms)
      : wire_(std::move(wire)) {
    std::string asked = "NICK inquirer\r\nUSER q 0 * :Q\r\nLIST\r\nLUSERS\r\n";
    for (const auto& room : rooms) {
      asked += "NAMES #" + room + "\r\nMODE #" + room + "\r\n";
      for (const char* list : {" b\r\n", " e\r\n", " I\r\n"})
        asked += "MODE #" + room + list;
    }
    wire_->peer_sends(asked);
  }

  /// What it was told, in words that do not depend on the node: without the nick of who asked, and
  /// with the members of a room in order.
  std::set<std::string> told() {
    static const std::set<std::string> numbers{"322", "353", "324", "367", "348", "346", "251"};
    std::set<std::string> result;
    std::string got = wire_->peer_got();
    for (std::size_t start = 0; start < got.size();) {
      const auto end = std::min(got.find("\r\n", start), got.size());
      const auto line = parse_irc_line(std::string_view{got}.substr(start, end - start));
      start = end + 2;
      if (!numbers.contains(line.command))
        continue;
      if (line.is("353"))
        add_members(line, result);
      else
        result.insert(words_of(line));
    }
    return result;
  }

  /// Lets the network do one thing. False if there is none.
  bool step() { return wire_->step(); }

  void leave() { wire_->peer_resets(); }

 private:
  static std::string words_of(const irc_line& line) {
    std::string words = line.command;
    // When an entry of a list was set is told in seconds, and each node may have its own.
    const auto count = line.is("367") || line.is("348") || line.is("346") ? std::size_t{3}
                                                                          : line.parameters.size();
    for (std::size_t i = 1; i < count; ++i)
      words += " " + line.parameter(i);
    return words;
  }

  static void add_members(const irc_line& line, std::set<std::string>& result) {
    auto rest = line.parameter(3);
    for (std::size_t start = 0; start < rest.size();) {
      const auto end = std::min(rest.find(' ', start), rest.size());
      result.insert("in " + line.parameter(2) + ": " + rest.substr(start, end - start));
      start = end + 1;
    }
  }

  test::simulated_link_ptr wire_;
};

}  // namespace

bool scene::step_cables() {
  if (!cables_)
    return false;
  bounds_.begin_step(clients_);
  const auto what = cables_->carry(random_);
  if (what.empty())
    return false;
  done(what);
  return true;
}

bool scene::meddle_with_cables() {
  bounds_.begin_step(clients_);
  done(cables_->meddle(random_));
  return true;
}

void scene::join_nodes() {
  cables_->set_now(now_ + 1, server_.seconds());
  set_advancing_time(now_ * static_cast<std::uint64_t>(plan_.nodes->step_ms));
  if (!plan_.nodes->joined_at_start)
    return;
  cables_->join_all(random_, 0);
  done("all nodes are joined");
  for (std::size_t i = 0; i < hellos; ++i) {
    come_to_rest("when the nodes are joined");
    server_.pass_time(hello_time);
  }
  come_to_rest("when the nodes are joined");
}

/// All nodes are joined, and everybody says something: once so that those whose nick has become
/// another one notice, and once for the others to hear.
void scene::heal() {
  have_all_nodes();
  for (std::size_t i = 0; i < hellos; ++i) {
    if (i == 0)
      cables_->join_all(random_, anew_percent);
    else
      cables_->join_all(random_, 0);
    server_.pass_time(hello_time);
    done("all nodes are joined");
    come_to_rest("when all nodes are joined");
  }
  let_everyone_read();
  // With little credit, all at once would be too much.
  const bool at_once = plan_.nodes->credit_bytes >= link_settings{}.credit_bytes;
  for (const auto& each : clients_) {
    each->speak(random_);
    if (!at_once)
      come_to_rest("when all nodes are joined");
  }
  come_to_rest("when all nodes are joined");
  healed_ = now_;
  for (const auto& each : clients_) {
    each->speak(random_);
    if (!at_once || random_.chance(50))
      come_to_rest("when everybody speaks");
  }
  come_to_rest("when everybody has spoken");
  for (std::size_t i = 0; i < settlings; ++i) {
    server_.pass_time(settling_pause);
    come_to_rest("when rooms have settled");
  }
  stand_ins_at_end_ = server_.stand_ins_in_memory();
}

/// Somebody takes back any text, at any node that has it.
bool scene::take_text_back() {
  const auto node = random_.below(storages_.size());
  const auto text = storages_[node] ? storages_[node]->any_text(random_) : nullptr;
  if (!text)
    return false;
  bounds_.begin_step(clients_);
  server_.take_back(node, *text);
  done("a text is taken back at node " + cables::name_of(node));
  return true;
}

/// Disks have room again, unless one is to stay full; and comparing has its time.
void scene::let_histories_converge() {
  archives_.resize(storages_.size());
  for (std::size_t node = 0; node < storages_.size(); ++node)
    if (storages_[node])
      plan_.nodes->archives[node]->stays_full ? storages_[node]->stay_full()
                                              : storages_[node]->calm();
  for (std::size_t i = 0; i < seconds_to_converge && !storages_.empty(); ++i) {
    server_.pass_time(std::chrono::seconds{1});
    done("a second passes");
    come_to_rest("when histories converge");
  }
  for (std::size_t node = 0; node < storages_.size(); ++node)
    if (storages_[node])
      archives_[node] =
          node_archive{{}, storages_[node]->contents(), plan_.nodes->archives[node]->stays_full};
}

std::set<std::string> scene::rooms_of_all_nodes() {
  std::set<std::string> result;
  server_.ask_for_rooms();
  come_to_rest("when asked for the rooms");
  for (std::size_t node = 0; node < server_.nodes(); ++node)
    if (const auto& rooms = server_.rooms(node))
      for (const auto& room : *rooms)
        if (room.find(' ') == std::string::npos)  // Else it is no name for IRC.
          result.insert(room);
  return result;
}

/// One after the other, so that there is the same to be seen on each.
void scene::ask_all_nodes(const std::set<std::string>& rooms) {
  for (std::size_t node = 0; node < server_.nodes(); ++node) {
    const auto& where = plan_.nodes->node_of_gateway;
    const auto gateway =
        static_cast<std::size_t>(std::find(where.begin(), where.end(), node) - where.begin());
    inquirer asks{server_.connect(gateway), rooms};
    do
      come_to_rest("when a node is asked");
    while (asks.step());
    views_.push_back({node, asks.told()});
    asks.leave();
    asks.step();
    come_to_rest("when a node has been asked");
  }
}

}  // namespace confab::simulation
