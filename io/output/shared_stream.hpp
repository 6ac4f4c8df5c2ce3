#pragma once

#include "io/output/outbox.hpp"

#include <span>
#include <string_view>
#include <vector>

/// Output that many connections get.
namespace confab {

/// What the readers of one room get, one piece after the other, held once for all of them.
///
/// Pieces that follow one another stand in one block, so a reader that lags behind has one range of
/// a block for many pieces. Holds no memory when no reader lags behind.
class shared_stream {
 public:
  explicit shared_stream(output_memory& memory) : memory_(memory) {}

  /// Writes a piece, and returns where it stands: ranges to append to the outbox of each reader.
  /// They are valid until the next call. Throws `std::bad_alloc` when there is no memory; then
  /// nothing was written.
  std::span<const block_range> write(std::string_view bytes);

  /// The readers have their ranges: the stream keeps none.
  void written() { ranges_.clear(); }

  /// True when no reader refers to the last block any more.
  bool is_idle() const { return open_.get() == nullptr; }

 private:
  output_memory& memory_;
  open_block open_;  ///< Where the next piece goes.
  std::vector<block_range> ranges_;
};

}  // namespace confab
