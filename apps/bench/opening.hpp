#pragma once

#include "apps/bench/connection_set.hpp"
#include "apps/bench/crowd_roster.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/progress_line.hpp"
#include "apps/bench/protocol_adapter.hpp"
#include "apps/bench/silence_watchdog.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace confab::bench {

/// Brings a crowd into its rooms: connect, log in, join, each step as soon as the one before it is
/// answered, and a bounded number of connections at a time.
class opening final : public connection_handler {
 public:
  opening(connection_set& connections, const protocol_adapter& protocol, const crowd_roster& crowd);

  /// Returns when everybody has joined. Opens at most `joining_max` connections ahead of the
  /// answers. Throws failure on a refusal, or after `deadline_seconds` without any answer.
  void run(const bench_options& options);

  void connected(connection_id id) override { send_step(id); }
  std::size_t received(connection_id id, std::string_view bytes) override;

 private:
  struct join_state {
    std::size_t step = 0;
    std::uint32_t answers_missing = 0;
  };

  void send_step(connection_id id);
  void count_answers(connection_id id, std::uint32_t answers);
  void show(progress_line& progress, std::uint64_t time) const;

  connection_set& connections_;
  const protocol_adapter& protocol_;
  const crowd_roster& crowd_;
  std::vector<join_state> states_;
  std::size_t ready_ = 0;
  bool has_progress_ = false;
  parsed_input parsed_;
};

}  // namespace confab::bench
