#pragma once

#include "tests/simulation/bounds.hpp"
#include "tests/simulation/client.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/plants.hpp"
#include "tests/simulation/server.hpp"

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// A server, its clients and chance.
namespace confab::simulation {

/// Carries out a plan, one step at a time, and writes down what is seen.
class scene {
 public:
  scene(plan design, const plant* bug, dice& random, std::ostream* trace);

  /// Everything that the plan asks for.
  void play();

  /// What was seen.
  history told() const;

  /// What went wrong that the model does not see: something never ended, or stayed behind, or a
  /// bound was exceeded.
  std::vector<std::string> findings() const;

  /// A bound was exceeded or the server never came to rest, so the run ended early.
  bool cut_short() const {
    return is_restless_ || !bounds_.findings().empty() || (cables_ && !cables_->finding().empty());
  }
  std::size_t steps() const { return static_cast<std::size_t>(now_); }

 private:
  void step_at_random();
  bool step_actor();
  bool step_network(std::size_t read_bytes_max);
  bool step_client();
  bool step_clock();
  bool step_cables();
  bool meddle_with_cables();
  void connect();
  void connect(std::size_t gateway, const temper& mood);
  void open_crowd();
  bool has_members(const std::string& room) const;
  client& client_to_act();
  void count_lap();
  void come_to_rest(const char* when);
  void let_everyone_read();
  void note_quiet();
  std::size_t bytes_waiting() const;
  void check_admission();
  void everyone_leaves();
  void server_shuts_down();
  void check_nothing_stays();
  void check_rooms();
  // scene_nodes.cpp:
  void join_nodes();
  void heal();
  void tell_archives(history& told) const;
  bool take_text_back();
  void let_histories_converge();
  // scene_restarts.cpp:
  bool go_on_with_ends();
  bool trouble_a_node();
  void lose_node(std::size_t which, bool others_notice);
  void start_node(std::size_t which);
  void have_all_nodes();
  std::optional<std::size_t> open_gateway();
  void ask_all_nodes(const std::set<std::string>& rooms);
  std::set<std::string> rooms_of_all_nodes();
  void close_server();
  std::size_t next_actor();
  std::size_t open_clients() const;
  void done(const std::string& what, std::optional<std::size_t> gateway = std::nullopt);
  void find(std::string what) {
    if (!cut_short())  // What was interrupted leaves something behind.
      findings_.push_back(std::move(what));
  }

  plan plan_;
  dice& random_;
  std::ostream* trace_;
  std::vector<gateway_watch_ptr> notes_;  ///< One per gateway.
  simulated_storage_ptr storage_;         ///< Null: nothing is kept, or there are several nodes.
  std::vector<simulated_storage_ptr> storages_;  ///< Of several nodes; null: one keeps nothing.
  cables_ptr cables_;                            ///< Null: there is one node.
  server server_;
  bounds bounds_;
  std::size_t left_of_lap_ = 0;  ///< Actors that have not had their turn.
  std::vector<std::unique_ptr<client>> clients_;
  std::vector<std::string> findings_;
  bool is_restless_ = false;
  moment now_ = 0;
  moment quiet_ = never;
  moment healed_ = never;
  std::size_t stand_ins_at_end_ = 0;
  std::vector<node_view> views_;
  std::vector<std::optional<node_archive>> archives_;
  double seconds_when_quiet_ = 0;
};

}  // namespace confab::simulation
