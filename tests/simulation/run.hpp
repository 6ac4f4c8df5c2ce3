#pragma once

#include "tests/simulation/plants.hpp"

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

/// One simulated run from its seed to the model's verdict.
namespace confab::simulation {

/// Which runs there are.
enum class kind {
  ordinary,  ///< Clients that come and go and do whatever a client can do.
  pressure,  ///< A crowd that stays, and authors that flood it.
  layered,   ///< As ordinary ones, but many connections are WebSockets, or sealed, or both.
  looped,    ///< As ordinary ones, but the server has several loops.
  of_nodes,  ///< As ordinary ones, but there are several nodes. Judged by `model_nodes.hpp`.
};

/// What came of a run.
struct verdict {
  std::uint64_t seed = 0;
  std::vector<std::string> findings;  ///< Empty: all guarantees were kept.
  std::uint64_t fingerprint = 0;      ///< Of all that was seen; two runs of a seed have the same.
  std::size_t steps = 0;
  std::size_t texts = 0;       ///< That clients sent,
  std::size_t deliveries = 0;  ///< and that readers saw.
};

/// Runs a seed. `bug` is planted if it is not null; each step is told to `trace` if it is not null.
verdict simulate(std::uint64_t seed, kind what, const plant* bug = nullptr,
                 std::ostream* trace = nullptr);

}  // namespace confab::simulation
