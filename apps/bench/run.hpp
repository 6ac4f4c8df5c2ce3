#pragma once

#include "apps/bench/load_driver.hpp"
#include "apps/bench/options.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace confab::bench {

/// What the server used during a round.
struct server_usage {
  std::uint64_t cpu_ns = 0;
  std::uint64_t memory_peak_bytes = 0;
  std::uint64_t memory_after_bytes = 0;
};

/// A round and what it cost.
struct measured_round {
  round_result round;
  std::uint64_t own_cpu_ns = 0;        ///< of this program
  std::optional<server_usage> server;  ///< with `--pid`
  std::optional<round_result> pair;    ///< with `--pair`
};

/// What the server used before any load.
struct server_at_rest {
  std::uint64_t memory_before_bytes = 0;  ///< before the first connection
  std::uint64_t memory_joined_bytes = 0;  ///< everybody joined
  std::uint64_t idle_cpu_ns = 0;          ///< over the options' idle seconds
};

/// The result of a whole run.
struct run_result {
  std::size_t connections = 0;
  std::uint64_t opening_ns = 0;        ///< until everybody had joined
  std::optional<server_at_rest> rest;  ///< with `--pid`
  std::vector<measured_round> rounds;

  /// Whether every text of every round came once, in order, to whom it was for.
  [[nodiscard]] bool is_clean() const;
};

/// Does what the options ask for. Throws failure when the server does not play along.
run_result run(const bench_options& options);

}  // namespace confab::bench
