#include "io/gateway.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab {

gateway::gateway(caf::actor_config& config, gateway_settings settings, caf::io::doorman_ptr doorman)
    : gateway_broker::broker_base(config),
      settings_(std::move(settings)),
      doorman_(std::move(doorman)),
      hearing_(settings_.speaks->hears()) {}

gateway::behavior_type gateway::make_behavior() {
  add_doorman(doorman_);
  return {
      [this](login_atom, connection_key key, std::string& user) { on_login(key, user); },
      [this](reply_atom, receipt& reply) { on_reply(reply); },
      [this](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
             receipt& reply,
             std::size_t elsewhere) { on_publish_from_here(*batch, readers, reply, elsewhere); },
      [this](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
             const receipt& reply) { on_publish_from_elsewhere(*batch, readers, reply); },
      [this](taken_atom, connection_key key) { on_taken(key); },
      [this](drain_atom) { return on_drain(); },
      [this](finish_atom) { on_finish(); },
      [this](tick_atom) { on_tick(); },
      [this](flush_atom) { flush_under_way_ = false; },  // resume() flushes.
      [this](const caf::io::new_connection_msg& m) { on_new_connection(m.handle); },
      [this](caf::io::new_data_msg& m) { on_input(m); },
      [this](const caf::io::connection_passivated_msg& m) { on_end_of_input(m.handle); },
      [this](const caf::io::data_transferred_msg& m) { on_progress(m); },
      [this](const caf::io::connection_closed_msg& m) { on_closed(m.handle); },
  };
}

caf::resumable::resume_result gateway::resume(caf::execution_unit* context,
                                              std::size_t messages_max) {
  const auto result = gateway_broker::broker_base::resume(context, messages_max);
  flush_dirty();
  return result;
}

// -- from the network ---------------------------------------------------------

void gateway::on_new_connection(caf::io::connection_handle handle) {
  auto servant = by_id(handle);
  auto* wire = servant ? dynamic_cast<link*>(&*servant) : nullptr;
  if (wire == nullptr)
    return;
  if (draining_ || connections_.size() >= settings_.limits.connections_max)
    return refuse(*wire);
  full_ = false;
  auto& newcomer = connections_.add(caf::intrusive_ptr<link>{wire});
  newcomer.session = settings_.spawn_session(
      system(),
      session_context{caf::actor_cast<gateway_actor>(ctrl()), settings_.id, newcomer.key,
                      settings_.registry, settings_.speaks.get(), settings_.limits.name_bytes_max});
  login_deadlines_.push_back({newcomer.key, now() + settings_.limits.login_deadline, 0});
  watch_clock(std::chrono::seconds{1});
  wire->resume_input();
}

/// Tells the client why, as well as its protocol can, and closes.
void gateway::refuse(link& wire) {
  if (!std::exchange(full_, true) && !draining_)
    settings_.log->warn("limit reached: {} has {} connections; refusing more",
                        settings_.speaks->name(), connections_.size());
  std::string bytes;
  settings_.speaks->encode_reply(refused{refusal::server_full, {}}, standing{}, bytes);
  auto& out = wire.wr_buf();
  out.insert(out.end(), bytes.begin(), bytes.end());
  wire.flush();
  wire.close_now();
}

void gateway::on_input(caf::io::new_data_msg& input) {
  auto* source = connections_.find(input.handle);
  if (source == nullptr || !source->session)
    return;
  source->busy = true;
  ++busy_;
  source->wire->pause_input();
  send(source->session, input_atom::value, std::move(input.buf));
}

void gateway::on_end_of_input(caf::io::connection_handle handle) {
  auto* source = connections_.find(handle);
  if (source != nullptr && source->session)
    send(source->session, ended_atom::value);
}

void gateway::on_progress(const caf::io::data_transferred_msg& progress) {
  if (auto* reader = connections_.find(progress.handle))
    let_read_on(*reader);
}

void gateway::on_closed(caf::io::connection_handle handle) {
  if (auto* gone = connections_.find(handle))
    forget(*gone);
}

// -- from the actors ----------------------------------------------------------

void gateway::on_login(connection_key key, std::string& user) {
  if (auto* whose = connections_.find(key))
    whose->user = std::move(user);
}

void gateway::on_reply(receipt& reply) {
  if (auto* whose = connections_.find(reply.connection))
    settle(*whose, reply);
}

void gateway::on_publish_from_here(const event_batch& batch, const audience_ptr& readers,
                                   receipt& reply, std::size_t elsewhere) {
  on_publish(batch, readers);
  auto* writer = connections_.find(reply.connection);
  if (writer == nullptr || !reply.gateway)
    return;
  writer->taken_awaited += static_cast<std::ptrdiff_t>(elsewhere);
  if (writer->taken_awaited == 0)
    settle(*writer, reply);
  else
    writer->held = std::move(reply);
}

void gateway::on_publish_from_elsewhere(const event_batch& batch, const audience_ptr& readers,
                                        const receipt& reply) {
  on_publish(batch, readers);
  if (reply.gateway)
    send(reply.gateway, taken_atom::value, reply.connection);
}

void gateway::on_taken(connection_key key) {
  auto* writer = connections_.find(key);
  if (writer == nullptr)
    return;
  --writer->taken_awaited;
  if (writer->held && writer->taken_awaited == 0) {
    auto reply = std::move(*writer->held);
    writer->held.reset();
    settle(*writer, reply);
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
    if (reader != nullptr && !reader->leaving && hears(*reader, batch.who))
      deliver(*reader);
  }
}

void gateway::deliver(connection& reader) {
  mark_reader(reader);
  append(reader, encoded_);
}

bool gateway::hears(const connection& reader, const author& who) const {
  switch (hearing_) {
    case hearing::everything:
      return true;
    case hearing::all_but_own_user:
      return reader.user != who.name;
    case hearing::all_but_own_connection:
      return reader.key != who.connection || settings_.id != who.gateway;
  }
  return true;
}

// -- connections --------------------------------------------------------------

/// A receipt takes effect: its bytes are queued, and its session or its client may go on.
void gateway::settle(connection& whose, receipt& reply) {
  const auto key = whose.key;
  if (!reply.bytes.empty()) {
    mark_writer(whose);
    append(whose, reply.bytes);
  }
  if (connections_.find(key) == nullptr)
    return;  // Cut: it never read what it was sent.
  switch (reply.next) {
    case next_step::settled:
      send(whose.session, settled_atom::value);
      break;
    case next_step::read_input:
      if (std::exchange(whose.busy, false))
        --busy_;
      whose.clogged = whose.wire->backlog() > settings_.limits.unread_replies_bytes_max;
      if (whose.clogged)
        whose.wire->ack_writes(true);
      else if (!draining_)
        whose.wire->resume_input();
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

/// A client that has caught up with its replies may send again.
void gateway::let_read_on(connection& ready) {
  if (!ready.clogged || ready.wire->backlog() > settings_.limits.unread_replies_bytes_max / 2)
    return;
  ready.clogged = false;
  ready.wire->ack_writes(false);
  if (!draining_)
    ready.wire->resume_input();
}

void gateway::append(connection& reader, std::string_view bytes) {
  auto& out = reader.wire->wr_buf();
  out.insert(out.end(), bytes.begin(), bytes.end());
  unflushed_bytes_ += bytes.size();
  if (out.size() <= settings_.limits.backlog_bytes_max)
    return;
  reader.wire->flush();
  if (reader.wire->backlog() > settings_.limits.backlog_bytes_max)
    cut(reader);
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
  const bool crowded = dirty_readers_.size() > readers_before_writer_max;
  if (crowded)
    flush_writers();
  flush_readers(unflushed_bytes_ > unflushed_bytes_max ? dirty_readers_.size()
                                                       : readers_flushed_per_round);
  if (!crowded)
    flush_writers();
  if (dirty_readers_.empty())
    unflushed_bytes_ = 0;
  else if (!std::exchange(flush_under_way_, true))
    send(this, flush_atom::value);
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
}

void gateway::flush(connection& changed) {
  changed.dirty_reader = false;
  changed.dirty_writer = false;
  if (changed.leaving) {
    changed.wire->finish();
  } else {
    changed.wire->flush();
    let_read_on(changed);
  }
}

/// The session has ended, or the server does: only what is queued is still written.
void gateway::let_go(connection& leaver) {
  if (std::exchange(leaver.leaving, true))
    return;
  if (std::exchange(leaver.busy, false))
    --busy_;
  mark_writer(leaver);
  leave_deadlines_.push_back({leaver.key, now() + leave_span, leaver.wire->backlog()});
  watch_clock(std::chrono::seconds{1});
  check_quiet();
}

void gateway::cut(connection& reader) {
  settings_.log->warn("slow reader cut: {} user '{}' at {} left {} bytes unread",
                      settings_.speaks->name(), reader.user, reader.wire->addr(),
                      reader.wire->backlog());
  reader.wire->reset();
  forget(reader);
}

/// Everything that the connection made goes with it.
void gateway::forget(connection& gone) {
  if (gone.session)
    send(gone.session, gone_atom::value);
  if (gone.busy)
    --busy_;
  connections_.remove(gone);
  check_quiet();
  check_finished();
}

}  // namespace confab
