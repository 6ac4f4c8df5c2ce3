#include "io/output/outbox.hpp"

#include <algorithm>
#include <utility>

namespace confab {

namespace {

/// A block that is one connection's own grows up to this part of what a shared one may.
constexpr std::size_t own_block_divisor = 16;

}  // namespace

void outbox::append_copy(std::string_view bytes) {
  if (bytes.empty())
    return;
  const auto room = room_of_own();
  block_ref fresh;  // Taken first: when there is none, nothing has changed.
  if (bytes.size() > room) {
    // Grows with the queue, but little: each connection has such a block for itself.
    const auto growth = std::min(bytes_, memory_.block_bytes_max() / own_block_divisor);
    fresh = memory_.make_block(std::max(bytes.size() - room, growth));
    reserve(1);
  }
  if (room > 0) {
    auto& last = back();
    const auto before = bytes.size();
    last.block->append(bytes);
    last.end = last.block->size();
    bytes_ += before - bytes.size();
    memory_.note_queued(static_cast<std::ptrdiff_t>(before - bytes.size()));
  }
  if (!fresh)
    return;
  fresh->append(bytes);
  const auto size = fresh->size();
  append({std::move(fresh), 0, size});
}

/// How much can be appended to the last block without anybody else's noticing.
std::size_t outbox::room_of_own() {
  if (empty())
    return 0;
  const auto& last = back();
  const bool own = last.block->is_exclusive() && last.end == last.block->size();
  return own ? last.block->room() : 0;
}

void outbox::append_shared(std::span<const block_range> ranges) {
  const bool continues = !empty() && !ranges.empty() && is_continued_by(ranges.front());
  reserve(ranges.size() - (continues ? 1 : 0));
  for (const auto& range : ranges)
    append(range);
}

/// True when the range follows the last one in the same block.
bool outbox::is_continued_by(const block_range& range) {
  const auto& last = back();
  return last.block.get() == range.block.get() && last.end == range.begin;
}

/// Needs no memory after `reserve`.
void outbox::append(const block_range& range) {
  if (empty())
    front_ = range;
  else if (is_continued_by(range))
    back().end = range.end;
  else
    more_.push_back(range);
  bytes_ += range.size();
  memory_.note_queued(range.size());
}

std::size_t outbox::gather(std::span<iovec> pieces, std::size_t bytes_max) const {
  std::size_t count = 0;
  const auto add = [&](const block_range& range) {
    const auto bytes = std::min<std::size_t>(range.size(), bytes_max);
    if (bytes == 0 || count == pieces.size())
      return false;
    // POSIX takes what is to be written as `void*`.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    pieces[count++] = {const_cast<char*>(range.block->data()) + range.begin, bytes};
    bytes_max -= bytes;
    return true;
  };
  if (empty() || !add(front_))
    return count;
  for (auto i = more_begin_; i < more_.size() && add(more_[i]); ++i) {
  }
  return count;
}

void outbox::consume(std::size_t bytes) {
  bytes_ -= bytes;
  memory_.note_queued(-static_cast<std::ptrdiff_t>(bytes));
  while (bytes >= front_.size() && bytes > 0) {
    bytes -= front_.size();
    pop_front();
  }
  front_.begin += static_cast<std::uint32_t>(bytes);
}

void outbox::clear() {
  memory_.note_queued(-static_cast<std::ptrdiff_t>(bytes_));
  bytes_ = 0;
  front_ = {};
  give_list_back();
}

/// Makes sure that so many ranges can be appended without taking memory.
void outbox::reserve(std::size_t ranges) {
  constexpr std::size_t ranges_min = 4;
  const auto before = more_.capacity();
  if ((empty() && ranges <= 1) || more_.size() + ranges <= before)
    return;
  more_.reserve(std::max({ranges_min, before * 2, more_.size() + ranges}));
  note_capacity(before);
}

void outbox::pop_front() {
  if (more_begin_ == more_.size()) {
    front_ = {};
    return;
  }
  front_ = std::move(more_[more_begin_++]);
  if (more_begin_ < more_.size() && more_begin_ * 2 < more_.size())
    return;
  if (more_begin_ == more_.size()) {
    give_list_back();
    return;
  }
  more_.erase(more_.begin(), more_.begin() + static_cast<std::ptrdiff_t>(more_begin_));
  more_begin_ = 0;
}

void outbox::give_list_back() {
  const auto before = more_.capacity();
  more_ = std::vector<block_range>{};  // An empty list in braces would keep the capacity.
  more_begin_ = 0;
  note_capacity(before);
}

void outbox::note_capacity(std::size_t before) {
  constexpr auto unit = static_cast<std::ptrdiff_t>(sizeof(block_range));
  memory_.note_held(
      unit * (static_cast<std::ptrdiff_t>(more_.capacity()) - static_cast<std::ptrdiff_t>(before)));
}

}  // namespace confab
