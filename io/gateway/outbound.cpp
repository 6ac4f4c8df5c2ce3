#include "io/gateway/outbound.hpp"

#include <new>
#include <span>
#include <utility>

namespace confab {

namespace {

/// Replies that one connection gets before it is the next one's turn.
constexpr std::size_t reply_bytes_per_turn = 256 * 1024;

}  // namespace

/// One batch on its way to its readers.
struct outbound::delivery {
  std::string_view bytes;               ///< What each reader gets.
  std::span<const block_range> ranges;  ///< Where it stands; none: each reader gets a copy.
  audience_queue& queue;
};

outbound::outbound(connection_table& connections, const dialect& speaks, gateway_id id,
                   outbound_limits limits, output_memory& memory, gateway_report& counts,
                   owner& gateway)
    : connections_(connections),
      speaks_(speaks),
      id_(id),
      limits_(limits),
      memory_(memory),
      counts_(counts),
      gateway_(gateway),
      scheduler_(memory, limits.flush) {}

outbound::publication outbound::publish(const event_batch& batch, const audience& readers,
                                        deadline_clock::time_point now) {
  encoded_.clear();
  speaks_.encode_events(batch, encoded_);
  if (encoded_.empty() || readers.empty())
    return {};
  keep_within_credit();
  auto& queue = scheduler_.queue_for(batch.room, readers.size());
  delivery what{encoded_, {}, queue};
  if (!scheduler_.is_small(readers.size()) &&
      !with_memory([&] { what.ranges = queue.stream.write(encoded_); }))
    throw std::bad_alloc{};  // Nobody is left to cut.
  for (const auto key : readers) {
    auto* reader = connections_.find(key);
    if (reader == nullptr || reader->leaving || !should_receive(*reader, batch.who))
      continue;
    counts_.deliveries_out += batch.events.size();
    deliver(*reader, what, now);
  }
  queue.stream.written();
  return {readers.size(), std::uint64_t{encoded_.size()} * readers.size(), &queue};
}

bool outbound::must_wait(const publication& which, waiting_author author) {
  author.readers = which.readers;
  author.work_bytes = which.work_bytes;
  return which.queue != nullptr && scheduler_.add_batch(*which.queue, std::move(author));
}

void outbound::deliver(connection& reader, const delivery& what, deadline_clock::time_point now) {
  const bool queued = enqueue(reader.key, [&] {
    auto& out = reader.wire->out();
    if (what.ranges.empty())
      out.append_copy(what.bytes);
    else
      out.append_shared(what.ranges);
  });
  if (!queued)
    return;
  if (note_output(reader, what.bytes.size(), now) && !std::exchange(reader.flush_queued, true))
    scheduler_.add_reader(what.queue, reader.key);
  check_backlog(reader);
}

void outbound::reply(connection& whose, std::string_view bytes, deadline_clock::time_point now) {
  if (bytes.empty())
    return;
  const auto key = whose.key;
  keep_within_credit();
  if (connections_.find(key) == nullptr ||
      !enqueue(key, [&] { whose.wire->out().append_copy(bytes); }))
    return;
  if (note_output(whose, bytes.size(), now) && !std::exchange(whose.reply_queued, true))
    scheduler_.add_writer(key);
  check_backlog(whose);
}

/// So many bytes were queued for a connection. Returns true if it has to be flushed: a full socket
/// asks for more by itself.
bool outbound::note_output(connection& whose, std::size_t bytes, deadline_clock::time_point now) {
  counts_.bytes_out += bytes;
  whose.last_active = now;
  if (whose.backlog.bucket == 0)
    return true;
  update_backlog(whose);
  return false;
}

/// Queues something for a connection. Returns false if the connection is gone: it was the slowest
/// when memory was short, or there is no memory even so.
template <class Append>
bool outbound::enqueue(connection_key key, Append append) {
  const bool queued = with_memory([&] {
    if (connections_.find(key) != nullptr)
      append();
  });
  auto* whose = connections_.find(key);
  if (!queued && whose != nullptr)
    gateway_.on_slow_reader(*whose, cut_reason::server_backlog);
  return queued && whose != nullptr;
}

/// A reader with too much to read is cut, unless its socket takes what is too much. No more is
/// offered to it here: others may be in the same place, and nobody else has a turn meanwhile.
void outbound::check_backlog(connection& reader) {
  if (reader.wire->out().size() <= limits_.backlog_bytes_max)
    return;
  reader.wire->flush_some(reader.wire->out().size() - limits_.backlog_bytes_max);
  update_backlog(reader);
  if (reader.wire->out().size() > limits_.backlog_bytes_max)
    gateway_.on_slow_reader(reader, cut_reason::slow_reader);
}

bool outbound::should_receive(const connection& reader, const author& who) const {
  switch (speaks_.policy()) {
    case delivery_policy::everything:
      return true;
    case delivery_policy::all_but_own_user:
      return reader.user != who.name;
    case delivery_policy::all_but_own_connection:
      return reader.key != who.connection || id_ != who.gateway;
  }
  return true;
}

// -- flushing -----------------------------------------------------------------

bool outbound::flush_round(bool another_follows) {
  scheduler_.flush_round(*this, another_follows);
  return scheduler_.has_work();
}

flush_scheduler::flushed outbound::flush_reader(connection_key key, std::size_t bytes_max) {
  auto* reader = connections_.find(key);
  if (reader == nullptr)
    return {};
  reader->flush_queued = false;
  if (reader->leaving)
    return {};  // The link writes what it has by itself.
  const auto before = reader->wire->out().size();
  const bool more = reader->wire->flush_some(bytes_max);
  const auto after = reader->wire->out().size();
  reader->flush_queued = more;
  backlog_.update(*reader, more ? 0 : after);
  gateway_.on_progress(*reader);
  return {before - after, more};
}

void outbound::flush_writer(connection_key key) {
  auto* writer = connections_.find(key);
  if (writer == nullptr)
    return;
  writer->reply_queued = false;
  if (writer->leaving)
    return;
  const bool more = writer->wire->flush_some(reply_bytes_per_turn);
  if (more && !std::exchange(writer->reply_queued, true))
    scheduler_.add_writer(key);
  backlog_.update(*writer, more ? 0 : writer->wire->out().size());
  gateway_.on_progress(*writer);
}

void outbound::update_backlog(connection& whose) {
  backlog_.update(whose, whose.wire->out().size());
}

void outbound::remove(connection& gone) {
  backlog_.remove(gone);
  gone.wire->out().clear();
}

// -- memory -------------------------------------------------------------------

void outbound::keep_within_credit() {
  if (memory_.held_bytes() <= credit_.bytes())
    return;
  scheduler_.flush_until([this] { return memory_.held_bytes() <= credit_.bytes(); }, *this);
  // A little more than needed, or the next batch would have to cut again.
  constexpr std::size_t spare_divisor = 16;
  if (memory_.held_bytes() > credit_.bytes())
    cut_slowest_until(credit_.bytes() - credit_.bytes() / spare_divisor);
}

void outbound::cut_slowest_until(std::size_t held_bytes) {
  while (memory_.held_bytes() > held_bytes) {
    auto* slowest = backlog_.slowest();
    if (slowest == nullptr)
      return;
    gateway_.on_slow_reader(*slowest, cut_reason::server_backlog);
  }
}

/// Does what needs memory. When there is none, the slowest readers make room; returns false when
/// that does not help either.
template <class Allocating>
bool outbound::with_memory(Allocating work) {
  try {
    work();
    return true;
  } catch (const std::bad_alloc&) {
    scheduler_.flush_until([] { return false; }, *this);
    cut_slowest_until(memory_.held_bytes() / 2);
  }
  try {
    work();
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

}  // namespace confab
