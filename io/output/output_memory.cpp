#include "io/output/output_memory.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <new>

namespace confab {

void output_block::append(std::string_view& bytes) {
  const auto count = std::min<std::size_t>(room(), bytes.size());
  std::memcpy(reinterpret_cast<char*>(this + 1) + size_, bytes.data(), count);
  size_ += static_cast<std::uint32_t>(count);
  bytes.remove_prefix(count);
}

void block_ref::release(output_block* block) {
  block->memory_.free_block(block);
}

void open_block::watch(output_block* block) {
  if (block_ != nullptr)
    block_->watcher_ = nullptr;
  block_ = block;
  if (block_ != nullptr)
    block_->watcher_ = &block_;
}

block_ref output_memory::make_block(std::size_t wanted) {
  const auto needed = wanted + sizeof(output_block);
  const auto bytes =
      needed >= block_bytes_max_ ? needed : std::bit_ceil(std::max(needed, block_bytes_min));
  void* place = fails_ && fails_(bytes) ? nullptr : std::malloc(bytes);
  if (place == nullptr)
    throw std::bad_alloc{};
  held_bytes_ += bytes;
  return block_ref{
      new (place) output_block{*this, static_cast<std::uint32_t>(bytes - sizeof(output_block))}};
}

void output_memory::free_block(output_block* block) {
  if (block->watcher_ != nullptr)
    *block->watcher_ = nullptr;
  held_bytes_ -= block->capacity_ + sizeof(output_block);
  block->~output_block();
  std::free(block);
}

}  // namespace confab
