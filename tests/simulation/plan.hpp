#pragma once

#include "actors/quota.hpp"
#include "actors/registry.hpp"
#include "io/gateway/gateway.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/language.hpp"

#include <cstddef>
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

/// A limit of the backlog of all connections that no run reaches.
inline constexpr std::size_t backlog_plenty = std::size_t{1} << 40;

/// Everything that is decided before the run begins.
struct plan {
  std::vector<language_ptr> gateways;  ///< The language of each.
  std::vector<std::string> rooms;
  gateway_limits limits;
  quota_limits all;
  room_limits room_rules{};
  std::size_t clients_max = 0;
  std::size_t clients_at_once_max = 0;
  std::size_t steps = 0;
  weights odds;
  schedule order = schedule::any;
  std::size_t starving_tag = 0;  ///< See `choosing_loop::tag_of`.
  std::size_t messages_max = 1;  ///< That an actor handles before it is another one's turn.
  std::size_t read_bytes_max = 0;
  finale end = finale::everyone_leaves;
};

/// A plan at random.
plan make_plan(dice& random);

/// The plan in words.
std::string describe(const plan& design);

}  // namespace confab::simulation
