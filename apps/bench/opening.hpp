#pragma once

#include "apps/bench/crowd.hpp"
#include "apps/bench/progress.hpp"
#include "apps/bench/protocol.hpp"
#include "apps/bench/transport.hpp"
#include "apps/bench/watchdog.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace confab::bench {

/// Brings a crowd into its rooms: connect, log in, join, each step as soon as the one before it is
/// answered, and a bounded number of connections at a time.
class Opening final : public Handler {
 public:
  Opening(Transport& transport, const Protocol& protocol, const Crowd& crowd);

  /// Returns when everybody has joined. Opens at most `batch` connections ahead of the answers.
  /// Throws Failure on a refusal, or after `deadline` seconds without any answer.
  void run(std::uint32_t batch, double deadline);

  void connected(ConnectionId id) override { send_step(id); }
  std::size_t received(ConnectionId id, std::string_view bytes) override;

 private:
  struct State {
    std::size_t step = 0;
    std::uint32_t answers_missing = 0;
  };

  void send_step(ConnectionId id);
  void count_answers(ConnectionId id, std::uint32_t answers);
  void show(Progress& progress, std::uint64_t time) const;

  Transport& transport_;
  const Protocol& protocol_;
  const Crowd& crowd_;
  std::vector<State> states_;
  std::size_t ready_ = 0;
  bool has_progress_ = false;
  Batch batch_;
};

}  // namespace confab::bench
