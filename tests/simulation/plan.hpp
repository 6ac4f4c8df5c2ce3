#pragma once

#include "actors/cluster/peer_link.hpp"
#include "actors/directory.hpp"
#include "actors/quota.hpp"
#include "actors/registry.hpp"
#include "io/gateway/gateway.hpp"
#include "tests/simulation/client.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/storage.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

/// What is special about one run.
namespace confab::simulation {

/// In which order actors run.
enum class schedule {
  any,            ///< Any that has something to do.
  oldest_first,   ///< As in the real loop.
  newest_first,   ///< One long chain of consequences at a time.
  some_starving,  ///< A few have to wait until the others are done.
};

/// How often things happen, as weights.
struct weights {
  std::size_t actor = 0;
  std::size_t network = 0;
  std::size_t client = 0;
  std::size_t clock = 0;
};

/// How the run ends.
enum class finale { everyone_leaves, server_shuts_down };

/// What goes wrong, in percent.
struct faults {
  std::size_t short_write_percent = 0;  ///< Connections whose system takes only a part at a time.
  std::size_t failed_allocation_percent = 0;  ///< Of the blocks for output; never two in a row.
};

/// A client that is there from the start and stays in one room.
struct crowd_member {
  std::size_t gateway = 0;
  temper mood;             ///< With a habit.
  bool listens = false;    ///< Belongs to the audience of its room.
  bool is_author = false;  ///< Says something; the others only listen.
};

/// How what is said is kept.
struct archive_plan {
  storage_faults faults;
  std::size_t replay_texts = 0;  ///< That whoever comes in gets; 0: none.
};

/// The history of one node.
struct node_archive_plan {
  storage_faults faults;
  missing_bounds pieces;    ///< Of what it tells other nodes at once.
  bool stays_full = false;  ///< In the end its disk has no room.
};

/// Several nodes, and what happens to what joins them.
struct nodes_plan {
  std::size_t count = 2;
  std::vector<std::size_t> node_of_gateway;
  std::size_t carry_weight = 10;  ///< How often a cable carries something,
  std::size_t meddle_weight = 0;  ///< and something happens to one; 0: nothing ever does.
  bool joined_at_start = true;    ///< Else whenever something happens.
  bool redials = false;           ///< Who finds a link broken gets a new one.
  std::size_t credit_bytes = link_settings{}.credit_bytes;
  std::size_t news_each_max = link_settings{}.news_each_max;
  std::vector<std::optional<node_archive_plan>> archives;  ///< Of each node; empty: of none.
  std::size_t take_back_weight = 0;                        ///< How often a text is taken back.
  std::int64_t step_ms = 1;        ///< As much later it is on the wall with each step.
  std::size_t restart_one_in = 0;  ///< In one of so many steps a node ends, or starts; 0: none.
  std::size_t kill_percent = 60;   ///< Of those that end, as many do so without a word.
};

/// A limit of the backlog of all connections that no run reaches.
inline constexpr std::size_t backlog_plenty = std::size_t{1} << 40;

/// As many lines a second as no client sends.
inline constexpr std::size_t lines_plenty = 1'000'000;

/// Everything that is decided before the run begins.
struct plan {
  std::vector<language_ptr> gateways;  ///< The language of each.
  std::vector<std::string> rooms;
  gateway_limits limits;
  quota_limits all;
  room_limits room_rules{};
  directory_limits remembered;
  std::size_t clients_max = 0;
  std::size_t clients_at_once_max = 0;
  std::size_t steps = 0;
  weights odds;
  schedule order = schedule::any;
  std::size_t starving_tag = 0;  ///< See `choosing_loop::tag_of`.
  std::size_t messages_max = 1;  ///< That an actor handles before it is another one's turn.
  std::size_t read_bytes_max = 0;
  finale end = finale::everyone_leaves;
  faults going_wrong;
  std::size_t block_bytes_max = 64 * 1024;             ///< Of the memory for output.
  std::vector<crowd_member> crowd;                     ///< Empty: clients come and go.
  std::optional<archive_plan> archive = std::nullopt;  ///< Nothing: nothing is kept.
  bool has_layers = false;                             ///< Many connections pass through some.
  std::size_t loops = 1;                               ///< Each listener has a gateway in each.
  std::optional<nodes_plan> nodes = std::nullopt;      ///< Nothing: the server stands alone.

  /// A connection may be cut for the sake of the others.
  bool memory_is_short() const {
    return all.backlog_bytes_max < backlog_plenty || going_wrong.failed_allocation_percent > 0;
  }

  /// A connection may be cut: for the sake of the others, or since its own backlog is too large.
  bool anybody_may_be_cut() const {
    return memory_is_short() || limits.backlog_bytes_max < gateway_limits{}.backlog_bytes_max;
  }
};

/// A plan at random.
plan make_plan(dice& random);

/// Gives some runs an archive. Chance of its own, so that the others do as they would without this.
void make_archive(dice random, plan& design);

/// Spreads the server over several loops. Chance of its own, for the same reason.
void make_loops(dice random, plan& design);

/// Makes several nodes of it, with a gateway for IRC in each. What one node alone promises at its
/// limits is looked at without this, so there are none but those on output.
void make_nodes(dice random, plan& design);

/// Gives the nodes of some runs a history. Chance of its own, for the same reason.
void make_archives_of_nodes(dice random, plan& design);

/// Lets nodes of some runs end and start again. Chance of its own, for the same reason.
void make_restarts_of_nodes(dice random, plan& design);

/// A small block at times, small batches, short rounds: every bound on output is met early.
void make_output_limits(dice& random, plan& design);

/// How often things happen.
weights make_weights(dice& random);

/// In which order actors run.
schedule make_order(dice& random);

/// The plan in words.
std::string describe(const plan& design);

}  // namespace confab::simulation
