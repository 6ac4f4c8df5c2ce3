#include "io/gateway/gateway.hpp"

#include "io/text/printable.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab {

namespace {

/// What the log says of a limit.
std::string_view words_for(limit which) {
  switch (which) {
    case limit::connections:
      return "too many connections, one refused";
    case limit::connections_per_address:
      return "too many connections from one address, one refused";
    case limit::rooms:
      return "too many rooms, one refused";
    case limit::name_bytes:
      return "name too long, refused";
    case limit::input_rate:
      return "input comes too fast, paused";
    case limit::unread_replies:
      return "replies are not read, input paused";
  }
  return "unknown";
}

}  // namespace

gateway::gateway(caf::actor_config& config, gateway_settings settings,
                 std::vector<caf::io::doorman_ptr> doormen)
    : essential_broker(config),
      settings_(std::move(settings)),
      doormen_(std::move(doormen)),
      policy_(settings_.speaks->policy()) {
  counts_.dialect = settings_.speaks->name();
}

gateway::behavior_type gateway::make_behavior() {
  for (const auto& each : doormen_)
    add_doorman(each);
  set_down_handler([this](const caf::down_msg& down) { on_session_down(down); });
  return {
      [this](arrive_atom, connection_key key, const std::string& address) {
        on_admitted(key, address);
      },
      [this](refuse_atom, connection_key key, refusal why) { on_refused(key, why); },
      [this](shed_atom, std::size_t bytes_max) { on_relieve(bytes_max); },
      [this](report_atom) { return report(); },
      [this](login_atom, connection_key key, std::string& user) { on_login(key, user); },
      [this](limit_atom, connection_key key, limit which) { on_limit(key, which); },
      [this](offence_atom, connection_key key, const std::string& why) { on_offence(key, why); },
      [this](reply_atom, receipt& reply) { on_reply(reply); },
      [this](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
             receipt& reply,
             std::size_t elsewhere) { on_publish_from_here(*batch, readers, reply, elsewhere); },
      [this](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
             const receipt& reply) { on_publish_from_elsewhere(*batch, readers, reply); },
      [this](queued_atom, connection_key key) { on_queued(key); },
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
  const auto result = essential_broker::resume(context, messages_max);
  flush_dirty();
  return result;
}

// -- arrival ------------------------------------------------------------------

void gateway::on_new_connection(caf::io::connection_handle handle) {
  auto servant = by_id(handle);
  auto* wire = servant ? dynamic_cast<link*>(&*servant) : nullptr;
  if (wire == nullptr)
    return;
  if (draining_) {
    wire->close_now();
    return;
  }
  auto& newcomer = connections_.add(caf::intrusive_ptr<link>{wire});
  newcomer.address = wire->addr();
  send(settings_.quota, arrive_atom::value, self_handle(), newcomer.key, newcomer.address);
}

void gateway::on_admitted(connection_key key, const std::string& address) {
  auto* newcomer = connections_.find(key);
  if (newcomer == nullptr || newcomer->leaving) {  // Gone while the quota was asked.
    send(settings_.quota, depart_atom::value, address);
    return;
  }
  ++counts_.accepted;
  newcomer->admitted = true;
  newcomer->session = settings_.spawn_session(
      system(), session_context{self_handle(), settings_.id, key, settings_.registry,
                                settings_.speaks.get(), settings_.limits.name_bytes_max});
  monitor(newcomer->session);
  newcomer->last_active = newcomer->allowance_time = now();
  newcomer->input_allowance =
      static_cast<std::int64_t>(settings_.limits.input_bytes_per_second_max);
  remind(settings_.limits.login_deadline, concern::login, key);
  if (settings_.limits.idle_timeout.count() > 0)
    remind(settings_.limits.idle_timeout, concern::idle, key);
  settings_.log->debug("opened: {} connection {} from {}", settings_.speaks->name(), key, address);
  read_on(*newcomer);
}

/// Tells the client why, as well as its protocol can, and closes.
void gateway::on_refused(connection_key key, refusal why) {
  auto* unwanted = connections_.find(key);
  if (unwanted == nullptr || unwanted->leaving)
    return;
  note_limit(*unwanted,
             why == refusal::address_full ? limit::connections_per_address : limit::connections);
  std::string bytes;
  settings_.speaks->encode_reply(refused{why, {}}, standing{}, bytes);
  append(*unwanted, bytes);
  if (turned_away_ < turned_away_max) {
    ++turned_away_;
    unwanted->turned_away = true;
    let_go(*unwanted);
  } else {
    unwanted->wire->flush();
    unwanted->wire->close_now();
    connections_.remove(*unwanted);
  }
}

void gateway::on_login(connection_key key, std::string& user) {
  auto* whose = connections_.find(key);
  if (whose == nullptr)
    return;
  whose->user = std::move(user);
  settings_.log->debug("login: {} connection {} is user '{}'", settings_.speaks->name(), key,
                       printable(whose->user));
}

void gateway::on_limit(connection_key key, limit which) {
  if (const auto* whose = connections_.find(key))
    note_limit(*whose, which);
}

void gateway::on_offence(connection_key key, const std::string& why) {
  const auto* whose = connections_.find(key);
  if (whose == nullptr)
    return;
  ++counts_.cuts[static_cast<std::size_t>(cut_reason::offence)];
  settings_.log->info("closing {} user '{}' at {}: {}", settings_.speaks->name(),
                      printable(whose->user), whose->address, why);
}

/// Counts every time, but logs no more often than a person can read.
void gateway::note_limit(const connection& whose, limit which) {
  ++counts_.limits_hit[static_cast<std::size_t>(which)];
  auto& due = limit_log_due_[static_cast<std::size_t>(which)];
  const auto time = now();
  if (time < due)
    return;
  due = time + limit_log_span;
  settings_.log->warn("limit reached: {}: {} user '{}' at {}", words_for(which),
                      settings_.speaks->name(), printable(whose.user), whose.address);
}

// -- input --------------------------------------------------------------------

void gateway::on_input(caf::io::new_data_msg& input) {
  auto* source = connections_.find(input.handle);
  if (source == nullptr || !source->session)
    return;
  counts_.bytes_in += input.buf.size();
  spend_allowance(*source, input.buf.size());
  source->busy = true;
  ++busy_;
  source->wire->pause_input();
  send(source->session, input_atom::value, std::move(input.buf));
}

/// A token bucket that holds one second's worth: input that comes faster is paid for by waiting.
void gateway::spend_allowance(connection& source, std::size_t bytes) {
  const auto rate = static_cast<std::int64_t>(settings_.limits.input_bytes_per_second_max);
  const bool idle_counts = settings_.limits.idle_timeout.count() > 0;
  if (rate == 0 && !idle_counts)
    return;
  const auto time = now();
  source.last_active = time;
  if (rate == 0)
    return;
  const auto passed =
      std::chrono::duration_cast<std::chrono::microseconds>(time - source.allowance_time).count();
  const auto earned = std::min<std::int64_t>(passed, 1'000'000) * rate / 1'000'000;
  source.input_allowance =
      std::min(rate, source.input_allowance + earned) - static_cast<std::int64_t>(bytes);
  source.allowance_time = time;
}

/// Lets the client send more, unless it has to wait for something.
void gateway::read_on(connection& ready) {
  if (ready.busy || ready.clogged || ready.throttled || draining_)
    return;
  if (ready.input_allowance < 0) {
    const auto rate = static_cast<std::int64_t>(settings_.limits.input_bytes_per_second_max);
    ready.throttled = true;
    note_limit(ready, limit::input_rate);
    remind(std::chrono::milliseconds{1 + -ready.input_allowance * 1000 / rate}, concern::throttled,
           ready.key);
    return;
  }
  ready.wire->resume_input();
}

void gateway::on_end_of_input(caf::io::connection_handle handle) {
  auto* source = connections_.find(handle);
  if (source != nullptr && source->session)
    send(source->session, ended_atom::value);
}

void gateway::on_progress(const caf::io::data_transferred_msg& progress) {
  if (auto* reader = connections_.find(progress.handle))
    unclog(*reader);
}

// -- departure ----------------------------------------------------------------

void gateway::on_closed(caf::io::connection_handle handle) {
  if (auto* gone = connections_.find(handle))
    forget(*gone);
}

/// The session has ended, or the server does: only what is queued is still written.
void gateway::let_go(connection& leaver) {
  if (std::exchange(leaver.leaving, true))
    return;
  if (std::exchange(leaver.busy, false))
    --busy_;
  leaver.wire->finish();
  if (!finishing_)
    remind(leave_span, concern::leaving, leaver.key, leaver.wire->undelivered());
  check_quiet();
}

/// Ends a connection that a limit has no place for, in order.
void gateway::close(connection& unwanted, cut_reason why) {
  ++counts_.cuts[static_cast<std::size_t>(why)];
  dismiss_session(unwanted);
  let_go(unwanted);
}

/// The connection has no more use for its session, whose end is no news then.
void gateway::dismiss_session(connection& whose) {
  if (!whose.session)
    return;
  demonitor(whose.session.address());
  send(std::exchange(whose.session, nullptr), gone_atom::value);
}

/// A session ends by itself only when all is said. One that failed takes its connection along, or
/// its client would wait for ever.
void gateway::on_session_down(const caf::down_msg& down) {
  if (!down.reason || down.reason == caf::exit_reason::normal)
    return;
  connections_.for_each([&](connection& each) {
    if (!each.session || each.session.address() != down.source)
      return;
    settings_.log->error("a session failed; closing {} user '{}' at {}", settings_.speaks->name(),
                         printable(each.user), each.address);
    each.wire->reset();
    forget(each);
  });
}

/// Everything that the connection made goes with it.
void gateway::forget(connection& gone) {
  settings_.log->debug("closed: {} connection {}", settings_.speaks->name(), gone.key);
  dismiss_session(gone);
  if (gone.busy)
    --busy_;
  if (gone.admitted)
    send(settings_.quota, depart_atom::value, gone.address);
  if (gone.turned_away)
    --turned_away_;
  connections_.remove(gone);
  check_quiet();
  check_finished();
}

gateway_report gateway::report() {
  auto result = counts_;
  result.id = settings_.id;
  result.connections = connections_.size();
  connections_.for_each([&](connection& each) { result.backlog_bytes += each.wire->backlog(); });
  result.mailbox_messages = mailbox().size();
  result.draining = draining_;
  return result;
}

}  // namespace confab
