#pragma once

#include "tests/faults/cluster/cluster.hpp"
#include "tests/faults/cluster/crowd.hpp"
#include "tests/faults/cluster/run_log.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::faults {

/// A fault that is to come.
struct planned_fault {
  fault_kind kind = fault_kind::kill;
  std::size_t node = 0;
  std::size_t other = 0;  ///< As in `fault`.
  span begin{0};
  span lasting{0};
};

/// So many faults, drawn by a number, from `begin` on. They come in rounds of about half a minute:
/// in the first half of each round many of them at once, in the second half all heals, and is left
/// alone until the next round. `duration` is that of all rounds together.
std::vector<planned_fault> draw_faults(std::uint64_t seed, std::size_t count, span begin,
                                       span duration);

/// "node a is killed for 0.5 s"
std::string described(const planned_fault& each);

/// Does to the nodes what was planned, and writes it down.
class injector {
 public:
  injector(cluster& servers, run_clock& clock, run_log& log, std::vector<planned_fault> plan);

  /// Does what is due. Throws std::runtime_error if a server has ended, or does not start, without
  /// being told to.
  void step();

  /// Whether all of the plan is done, and all of it has healed.
  bool is_done() const { return next_ == plan_.size() && active_.empty(); }

 private:
  /// A fault that has begun.
  struct active_fault {
    planned_fault what;
    std::size_t entry = 0;  ///< In the log.
    span end{0};
    bool is_starting = false;
  };

  void begin(const planned_fault& what);
  bool goes_on(active_fault& each);
  bool start_again(active_fault& each);

  cluster& servers_;
  run_clock& clock_;
  run_log& log_;
  std::vector<planned_fault> plan_;
  std::size_t next_ = 0;
  std::vector<active_fault> active_;
};

}  // namespace confab::faults
