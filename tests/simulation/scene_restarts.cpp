// What a scene does to whole nodes: they are killed, end in order, and start again.

#include "tests/simulation/scene.hpp"

#include <chrono>
#include <utility>

namespace confab::simulation {

namespace {

/// The other nodes notice at once that one is gone, in so many of 100 cases.
constexpr std::size_t noticed_percent = 70;

/// A node that comes back is joined with the others at once, in so many.
constexpr std::size_t joined_percent = 80;

/// One that ends in order is killed after all, each time that something is to happen to it.
constexpr std::size_t impatience_percent = 20;

/// A node that was told to end has ended within so many half seconds.
constexpr std::size_t half_seconds_to_end = 20;

}  // namespace

/// A gateway of a node that takes clients, if there is one.
std::optional<std::size_t> scene::open_gateway() {
  const auto count = plan_.gateways.size();
  const auto any = random_.below(count);
  for (std::size_t i = 0; i < count; ++i)
    if (const auto which = (any + i) % count; server_.listens(which))
      return which;
  return std::nullopt;
}

/// A node that ends in order does the next thing, if there is one.
bool scene::go_on_with_ends() {
  for (std::size_t node = 0; node < server_.nodes(); ++node) {
    if (!server_.is_ending(node))
      continue;
    bounds_.begin_step(clients_);
    const auto what = server_.go_on_ending(node);
    if (what.empty())
      continue;
    if (!server_.is_there(node))
      cables_->lose_node(node, random_.chance(noticed_percent), random_);
    done("node " + cables::name_of(node) + " " + what);
    return true;
  }
  return false;
}

/// It is gone, and so are all that were connected to it.
void scene::lose_node(std::size_t which, bool others_notice) {
  for (const auto& each : clients_)
    if (each->seen().node == which && each->open()) {
      each->seen().node_killed = now_ + 1;
      each->reset();
    }
  cables_->lose_node(which, others_notice, random_);
}

void scene::start_node(std::size_t which) {
  server_.start(which);
  const bool is_joined = plan_.nodes->meddle_weight == 0 || random_.chance(joined_percent);
  cables_->bring_back(which, is_joined, random_);
  done("node " + cables::name_of(which) + " starts");
}

/// One of them is always there.
bool scene::trouble_a_node() {
  const auto node = random_.below(server_.nodes());
  bounds_.begin_step(clients_);
  if (!server_.is_there(node)) {
    start_node(node);
    return true;
  }
  std::size_t others = 0;
  for (std::size_t other = 0; other < server_.nodes(); ++other)
    others += other != node && server_.is_there(other) && !server_.is_ending(other) ? 1U : 0U;
  if (others == 0 || (server_.is_ending(node) && !random_.chance(impatience_percent)))
    return false;
  if (server_.is_ending(node) || random_.chance(plan_.nodes->kill_percent)) {
    lose_node(node, random_.chance(noticed_percent));
    server_.kill(node);
    done("node " + cables::name_of(node) + " is killed");
    return true;
  }
  for (const auto& each : clients_)
    if (each->seen().node == node && each->open())
      each->seen().node_ends = now_ + 1;
  server_.begin_to_end(node);
  done("node " + cables::name_of(node) + " is to end");
  return true;
}

/// Those that end do so, and those that are gone start again: with all cables whole, since what is
/// under way may wait for the other nodes.
void scene::have_all_nodes() {
  const auto start_all = [this] {
    for (std::size_t node = 0; node < server_.nodes(); ++node)
      if (!server_.is_there(node))
        start_node(node);
    cables_->join_all(random_, 0);
  };
  const auto somebody_ends = [this] {
    for (std::size_t node = 0; node < server_.nodes(); ++node)
      if (server_.is_ending(node))
        return true;
    return false;
  };
  start_all();
  for (std::size_t i = 0; i < half_seconds_to_end && somebody_ends(); ++i) {
    come_to_rest("when nodes end");
    while (go_on_with_ends())
      come_to_rest("when nodes end");
    start_all();
    server_.pass_time(std::chrono::milliseconds{500});
  }
  for (std::size_t node = 0; node < server_.nodes(); ++node)
    if (server_.is_ending(node)) {
      find("node " + cables::name_of(node) + " does not end");
      lose_node(node, true);
      server_.kill(node);
    }
  start_all();
}

}  // namespace confab::simulation
