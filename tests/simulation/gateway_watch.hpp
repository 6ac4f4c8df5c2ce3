#pragma once

#include "actors/dialect.hpp"
#include "io/output/output_memory.hpp"
#include "tests/simulation/dice.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// What a gateway does inside of a step, as its dialect and its memory see it.
namespace confab::simulation {

/// A batch of texts that a gateway has encoded for its readers.
struct encoded_batch {
  std::string room;
  std::size_t author = 0;  ///< The number of the client, which stands in the texts' marks.
  std::size_t bytes = 0;   ///< What one reader gets.
  std::size_t bytes_without_last = 0;  ///< The same without the last text.
};

/// Notes about one gateway. The dialect and the memory write them, the simulation reads them.
struct gateway_watch {
  std::vector<encoded_batch> batches;       ///< In the present step.
  std::size_t addition_bytes = 0;           ///< All blocks since the last batch or step began.
  std::size_t largest_addition_bytes = 0;   ///< The largest that this ever was.
  bool allocations_may_fail = false;        ///< From now on.
  bool last_allocation_has_failed = false;  ///< Never two in a row.

  /// A step begins.
  void begin_step() {
    addition_bytes = 0;
    latest_ = nullptr;
  }

  /// A batch begins, unless it is the one that was encoded last: readers of several classes get it.
  void begin_batch(const event_batch& batch) {
    if (latest_ != &batch || latest_at_ != batch.at.sequence)
      addition_bytes = 0;
    latest_ = &batch;
    latest_at_ = batch.at.sequence;
  }

 private:
  const event_batch* latest_ = nullptr;
  std::uint64_t latest_at_ = 0;
};

using gateway_watch_ptr = std::shared_ptr<gateway_watch>;

/// A dialect that does as `speaks` does and notes the batches.
std::shared_ptr<const dialect> watch_dialect(std::shared_ptr<const dialect> speaks,
                                             gateway_watch_ptr notes);

/// Memory for the output of a gateway. Once they may, allocations fail in so many of 100 cases, but
/// never two in a row; the others are noted.
output_memory_ptr watch_memory(std::size_t block_bytes_max, std::size_t failure_percent,
                               dice& random, gateway_watch_ptr notes);

}  // namespace confab::simulation
