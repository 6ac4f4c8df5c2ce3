#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

/// The memory that output takes up while readers have not taken it.
namespace confab {

class output_memory;

/// A piece of output that any number of connections refer to.
///
/// It only ever grows at its end: bytes that somebody refers to never change. It lives as long as
/// a `block_ref` refers to it, and counts in its `output_memory` until then. Used in the thread of
/// the network loop only, so the count of references is a plain number.
class output_block {
 public:
  output_block(const output_block&) = delete;
  output_block& operator=(const output_block&) = delete;

  std::uint32_t size() const { return size_; }
  std::uint32_t room() const { return capacity_ - size_; }
  std::uint32_t capacity() const { return capacity_; }
  const char* data() const { return reinterpret_cast<const char*>(this + 1); }

  /// True when there is one reference only: then nobody else minds what is appended.
  bool is_exclusive() const { return references_ == 1; }

  /// Appends as much of `bytes` as there is room for, and takes that off `bytes`.
  void append(std::string_view& bytes);

 private:
  friend class block_ref;
  friend class open_block;
  friend class output_memory;

  output_block(output_memory& memory, std::uint32_t capacity)
      : memory_(memory), capacity_(capacity) {}
  ~output_block() = default;

  output_memory& memory_;
  output_block** watcher_ = nullptr;  ///< Set to null when the block goes; see `open_block`.
  std::uint32_t references_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_;
};

/// Keeps a block in memory.
class block_ref {
 public:
  block_ref() = default;
  explicit block_ref(output_block* block) : block_(block) {
    if (block_ != nullptr)
      ++block_->references_;
  }
  block_ref(const block_ref& other) : block_ref(other.block_) {}
  block_ref(block_ref&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  block_ref& operator=(block_ref other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~block_ref() {
    if (block_ != nullptr && --block_->references_ == 0)
      release(block_);
  }

  output_block* get() const { return block_; }
  output_block* operator->() const { return block_; }
  explicit operator bool() const { return block_ != nullptr; }

 private:
  static void release(output_block* block);

  output_block* block_ = nullptr;
};

/// Refers to the block that is being filled, but does not keep it: empty as soon as nobody else
/// refers to it any more.
class open_block {
 public:
  open_block() = default;
  open_block(const open_block&) = delete;
  open_block& operator=(const open_block&) = delete;
  ~open_block() { watch(nullptr); }

  /// Null when there is none.
  output_block* get() const { return block_; }

  /// Refers to `block` from now on. One block has one `open_block` at most.
  void watch(output_block* block);

 private:
  output_block* block_ = nullptr;
};

/// Counts what the output of one gateway takes up, at the moment when it is taken and given back.
/// Used in the thread of the network loop only; outlives its blocks.
class output_memory {
 public:
  /// Decides whether an allocation of so many bytes fails; for tests of what happens then.
  using failure = std::function<bool(std::size_t bytes)>;

  static constexpr std::size_t block_bytes_min = 256;

  /// Blocks grow up to `block_bytes_max`; one that has to hold more at once is as large as that.
  explicit output_memory(std::size_t block_bytes_max = 64 * 1024, failure fails = nullptr)
      : block_bytes_max_(block_bytes_max), fails_(std::move(fails)) {}
  output_memory(const output_memory&) = delete;
  output_memory& operator=(const output_memory&) = delete;

  /// A new, empty block with room for `wanted` bytes at least. Throws `std::bad_alloc` when there
  /// is no memory.
  block_ref make_block(std::size_t wanted);

  /// As large as a block may become for what is still to come.
  std::size_t block_bytes_max() const { return block_bytes_max_; }

  /// Bytes of memory held: all blocks whole, each once, and the lists of references to them.
  std::size_t held_bytes() const { return held_bytes_; }

  /// Bytes queued, counted once for each connection that waits for them.
  std::uint64_t queued_bytes() const { return queued_bytes_; }

  /// Something other than a block was taken or given back for output.
  void note_held(std::ptrdiff_t bytes) { held_bytes_ += static_cast<std::size_t>(bytes); }
  /// Bytes were queued for a connection, or taken from its queue.
  void note_queued(std::ptrdiff_t bytes) { queued_bytes_ += static_cast<std::uint64_t>(bytes); }

 private:
  friend class block_ref;
  void free_block(output_block* block);

  std::size_t block_bytes_max_;
  failure fails_;
  std::size_t held_bytes_ = 0;
  std::uint64_t queued_bytes_ = 0;
};

/// Shared by a gateway and its links, since a link may be the last to go.
using output_memory_ptr = std::shared_ptr<output_memory>;

}  // namespace confab
