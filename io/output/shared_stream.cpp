#include "io/output/shared_stream.hpp"

#include <algorithm>
#include <utility>

namespace confab {

std::span<const block_range> shared_stream::write(std::string_view bytes) {
  ranges_.clear();
  ranges_.reserve(2);
  auto* open = open_.get();
  const std::size_t room = open != nullptr ? open->room() : 0;
  block_ref fresh;  // Taken first: when there is none, nothing has changed.
  if (bytes.size() > room) {
    // The more the readers lag behind, the larger the blocks.
    const std::size_t twice = open != nullptr ? std::size_t{open->capacity()} * 2 : 0;
    const auto limit = memory_.block_bytes_max() - sizeof(output_block);
    fresh = memory_.make_block(std::max(bytes.size() - room, std::min(twice, limit)));
  }
  const auto put = [this, &bytes](block_ref block) {
    const auto begin = block->size();
    block->append(bytes);
    const auto end = block->size();
    ranges_.push_back({std::move(block), begin, end});
  };
  if (room > 0)
    put(block_ref{open});
  if (fresh) {
    open_.watch(fresh.get());
    put(std::move(fresh));
  }
  return ranges_;
}

}  // namespace confab
