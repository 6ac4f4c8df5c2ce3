#pragma once

#include "apps/bench/load_driver.hpp"
#include "apps/bench/options.hpp"

#include <future>

namespace confab::bench {

/// A receiver and a sender in a room of their own, who exchange one text at a time while somebody
/// else is busy: what they wait for is the price that bystanders pay.
///
/// The times are those of texts that leave every 2 ms (see duration_histogram::corrected), so a
/// pause of the server counts for as long as it takes.
///
/// They have a thread and connections of their own, and share nothing with the load: else their
/// texts would also wait for the load's own turn in this program.
class bystander_pair {
 public:
  /// Starts the pair for the options' `sending_seconds`.
  explicit bystander_pair(const bench_options& options);

  /// Waits for the end. Throws failure when the server did not play along.
  round_result finish() { return round_.get(); }

 private:
  std::future<round_result> round_;
};

}  // namespace confab::bench
