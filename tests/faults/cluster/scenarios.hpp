#pragma once

#include "tests/faults/cluster/crowd.hpp"
#include "tests/faults/cluster/injector.hpp"
#include "tests/faults/cluster/rules.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace confab::faults {

/// What a run is to be like.
struct run_settings {
  std::string scenario = "random";
  std::uint64_t seed = 1;
  span duration{0};        ///< 0: what the scenario takes in a short run.
  std::size_t faults = 0;  ///< Of `random`; 0: likewise.
  bool is_long = false;
};

/// A rule, by the name under which it is reported.
using named_rule =
    std::pair<std::string, std::function<finding(const run_log& log, const bounds& within)>>;

/// A kind of run: what is done to the nodes, who talks, and what must hold in the end.
struct scenario {
  std::vector<planned_fault> plan;
  std::vector<seat> seats;
  std::size_t text_bytes = 64;
  std::vector<named_rule> rules;
  bool has_onlookers = false;  ///< Where irssi is installed.
  bool talks_on = true;        ///< Also when all has healed.
  std::vector<std::string> server_options = {};
};

/// The scenarios: `random` (faults of all kinds), `killed` (each node once), `stopped` (one node is
/// stopped, under full load), `rolling` (each node is restarted, in turn), `irssi` (the same, with
/// an irssi on each node, and so few texts that it is shown some of before its return).
std::vector<std::string> scenario_names();
scenario make_scenario(const run_settings& settings, span begin);

}  // namespace confab::faults
