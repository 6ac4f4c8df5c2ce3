#pragma once

#include "actors/dialect.hpp"
#include "actors/directory.hpp"
#include "actors/quota.hpp"
#include "actors/registry.hpp"
#include "io/gateway/gateway.hpp"
#include "tests/simulation/cables.hpp"
#include "tests/simulation/loop.hpp"
#include "tests/simulation/storage.hpp"
#include "tests/support/simulated_network.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/scheduler/test_coordinator.hpp>

/// The server under test: everything real but the sockets, the clock and the order of events.
namespace confab::simulation {

/// What the clock on the wall shows in all runs. Nothing that the model judges depends on it.
inline std::int64_t simulated_time_ms() {
  return 1'700'000'000'000;
}

/// The same, where nodes have to tell what is older: later in each step of a run.
std::int64_t advancing_time_ms();

/// Sets what `advancing_time_ms` shows.
void set_advancing_time(std::uint64_t steps);

/// Puts an actor in front of the directory, which clients then talk to.
using directory_wrapper = directory_actor (*)(caf::actor_system& system, directory_actor real);

/// Puts an actor in front of the archive, which rooms then talk to.
using archive_wrapper = archive_actor (*)(caf::actor_system& system, archive_actor real);

/// How several nodes are joined.
struct cluster_parts {
  cables_ptr lines = nullptr;                ///< Null: there is one node.
  std::vector<std::size_t> node_of_gateway;  ///< Empty: all are of the one.
  std::size_t credit_bytes = link_settings{}.credit_bytes;
  std::size_t news_each_max = link_settings{}.news_each_max;
  bool redials = false;                         ///< A peer may ask for a new connection.
  stand_in_spawner spawn_stand_in = nullptr;    ///< Null: the server's own.
  std::vector<simulated_storage_ptr> storages;  ///< Of each node; empty or null: it has none.
  bool ends_abruptly = false;                   ///< A node that is to end in order is gone at once.
  std::uint64_t run_after = 0;  ///< Not 0: nodes take this for the latest run that was.
};

/// What a server is made of.
struct server_parts {
  std::vector<std::shared_ptr<const dialect>> dialects;  ///< One gateway each,
  std::vector<output_memory_ptr> memories;               ///< and what its output takes up.
  room_limits rooms = {.rooms_max = 100, .kept_vacant_max = 100};
  directory_limits remembered;
  gateway_limits gateways;
  quota_limits all = {.connections_max = 1'000'000,
                      .connections_per_address_max = 1'000'000,
                      .backlog_bytes_max = std::size_t{1} << 40};
  room_spawner spawn_room = nullptr;           ///< Null: the server's own.
  directory_wrapper wrap_directory = nullptr;  ///< Null: there is nothing in front of it.
  simulated_storage_ptr storage = nullptr;     ///< Of the archive of one node; null: it has none.
  std::size_t replay_texts = 0;                ///< As in `room_setup`.
  archive_wrapper wrap_archive = nullptr;      ///< Null: there is nothing in front of it.
  bool has_layers = false;                     ///< Many of its connections pass through some.
  session_spawner spawn_session = nullptr;     ///< Null: the server's own.
  std::size_t loops = 1;   ///< The gateways are in one after the other, all else is in the first.
  dice* chance = nullptr;  ///< Lets several loops run side by side.
  test::carriage_fault fault_of_layers = test::carriage_fault::none;
  cluster_parts cluster;  ///< Of several nodes, if there are.
};

/// Keeps an eye on the actors that come and go.
class watching_config final : public simulated_config {
 public:
  /// Who was born on one node is told from others by the registry of that.
  struct birth {
    caf::weak_actor_ptr actor;
    caf::actor_id registry = 0;
  };

  watching_config(room_spawner rooms, session_spawner sessions, stand_in_spawner stand_ins)
      : make_room_(rooms), make_session_(sessions), make_stand_in_(stand_ins) {}

  /// The config of a simulated system.
  static const watching_config& of(caf::actor_system& system);

  room_spawner make_room() const { return make_room_; }
  session_spawner make_session() const { return make_session_; }
  stand_in_spawner make_stand_in() const { return make_stand_in_; }

  void note_birth(birth born) const { born_.push_back(std::move(born)); }

  /// How many of the actors whose birth was noted are in memory. CAF lets its actors see the config
  /// as a constant, so the list is mutable.
  std::size_t in_memory() const { return in_memory(born_); }

  /// The same for stand-ins.
  void note_stand_in(birth born) const { stand_ins_.push_back(std::move(born)); }
  std::size_t stand_ins_in_memory() const { return in_memory(stand_ins_); }

  /// Ends them: a run that a finding cuts short leaves some that hold each other.
  void end_all() const { end_all_of(0); }

  /// Ends those of one node; 0: of all.
  void end_all_of(caf::actor_id registry) const;

 private:
  static std::size_t in_memory(const std::vector<birth>& births);

  room_spawner make_room_;
  session_spawner make_session_;
  stand_in_spawner make_stand_in_;
  mutable std::vector<birth> born_;
  mutable std::vector<birth> stand_ins_;
};

/// A registry, a directory, some gateways and perhaps an archive in one actor system. Or several
/// nodes in it, with a registry, a directory and some of the gateways each.
class server {
 public:
  explicit server(server_parts parts);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  choosing_loop& loop();

  /// A new connection to a gateway.
  test::simulated_link_ptr connect(std::size_t gateway);

  /// The number of the gateway that is this actor, if it is one.
  std::optional<std::size_t> gateway_of(caf::actor_id actor) const;

  /// What a gateway holds for its readers.
  const output_memory& memory(std::size_t gateway) const { return *doormen_[gateway]->memory(); }

  /// Lets time pass.
  void pass_time(std::chrono::milliseconds span);

  /// Simulated seconds since the start.
  double seconds();

  /// How many actors there are beyond those that were there at the start: sessions and rooms.
  std::size_t extra_actors();

  /// How many of the sessions and rooms are in memory, though they may have ended.
  std::size_t sessions_and_rooms_in_memory() const { return config_.in_memory(); }
  std::size_t stand_ins_in_memory() const { return config_.stand_ins_in_memory(); }

  std::size_t nodes() const { return nodes_.size(); }

  /// Asks the registries for the names of all rooms. The answers come when actors have run.
  void ask_for_rooms();

  /// Somebody who may takes a text back that a node keeps; no room tells of it.
  void take_back(std::size_t which, const event_batch& text);
  const std::optional<std::vector<std::string>>& rooms(std::size_t which = 0) const {
    return *nodes_[which].rooms;
  }

  // Nodes that come and go (server_nodes.cpp):

  /// Whether clients can connect to a gateway: its node is there and does not end.
  bool listens(std::size_t gateway) const;
  bool is_there(std::size_t which) const { return nodes_[which].is_there; }
  bool is_ending(std::size_t which) const { return nodes_[which].ending != nullptr; }

  /// All of a node is gone at once, but what its disk has. Its clients have to be gone before.
  void kill(std::size_t which);

  /// A node begins to end in order.
  void begin_to_end(std::size_t which);

  /// Does the next thing for that, if it is due, and returns what; empty: nothing. In the end the
  /// node is not there any more.
  std::string go_on_ending(std::size_t which);

  /// A node starts, with nothing but its disk.
  void start(std::size_t which);

  /// Asks the gateways to accept and read no more; the answers come when actors have run.
  void drain();
  bool drained() const { return *drains_awaited_ == 0; }

  /// Asks the gateways to end.
  void finish();
  /// Asks the registry and the quota to end.
  void close();

  /// Nothing lives any more.
  bool is_over();

 private:
  /// What a node that ends in order waits for.
  struct ending_node {
    enum class phase { drains, finishes, closes, kills };
    phase now = phase::drains;
    // How many are awaited:
    std::shared_ptr<std::size_t> drains = std::make_shared<std::size_t>(0);
    std::shared_ptr<std::size_t> farewells = std::make_shared<std::size_t>(0);
    std::shared_ptr<std::size_t> gateways = std::make_shared<std::size_t>(0);
    std::shared_ptr<std::size_t> others = std::make_shared<std::size_t>(0);
  };

  /// What each node has for itself.
  struct node {
    bool is_there = true;
    std::shared_ptr<ending_node> ending;  ///< Null: it does not end.
    archive_reader_actor reader;
    archive_actor archive;          ///< Null: there is none.
    archive_actor wrapped_archive;  ///< What rooms take for it.
    registry_actor registry;
    directory_actor directory;
    directory_actor wrapped_directory;
    quota_actor quota;
    std::vector<peer_actor> peers;
    session_actor asker;
    std::shared_ptr<std::optional<std::vector<std::string>>> rooms;
    gateway_id gateways = 0;          ///< So far.
    std::vector<caf::actor> between;  ///< Ends of cables, and those who dial.
  };

  caf::scheduler::test_coordinator& clock();
  std::optional<test::carriage_plan> next_carriage(std::size_t gateway);
  void add_node(std::size_t which);
  void add_archive(node& to, const simulated_storage_ptr& storage, wall_clock now_ms);
  void add_peer(std::size_t from, std::size_t to);
  void add_gateway(std::size_t which);
  std::size_t node_of(std::size_t gateway) const;
  std::vector<gateway_actor> gateways_of(std::size_t which) const;
  static std::vector<caf::actor> others_of(const node& of);
  void be_gone(std::size_t which);

  server_parts parts_;
  watching_config config_;
  caf::actor_system system_;
  std::vector<node> nodes_;
  std::vector<test::simulated_doorman_ptr> doormen_;
  std::vector<gateway_actor> gateways_;
  std::shared_ptr<std::size_t> drains_awaited_;
  std::size_t connections_ = 0;  ///< So far.
  std::size_t actors_at_start_ = 0;
  std::size_t actors_of_system_ = 0;
};

}  // namespace confab::simulation
