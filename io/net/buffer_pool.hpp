#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

/// Buffers that the links of one gateway take turns to use.
namespace confab {

/// Lends out write buffers, so that an idle connection holds none and a busy one need not grow its
/// own from nothing each time. Also has the one buffer that all links read into.
///
/// Belongs to the links of one gateway; used in the thread of the network loop only.
class buffer_pool {
 public:
  /// As much as one read takes from a connection before it is the next one's turn.
  static constexpr std::size_t read_bytes_max = 16 * 1024;

  /// Buffers that have grown over this are given back to the heap.
  static constexpr std::size_t kept_capacity_max = 256 * 1024;

  /// All kept buffers together hold no more than this.
  static constexpr std::size_t kept_bytes_max = 32 * 1024 * 1024;

  /// Gives a buffer with no capacity a used one, if there is any.
  void lend(std::vector<char>& buffer) {
    if (kept_.empty())
      return;
    buffer = std::move(kept_.back());
    kept_.pop_back();
    kept_bytes_ -= buffer.capacity();
  }

  /// Takes the capacity of a buffer whose content is of no use any more.
  void give_back(std::vector<char>& buffer) {
    const auto capacity = buffer.capacity();
    if (capacity <= kept_capacity_max && kept_bytes_ + capacity <= kept_bytes_max) {
      buffer.clear();
      kept_bytes_ += capacity;
      kept_.push_back(std::move(buffer));
    }
    buffer = {};
  }

  /// Where links read into; the content is of no use after the read's handler.
  std::array<char, read_bytes_max>& read_buffer() { return read_buffer_; }

 private:
  std::vector<std::vector<char>> kept_;
  std::size_t kept_bytes_ = 0;
  std::array<char, read_bytes_max> read_buffer_{};
};

using buffer_pool_ptr = std::shared_ptr<buffer_pool>;

}  // namespace confab
