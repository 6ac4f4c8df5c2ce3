#pragma once

#include "apps/bench/load.hpp"
#include "apps/bench/options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace confab::bench {

/// What the server used during a round.
struct ServerRound {
  std::uint64_t cpu = 0;          ///< nanoseconds
  std::uint64_t memory_peak = 0;  ///< bytes
};

/// A round and what it cost.
struct MeasuredRound {
  Round round;
  std::uint64_t own_cpu = 0;          ///< nanoseconds of this program
  std::optional<ServerRound> server;  ///< with `--pid`
};

/// What the server used before any load.
struct ServerRest {
  std::uint64_t memory_before = 0;  ///< bytes, before the first connection
  std::uint64_t memory_joined = 0;  ///< bytes, everybody joined
  std::uint64_t idle_cpu = 0;       ///< nanoseconds over the options' idle seconds
};

/// The result of a whole run.
struct Result {
  std::size_t connections = 0;
  std::uint64_t opening = 0;       ///< nanoseconds until everybody had joined
  std::optional<ServerRest> rest;  ///< with `--pid`
  std::vector<MeasuredRound> rounds;

  /// Whether every text of every round came once, in order, to whom it was for.
  [[nodiscard]] bool is_clean() const;
};

/// Does what the options ask for. Throws Failure when the server does not play along.
Result run(const Options& options);

}  // namespace confab::bench
