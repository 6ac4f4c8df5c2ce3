#pragma once

#include "io/output/output_memory.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <sys/uio.h>
#include <vector>

/// What waits to be written to one connection.
namespace confab {

/// Part of a block.
struct block_range {
  block_ref block;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::uint32_t size() const { return end - begin; }
};

/// The output of one connection, in order: ranges of blocks, which it may share with other
/// connections. Ranges that follow one another in a block are one. An empty outbox holds no memory
/// beside itself.
class outbox {
 public:
  explicit outbox(output_memory& memory) : memory_(memory) {}
  outbox(const outbox&) = delete;
  outbox& operator=(const outbox&) = delete;
  ~outbox() { clear(); }

  bool empty() const { return bytes_ == 0; }

  /// Bytes that wait.
  std::size_t size() const { return bytes_; }

  /// Appends a copy of `bytes`. Throws `std::bad_alloc` when there is no memory; then nothing was
  /// appended.
  void append_copy(std::string_view bytes);

  /// Appends ranges of blocks without copying them. Throws like `append_copy`.
  void append_shared(std::span<const block_range> ranges);

  /// Fills `pieces` with the first bytes that wait, `bytes_max` at most. Returns how many pieces
  /// there are.
  std::size_t gather(std::span<iovec> pieces, std::size_t bytes_max) const;

  /// The first `bytes` are written: forgets them.
  void consume(std::size_t bytes);

  /// Forgets everything.
  void clear();

 private:
  block_range& back() { return more_.empty() ? front_ : more_.back(); }
  std::size_t room_of_own();
  bool is_continued_by(const block_range& range);
  void append(const block_range& range);
  void reserve(std::size_t ranges);
  void pop_front();
  void give_list_back();
  void note_capacity(std::size_t before);

  output_memory& memory_;
  block_range front_;              ///< The first range, if any: most outboxes have no other.
  std::vector<block_range> more_;  ///< Those behind it, from `more_begin_` on.
  std::size_t more_begin_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace confab
