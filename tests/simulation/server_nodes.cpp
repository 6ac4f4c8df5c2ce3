// How gateways drain, and how nodes end and start again, as apps/server does it.

#include "tests/simulation/server.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace confab::simulation {

namespace {

using count_ptr = std::shared_ptr<std::size_t>;
using drainer_actor = caf::typed_actor<caf::reacts_to<drain_atom>>;

/// As the server waits for farewells.
constexpr std::chrono::seconds farewell_time{1};

/// Has all of them drain and counts those that have not. Whoever takes longer than that is not
/// waited for.
template <class Actor>
drainer_actor::behavior_type drainer(drainer_actor::broker_pointer self, std::vector<Actor> all,
                                     std::chrono::seconds longest, count_ptr awaited) {
  return {
      [=](drain_atom) {
        const auto note = [=] {
          if (--*awaited == 0)
            self->quit();
        };
        for (const auto& each : all)
          self->request(each, longest, drain_atom::value)
              .then([=](gateway_id) { note(); }, [=](const caf::error&) { note(); });
        if (all.empty())
          self->quit();
      },
  };
}

/// Counts those that have not ended.
drainer_actor::behavior_type end_watcher(drainer_actor::broker_pointer self,
                                         const std::vector<caf::actor>& all, count_ptr awaited) {
  self->set_down_handler([=](const caf::down_msg&) {
    if (--*awaited == 0)
      self->quit();
  });
  for (const auto& each : all)
    self->monitor(each);
  return {[](drain_atom) {}};
}

/// Both return who counts.
template <class Actor>
caf::actor have_drained(caf::actor_system& system, const std::vector<Actor>& all,
                        std::chrono::seconds longest, const count_ptr& awaited) {
  *awaited = all.size();
  const auto counter = system.middleman().spawn_broker(drainer<Actor>, all, longest, awaited);
  caf::anon_send(counter, drain_atom::value);
  return caf::actor_cast<caf::actor>(counter);
}

caf::actor watch_ends(caf::actor_system& system, const std::vector<caf::actor>& all,
                      const count_ptr& awaited) {
  *awaited = all.size();
  return caf::actor_cast<caf::actor>(system.middleman().spawn_broker(end_watcher, all, awaited));
}

/// Lets those run that have one of these numbers, until they have nothing to do.
void run_those(choosing_loop& loop, const std::vector<caf::actor_id>& ids) {
  constexpr std::size_t messages_max = 1000;
  for (std::size_t i = 0; i < loop.waiting();)
    if (std::find(ids.begin(), ids.end(), loop.id_of(i)) != ids.end()) {
      loop.run_actor(i, messages_max);
      i = 0;
    } else {
      ++i;
    }
}

std::vector<caf::actor> untyped(const std::vector<gateway_actor>& all) {
  std::vector<caf::actor> result;
  for (const auto& each : all)
    result.push_back(caf::actor_cast<caf::actor>(each));
  return result;
}

}  // namespace

void server::drain() {
  have_drained(system_, gateways_, std::chrono::seconds{3600}, drains_awaited_);
}

std::size_t server::node_of(std::size_t gateway) const {
  const auto& where = parts_.cluster.node_of_gateway;
  return where.empty() ? 0 : where[gateway];
}

bool server::listens(std::size_t gateway) const {
  const auto& home = nodes_[node_of(gateway)];
  return home.is_there && !home.ending;
}

std::vector<gateway_actor> server::gateways_of(std::size_t which) const {
  std::vector<gateway_actor> result;
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    if (node_of(i) == which)
      result.push_back(gateways_[i]);
  return result;
}

/// All that a node has from its start, but gateways.
std::vector<caf::actor> server::others_of(const node& of) {
  std::vector<caf::actor> result;
  const auto add = [&](const auto& each) {
    if (each)
      result.push_back(caf::actor_cast<caf::actor>(each));
  };
  for (const auto& peer : of.peers)
    add(peer);
  add(of.registry);
  add(of.wrapped_directory);
  if (of.directory != of.wrapped_directory)
    add(of.directory);
  add(of.quota);
  add(of.wrapped_archive);
  if (of.archive != of.wrapped_archive)
    add(of.archive);
  add(of.reader);
  return result;
}

/// What they had to do already is done, as if that had been before.
void server::kill(std::size_t which) {
  std::vector<caf::actor_id> ids;
  auto dying = untyped(gateways_of(which));
  for (auto& each : others_of(nodes_[which]))
    dying.push_back(std::move(each));
  for (const auto& each : dying) {
    caf::anon_send_exit(each, caf::exit_reason::kill);
    ids.push_back(each.id());
  }
  run_those(loop(), ids);
  be_gone(which);
}

/// What is left of it.
void server::be_gone(std::size_t which) {
  auto& gone = nodes_[which];
  config_.end_all_of(gone.registry.id());
  caf::anon_send_exit(gone.asker, caf::exit_reason::kill);
  std::vector<caf::actor_id> ids;
  for (const auto& each : gone.between) {
    caf::anon_send_exit(each, caf::exit_reason::kill);
    ids.push_back(each.id());
  }
  run_those(loop(), ids);  // Nothing more goes into its cables.
  if (const auto& storages = parts_.cluster.storages; !storages.empty() && storages[which])
    storages[which]->begin_life();
  gone.is_there = false;
  gone.ending = nullptr;
}

void server::begin_to_end(std::size_t which) {
  auto& ending = nodes_[which].ending = std::make_shared<ending_node>();
  if (parts_.cluster.ends_abruptly)
    ending->now = ending_node::phase::kills;
  nodes_[which].between.push_back(
      have_drained(system_, gateways_of(which), std::chrono::seconds{3600}, ending->drains));
}

std::string server::go_on_ending(std::size_t which) {
  auto& home = nodes_[which];
  using phase = ending_node::phase;
  auto& now = home.ending->now;
  if (now == phase::kills) {
    kill(which);
    return "is gone at once";
  }
  if (now == phase::drains && *home.ending->drains == 0) {
    now = phase::finishes;
    const auto gateways = gateways_of(which);
    home.between.push_back(watch_ends(system_, untyped(gateways), home.ending->gateways));
    for (const auto& each : gateways)
      caf::anon_send(each, finish_atom::value);
    home.between.push_back(
        have_drained(system_, home.peers, farewell_time, home.ending->farewells));
    return "has drained";
  }
  if (now == phase::finishes && *home.ending->farewells == 0 && *home.ending->gateways == 0) {
    now = phase::closes;
    home.between.push_back(watch_ends(system_, others_of(home), home.ending->others));
    for (const auto& peer : home.peers)
      caf::anon_send(peer, finish_atom::value);
    caf::anon_send(home.registry, close_atom::value);
    caf::anon_send(home.wrapped_directory, close_atom::value);
    caf::anon_send(home.quota, close_atom::value);
    if (home.wrapped_archive)
      caf::anon_send(home.wrapped_archive, close_atom::value);
    return "has said farewell";
  }
  if (now == phase::closes && *home.ending->others == 0) {
    be_gone(which);
    return "has ended";
  }
  return {};
}

void server::start(std::size_t which) {
  add_node(which);
  for (std::size_t other = 0; other < nodes_.size(); ++other)
    if (other != which)
      add_peer(which, other);
  std::vector<caf::actor_id> fresh;
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    if (node_of(i) == which) {
      add_gateway(i);
      fresh.push_back(gateways_[i].id());
    }
  run_those(loop(), fresh);  // They listen when they have run once.
}

}  // namespace confab::simulation
