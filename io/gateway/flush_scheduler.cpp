#include "io/gateway/flush_scheduler.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace confab {

namespace {

/// All readers that wait are served in so many rounds or more: those whose turn
/// is yet to come get what comes in meanwhile with the same system call.
constexpr std::size_t rounds_per_crowd = 8;

/// How many bytes they get in one round, more or less.
constexpr std::size_t large_bytes_per_round = 512 * 1024;

/// The same for the readers of small audiences.
constexpr std::size_t small_readers_per_round_min = 24;
constexpr std::size_t small_readers_per_round_max = 512;

/// What a large audience gets before it is the next one's turn; a system call counts as so many
/// bytes.
constexpr std::size_t bytes_per_turn = 32 * 1024;
constexpr std::size_t bytes_per_call = 2 * 1024;

}  // namespace

audience_queue& flush_scheduler::queue_for(const std::string& room, std::size_t readers) {
  const auto found = large_.find(room);
  if (is_small(readers)) {
    const bool was_large = found != large_.end() && !found->second.waiting_.empty();
    return was_large ? found->second : small_;
  }
  if (found != large_.end())
    return found->second;
  if (large_.size() >= tidy_at_)
    tidy();
  return large_.try_emplace(room, memory_).first->second;
}

shared_stream& audience_queue::stream_of(reader_form form) {
  for (auto& each : streams_)
    if (each.form == form)
      return each.stream;
  return streams_.emplace_back(form, memory_).stream;
}

bool audience_queue::is_idle() const {
  return waiting_.empty() && !active_ &&
         std::all_of(streams_.begin(), streams_.end(),
                     [](const form_stream& each) { return each.stream.is_idle(); });
}

void audience_queue::add(connection_key reader) {
  waiting_.push_back({reader, next_batch()});
  ++readers_since_next_;
}

void audience_queue::add(std::uint64_t work_bytes, std::optional<waiting_author> author) {
  batches_.push_back({std::exchange(readers_since_next_, 0), work_bytes, std::move(author)});
  work_bytes_ += work_bytes;
}

audience_queue::waiting_reader audience_queue::take() {
  const auto first = waiting_.front();
  waiting_.pop_front();
  return first;
}

void audience_queue::release(const waiting_reader& reader) {
  if (reader.since < next_batch())
    --batches_[reader.since - first_batch_].readers;
  else
    --readers_since_next_;
}

/// The author of the first batch, if it waits.
std::optional<waiting_author> audience_queue::take_handed_over() {
  work_bytes_ -= batches_.front().work_bytes;
  auto author = std::move(batches_.front().author);
  batches_.pop_front();
  ++first_batch_;
  return author;
}

void audience_queue::clear() {
  waiting_.clear();
  batches_.clear();
  readers_since_next_ = 0;
  work_bytes_ = 0;
}

void flush_scheduler::add_reader(audience_queue& queue, connection_key reader) {
  queue.add(reader);
  ++waiting_readers_;
  if (&queue != &small_ && !std::exchange(queue.active_, true))
    turns_.push_back(&queue);
}

bool flush_scheduler::add_batch(audience_queue& queue, waiting_author author) {
  if (queue.waiting_.empty())
    return false;  // No reader takes anything at the moment.
  const auto work_bytes = author.work_bytes;
  const bool waits = queue.work_bytes_ + work_bytes > limits_.handover_work_bytes_max;
  queue.add(work_bytes, waits ? std::optional{std::move(author)} : std::nullopt);
  return waits;
}

/// Replies come first: while the readers are served, the next texts of their authors come in.
void flush_scheduler::flush_round(owner& by, bool another_follows) {
  flush_writers(by);
  if (!another_follows || small_.size() <= small_readers_per_round_min)
    flush_small(by);
  flush_large(by);
}

/// Serves one reader of the large audience whose turn it is.
void flush_scheduler::serve_large(owner& by) {
  auto& queue = *turns_.front();
  serve_one(queue, by);
  if (!queue.waiting_.empty())
    return;
  queue.active_ = false;
  turns_.pop_front();
}

void flush_scheduler::clear() {
  writers_.clear();
  small_.clear();
  turns_.clear();
  large_.clear();
  waiting_readers_ = 0;
}

void flush_scheduler::flush_writers(owner& by) {
  writers_.swap(writers_being_flushed_);
  for (const auto key : writers_being_flushed_)
    by.flush_writer(key);
  writers_being_flushed_.clear();
}

void flush_scheduler::flush_small(owner& by) {
  auto due =
      std::min(small_.size(), std::clamp(small_.size() / rounds_per_crowd,
                                         small_readers_per_round_min, small_readers_per_round_max));
  for (; due > 0; --due)
    serve_one(small_, by);
}

void flush_scheduler::flush_large(owner& by) {
  const auto waiting = waiting_readers_ - small_.size();
  auto readers = std::clamp(waiting / rounds_per_crowd, limits_.large_readers_per_round_min,
                            limits_.large_readers_per_round_max);
  auto bytes = static_cast<std::ptrdiff_t>(large_bytes_per_round);
  while (readers > 0 && bytes > 0 && !turns_.empty()) {
    auto& queue = *turns_.front();
    turns_.pop_front();
    auto turn = static_cast<std::ptrdiff_t>(bytes_per_turn);
    while (readers > 0 && turn > 0 && !queue.waiting_.empty()) {
      const auto cost = static_cast<std::ptrdiff_t>(serve_one(queue, by) + bytes_per_call);
      turn -= cost;
      bytes -= cost;
      --readers;
    }
    queue.active_ = !queue.waiting_.empty();
    if (queue.active_)
      turns_.push_back(&queue);
  }
}

/// Returns how many bytes the first reader got.
std::size_t flush_scheduler::serve_one(audience_queue& queue, owner& by) {
  const auto reader = queue.take();
  const auto result = by.flush_reader(reader.key, limits_.reader_bytes_per_turn);
  if (result.more) {
    queue.put_back(reader);
  } else {
    queue.release(reader);
    --waiting_readers_;
  }
  hand_over(queue, by);
  return result.bytes;
}

/// Batches that no reader waits for are done, and their authors may go on.
void flush_scheduler::hand_over(audience_queue& queue, owner& by) {
  while (queue.is_handed_over())
    if (const auto author = queue.take_handed_over())
      by.on_handed_over(*author);
}

/// Drops the audiences that nothing waits for, once their number has doubled.
void flush_scheduler::tidy() {
  std::erase_if(large_, [](const auto& each) {
    const audience_queue& queue = each.second;
    return queue.is_idle();
  });
  constexpr std::size_t kept_min = 64;
  tidy_at_ = std::max(kept_min, large_.size() * 2);
}

}  // namespace confab
