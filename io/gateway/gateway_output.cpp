// What a gateway puts on the wire.

#include "io/gateway/gateway.hpp"
#include "io/text/printable.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab {

void gateway::on_reply(receipt& reply) {
  if (auto* whose = connections_.find(reply.connection))
    apply_receipt(*whose, reply);
}

void gateway::on_publish_from_here(const event_batch& batch, const audience_ptr& readers,
                                   receipt& reply, std::size_t elsewhere) {
  on_publish(batch, readers);
  auto* writer = connections_.find(reply.connection);
  if (writer == nullptr || !reply.gateway)
    return;
  writer->acks_outstanding += static_cast<std::ptrdiff_t>(elsewhere);
  if (writer->acks_outstanding == 0)
    apply_receipt(*writer, reply);
  else
    writer->held = std::move(reply);
}

void gateway::on_publish_from_elsewhere(const event_batch& batch, const audience_ptr& readers,
                                        const receipt& reply) {
  on_publish(batch, readers);
  if (reply.gateway)
    send(reply.gateway, queued_atom::value, reply.connection);
}

void gateway::on_queued(connection_key key) {
  auto* writer = connections_.find(key);
  if (writer == nullptr)
    return;
  --writer->acks_outstanding;
  if (writer->held && writer->acks_outstanding == 0) {
    auto reply = std::move(*writer->held);
    writer->held.reset();
    apply_receipt(*writer, reply);
  }
}

/// Encodes once, then appends to the output of everyone whom it concerns.
void gateway::on_publish(const event_batch& batch, const audience_ptr& readers) {
  if (!readers)
    return;
  encoded_.clear();
  settings_.speaks->encode_events(batch, encoded_);
  if (encoded_.empty())
    return;
  for (const auto key : *readers) {
    auto* reader = connections_.find(key);
    if (reader == nullptr || reader->leaving || !should_receive(*reader, batch.who))
      continue;
    counts_.deliveries_out += batch.events.size();
    mark_reader(*reader);
    append(*reader, encoded_);
  }
  if (unflushed_bytes_ > unflushed_bytes_max)
    flush_readers(dirty_readers_.size());
}

bool gateway::should_receive(const connection& reader, const author& who) const {
  switch (policy_) {
    case delivery_policy::everything:
      return true;
    case delivery_policy::all_but_own_user:
      return reader.user != who.name;
    case delivery_policy::all_but_own_connection:
      return reader.key != who.connection || settings_.id != who.gateway;
  }
  return true;
}

/// A receipt takes effect: its bytes are queued, and its session or its client may go on.
void gateway::apply_receipt(connection& whose, receipt& reply) {
  counts_.texts_in += reply.texts;
  if (whose.leaving)
    return;  // Closed meanwhile: nothing may follow the end of its output.
  const auto key = whose.key;
  if (!reply.bytes.empty()) {
    mark_writer(whose);
    append(whose, reply.bytes);
  }
  if (connections_.find(key) == nullptr)
    return;  // Cut: it never read what it was sent.
  switch (reply.next) {
    case next_step::continue_requests:
      send(whose.session, continue_atom::value);
      break;
    case next_step::read_input:
      if (std::exchange(whose.busy, false))
        --busy_;
      if (whose.wire->backlog() > settings_.limits.unread_replies_bytes_max) {
        whose.clogged = true;
        note_limit(whose, limit::unread_replies);
        whose.wire->ack_writes(true);
      }
      read_on(whose);
      check_quiet();
      break;
    case next_step::nothing:
      break;
    case next_step::hang_up:
      whose.session = nullptr;
      let_go(whose);
      break;
  }
}

// -- the output of a connection -----------------------------------------------

void gateway::append(connection& reader, std::string_view bytes) {
  auto& out = reader.wire->wr_buf();
  out.insert(out.end(), bytes.begin(), bytes.end());
  counts_.bytes_out += bytes.size();
  unflushed_bytes_ += bytes.size();
  uncounted_bytes_ += bytes.size();
  if (settings_.limits.idle_timeout.count() > 0)
    reader.last_active = now();
  if (out.size() <= settings_.limits.backlog_bytes_max)
    return;
  reader.wire->flush();
  if (reader.wire->backlog() > settings_.limits.backlog_bytes_max)
    cut(reader, cut_reason::slow_reader);
}

void gateway::mark_reader(connection& changed) {
  if (!std::exchange(changed.dirty_reader, true))
    dirty_readers_.push_back(changed.key);
}

void gateway::mark_writer(connection& changed) {
  if (!std::exchange(changed.dirty_writer, true))
    dirty_writers_.push_back(changed.key);
}

/// A few readers come first, for they are what a writer writes for; a crowd does not keep the
/// writer waiting: its next text can come in meanwhile.
void gateway::flush_dirty() {
  if (uncounted_bytes_ > settings_.limits.census_bytes)
    take_census();
  const bool crowded = dirty_readers_.size() > readers_before_writer_max;
  if (crowded)
    flush_writers();
  flush_readers(readers_of_one_round());
  if (!crowded)
    flush_writers();
  if (!dirty_readers_.empty() && !std::exchange(flush_under_way_, true))
    send(this, flush_atom::value);
}

std::size_t gateway::readers_of_one_round() const {
  return std::clamp(dirty_readers_.size() / rounds_per_crowd, readers_per_round_min,
                    readers_per_round_max);
}

void gateway::flush_writers() {
  for (const auto key : dirty_writers_)
    if (auto* changed = connections_.find(key))
      flush(*changed);
  dirty_writers_.clear();
}

void gateway::flush_readers(std::size_t count_max) {
  for (auto left = std::min(count_max, dirty_readers_.size()); left > 0; --left) {
    auto* changed = connections_.find(dirty_readers_.front());
    dirty_readers_.pop_front();
    if (changed != nullptr)
      flush(*changed);
  }
  if (dirty_readers_.empty())
    unflushed_bytes_ = 0;
}

void gateway::flush(connection& changed) {
  changed.dirty_reader = false;
  changed.dirty_writer = false;
  if (changed.leaving)
    return;  // The link writes what it has by itself.
  changed.wire->flush();
  unclog(changed);
}

/// A client that has caught up with its replies may send again.
void gateway::unclog(connection& reader) {
  if (!reader.clogged || reader.wire->backlog() > settings_.limits.unread_replies_bytes_max / 2)
    return;
  reader.clogged = false;
  reader.wire->ack_writes(false);
  read_on(reader);
}

void gateway::cut(connection& reader, cut_reason why) {
  ++counts_.cuts[static_cast<std::size_t>(why)];
  settings_.log->warn("slow reader cut: {} user '{}' at {} left {} bytes unread{}",
                      settings_.speaks->name(), printable(reader.user), reader.address,
                      reader.wire->backlog(),
                      why == cut_reason::server_backlog ? "; the server holds too many" : "");
  reader.wire->reset();
  forget(reader);
}

backlog_report gateway::weigh_backlog() {
  uncounted_bytes_ = 0;
  backlog_report weight{self_handle(), settings_.id, 0, 0, false};
  connections_.for_each([&](connection& each) {
    const auto backlog = each.wire->backlog();
    weight.bytes += backlog;
    weight.largest_bytes = std::max(weight.largest_bytes, backlog);
  });
  return weight;
}

/// Tells the quota how much output waits here; again in a second while there is any.
void gateway::take_census() {
  auto weight = weigh_backlog();
  if (weight.bytes > 0 && !std::exchange(census_due_, true))
    remind(std::chrono::seconds{1}, concern::census, 0);
  send(settings_.quota, backlog_atom::value, std::move(weight));
}

/// Cuts the one connection that gives back most, unless the readers have caught up meanwhile.
void gateway::on_relieve(std::size_t bytes_max) {
  if (weigh_backlog().bytes > bytes_max)
    cut_largest();
  auto weight = weigh_backlog();
  weight.after_relief = true;
  send(settings_.quota, backlog_atom::value, std::move(weight));
}

void gateway::cut_largest() {
  connection* largest = nullptr;
  connections_.for_each([&](connection& each) {
    if (largest == nullptr || each.wire->backlog() > largest->wire->backlog())
      largest = &each;
  });
  if (largest != nullptr && largest->wire->backlog() > 0)
    cut(*largest, cut_reason::server_backlog);
}

}  // namespace confab
