#include "io/gateway/gateway.hpp"

#include "actors/address_network.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace {

/// So many refused connections may linger to hear why; more are just closed.
constexpr std::size_t refused_lingering_max = 3;

/// With less credit left than so many bytes per message, a run of the mailbox is kept short, so
/// that more credit can come in time.
constexpr std::size_t credit_per_message = 16 * 1024;

/// Whether an address is one of this machine's own.
bool is_loopback(std::string_view address) {
  return address.starts_with("127.") || address == "::1" || address.starts_with("::ffff:127.");
}

/// What other clients are told of the end of a connection.
std::string_view words_for(cut_reason why) {
  switch (why) {
    case cut_reason::slow_reader:
    case cut_reason::server_backlog:
      return "Reads too slowly";
    case cut_reason::login_deadline:
      return "Registration timed out";
    case cut_reason::idle:
      return "Ping timeout";
    case cut_reason::offence:
      return "Connection closed";
    case cut_reason::shutdown:
      return "Server shuts down";
  }
  return "Connection closed";
}

}  // namespace

gateway::gateway(caf::actor_config& config, gateway_settings settings,
                 std::vector<caf::io::doorman_ptr> doormen)
    : fatal_on_exception(config),
      settings_(std::move(settings)),
      doormen_(std::move(doormen)),
      incidents_(settings_.speaks->name(), settings_.log, counts_),
      output_(connections_, *settings_.speaks, settings_.id,
              {settings_.limits.backlog_bytes_max, settings_.limits.flush}, *settings_.memory,
              counts_, *this),
      requests_(connections_, output_, incidents_, counts_,
                {settings_.limits.unread_replies_bytes_max,
                 {settings_.limits.input_bytes_per_second_max,
                  settings_.limits.input_bytes_per_second_max},
                 settings_.limits.input_lines,
                 settings_.limits.work_bytes_per_batch,
                 settings_.archive && settings_.speaks->echo_confirms(),
                 settings_.limits.unconfirmed_batches_max},
                *this),
      timers_(connections_, *this),
      departures_(connections_, output_, requests_, incidents_, timers_, *this) {
  counts_.dialect = settings_.speaks->name();
  counts_.listener = settings_.listener.empty() ? counts_.dialect : settings_.listener;
}

gateway::behavior_type gateway::make_behavior() {
  for (const auto& doorman : doormen_)
    add_doorman(doorman);
  review_credit();
  session_context_ = std::make_shared<const session_context>(session_context{
      self_handle(), settings_.id, settings_.registry, settings_.directory, settings_.authenticator,
      settings_.speaks.get(), settings_.limits.name_bytes_max,
      settings_.limits.rooms_per_client_max, settings_.now_ms, settings_.archive});
  return {
      [this](arrive_atom, connection_key key, const std::string& address) {
        on_admitted(key, address);
      },
      [this](refuse_atom, connection_key key, refusal why) { on_refused(key, why); },
      [this](credit_atom, std::size_t more_bytes) { on_credit(more_bytes); },
      [this](shed_atom, std::size_t bytes) { on_recall(bytes); },
      [this](failed_atom, connection_key key) { on_session_failed(key); },
      [this](report_atom) { return report(); },
      [this](login_atom, connection_key key, identity_ptr& who) { on_login(key, std::move(who)); },
      [this](reader_atom, connection_key key, reader_class reader) { on_reader(key, reader); },
      [this](limit_atom, connection_key key, limit which) { on_limit(key, which); },
      [this](offence_atom, connection_key key, const std::string& why) { on_offence(key, why); },
      [this](reply_atom, receipt& reply) { requests_.on_reply(reply); },
      [this](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
             receipt& reply, std::size_t elsewhere) {
        requests_.publish(batch.get(), readers.get(), reply, elsewhere);
      },
      [this](publish_atom, const event_batch_ptr& batch, const audience_ptr& readers,
             const receipt& reply) { on_publish_from_elsewhere(*batch, readers, reply); },
      [this](queued_atom, connection_key author, std::size_t readers) {
        requests_.on_queued(author, readers);
      },
      [this](kept_atom, connection_key author, bool kept) { requests_.on_kept(author, kept); },
      [this](drain_atom) { return on_drain(); },
      [this](finish_atom) { on_finish(); },
      [this](tick_atom) { on_tick(); },
      [this](flush_atom) { flush_requested_ = flush_postponed_ = false; },  // resume() flushes.
      [this](const caf::io::new_connection_msg& m) { on_new_connection(m.handle); },
      [this](caf::io::new_data_msg& m) { on_input(m); },
      [this](const caf::io::connection_passivated_msg& m) { on_end_of_input(m.handle); },
      [this](const caf::io::data_transferred_msg& m) {
        if (auto* whose = connections_.find(m.handle)) {
          output_.update_backlog(*whose);
          requests_.on_progress(*whose);
        }
        review_credit();
      },
      [this](const caf::io::connection_closed_msg& m) { on_closed(m.handle); },
      [this](renew_atom, const listener_layers_ptr& layers) { on_renewal(layers); },
  };
}

/// Works through the mailbox, then flushes one round. If there is more to flush, the loop looks at
/// the network before it comes back. A run before that leaves a crowd to the next one, but only
/// once: how long the mailbox is must not matter.
caf::resumable::resume_result gateway::resume(caf::execution_unit* context,
                                              std::size_t messages_max) {
  const auto result = fatal_on_exception::resume(context, messages_of_one_run(messages_max));
  if (ended_)
    return result;
  const bool another_follows = flush_requested_ && !std::exchange(flush_postponed_, true);
  const bool more = output_.flush_round(another_follows);
  review_credit();
  if (more && !std::exchange(flush_requested_, true))
    backend().post([self = self_handle()] { caf::anon_send(self, flush_atom::value); });
  return result;
}

// -- arrival ------------------------------------------------------------------

void gateway::on_new_connection(caf::io::connection_handle handle) {
  auto servant = by_id(handle);
  auto* wire = servant ? dynamic_cast<link*>(&*servant) : nullptr;
  if (wire == nullptr)
    return;
  if (requests_.draining()) {
    wire->close_now();
    return;
  }
  auto& newcomer = connections_.add(caf::intrusive_ptr<link>{wire});
  newcomer.address = wire->addr();
  newcomer.framing = wire->framing();
  send(settings_.quota, arrive_atom::value, self_handle(), newcomer.key, newcomer.address);
}

void gateway::on_opening_failed(const std::string& address, std::string_view complaint) {
  incidents_.opening_failed(address, complaint, now());
}

void gateway::on_renewal(const listener_layers_ptr& layers) {
  for (const auto& each : doormen_)
    if (auto* doorman = dynamic_cast<layered_doorman*>(each.get()))
      doorman->renew(layers);
}

void gateway::on_admitted(connection_key key, const std::string& address) {
  auto* newcomer = connections_.find(key);
  if (newcomer == nullptr || newcomer->leaving) {  // Gone while the quota was asked.
    send(settings_.quota, depart_atom::value, address);
    return;
  }
  ++counts_.accepted;
  newcomer->admitted = true;
  start_session(*newcomer);
  timers_.schedule(*newcomer, timer_kind::login, settings_.limits.login_deadline);
  if (settings_.limits.idle_timeout.count() > 0)
    timers_.schedule(*newcomer, timer_kind::idle, settings_.limits.idle_timeout);
  if (const auto probe = settings_.speaks->liveness())
    timers_.schedule(*newcomer, timer_kind::silence, probe->silence_before);
  newcomer->counts_lines = settings_.speaks->counts_lines() &&
                           settings_.limits.input_lines.per_second > 0 &&
                           (settings_.limits.counts_local_lines || !is_loopback(newcomer->address));
  incidents_.opened(*newcomer);
  requests_.open(*newcomer);
}

/// A session ends by itself only when all is said. If one fails, we hear of it by a message.
void gateway::start_session(connection& newcomer) {
  const auto key = newcomer.key;
  newcomer.session = settings_.spawn_session(
      system(), session_start{session_context_, key,
                              settings_.hosts->host_for(network_of(newcomer.address))});
  caf::actor_cast<caf::abstract_actor*>(newcomer.session)
      ->attach_functor([gateway = self_handle(), key](const caf::error& reason) {
        if (reason && reason != caf::exit_reason::normal)
          caf::anon_send(gateway, failed_atom::value, key);
      });
}

/// Tells the client why, as well as its protocol can, and closes.
void gateway::on_refused(connection_key key, refusal why) {
  auto* unwanted = connections_.find(key);
  if (unwanted == nullptr || unwanted->leaving)
    return;
  incidents_.limit_reached(
      *unwanted, why == refusal::address_full ? limit::connections_per_address : limit::connections,
      now());
  std::string bytes;
  settings_.speaks->encode_reply(refused{why, {}}, standing{}, bytes);
  output_.reply(*unwanted, bytes, activity_time());
  unwanted = connections_.find(key);
  if (unwanted == nullptr)
    return;
  if (refused_lingering_ < refused_lingering_max) {
    ++refused_lingering_;
    unwanted->refused_lingering = true;
    departures_.begin(*unwanted);
  } else {
    unwanted->wire->flush();
    unwanted->wire->close_now();
    remove_connection(*unwanted);
  }
}

// -- input --------------------------------------------------------------------

void gateway::on_input(caf::io::new_data_msg& input) {
  auto* source = connections_.find(input.handle);
  if (source == nullptr || !source->session)
    return;
  requests_.on_input(*source, std::move(input.buf));
}

void gateway::hand_input(connection& whose, std::vector<char> bytes) {
  send(whose.session, input_atom::value, std::move(bytes), whose.batch_bytes_max);
}

void gateway::on_end_of_input(caf::io::connection_handle handle) {
  auto* source = connections_.find(handle);
  if (source != nullptr && source->session)
    send(source->session, ended_atom::value);
}

// -- what sessions and rooms say ----------------------------------------------

void gateway::on_login(connection_key key, identity_ptr who) {
  auto* whose = connections_.find(key);
  if (whose == nullptr)
    return;
  if (std::exchange(whose->who, std::move(who)))
    return;  // It has another name now.
  timers_.cancel(*whose, timer_kind::login);
  incidents_.logged_in(*whose);
}

void gateway::on_reader(connection_key key, reader_class reader) {
  if (auto* whose = connections_.find(key))
    whose->reader = reader;
}

void gateway::on_limit(connection_key key, limit which) {
  if (const auto* whose = connections_.find(key))
    incidents_.limit_reached(*whose, which, now());
}

void gateway::on_offence(connection_key key, const std::string& why) {
  if (const auto* whose = connections_.find(key))
    incidents_.closing(*whose, cut_reason::offence, why);
}

/// It takes its connection along, or its client would wait for ever.
void gateway::on_session_failed(connection_key key) {
  auto* whose = connections_.find(key);
  if (whose == nullptr || !whose->session)
    return;
  incidents_.session_failed(*whose);
  send(settings_.directory, gone_atom::value, client_id{settings_.id, key});
  whose->wire->reset();
  remove_connection(*whose);
}

void gateway::on_publish_from_elsewhere(const event_batch& batch, const audience_ptr& readers,
                                        const receipt& reply) {
  const auto published = output_.publish(batch, *readers, activity_time());
  if (reply.gateway && !output_.must_wait(published, {reply.gateway, reply.connection}))
    send(reply.gateway, queued_atom::value, reply.connection, published.readers);
}

// -- what follows a request ---------------------------------------------------

void gateway::on_handed_over(const waiting_author& author) {
  if (author.gateway)
    send(author.gateway, queued_atom::value, author.connection, author.readers);
  else
    requests_.on_handed_over(author.connection);
}

void gateway::continue_session(connection& whose) {
  send(whose.session, continue_atom::value, whose.batch_bytes_max);
}

void gateway::hang_up(connection& whose) {
  whose.session = nullptr;
  departures_.begin(whose);
}

void gateway::wait_for_input(connection& whose, deadline_clock::duration span) {
  timers_.schedule(whose, timer_kind::throttled, span);
}

/// When the last request under way is answered, the gateway has drained.
void gateway::on_request_done() {
  if (requests_.draining() && requests_.in_flight() == 0 && drained_.pending())
    drained_.deliver(settings_.id);
}

// -- memory -------------------------------------------------------------------

void gateway::on_slow_reader(connection& reader, cut_reason why) {
  incidents_.slow_reader_cut(reader, why);
  dismiss_session(reader, words_for(why));
  reader.wire->reset();
  remove_connection(reader);
}

void gateway::on_credit(std::size_t more_bytes) {
  output_.credit().grant(more_bytes);
}

void gateway::on_recall(std::size_t bytes) {
  const auto given = output_.credit().give_back(bytes);
  output_.keep_within_credit();
  send(settings_.quota, credit_atom::value,
       credit_request{self_handle(), settings_.id, given.wanted_bytes, given.returned_bytes});
}

void gateway::review_credit() {
  if (const auto news = output_.credit().review(settings_.memory->held_bytes()))
    send(settings_.quota, credit_atom::value,
         credit_request{self_handle(), settings_.id, news->wanted_bytes, news->returned_bytes});
}

std::size_t gateway::messages_of_one_run(std::size_t messages_max) const {
  const auto credit = output_.credit().bytes();
  const auto left = credit - std::min(credit, settings_.memory->held_bytes());
  return std::clamp(left / credit_per_message, std::size_t{1}, messages_max);
}

// -- departure ----------------------------------------------------------------

void gateway::on_closed(caf::io::connection_handle handle) {
  if (auto* gone = connections_.find(handle))
    remove_connection(*gone);
}

/// Ends a connection that a limit has no place for, in order.
void gateway::close(connection& unwanted, cut_reason why, std::string_view details) {
  incidents_.closing(unwanted, why, details);
  dismiss_session(unwanted, words_for(why));
  const auto key = unwanted.key;
  say_farewell(unwanted, why);
  if (auto* leaver = connections_.find(key))
    departures_.begin(*leaver);
}

/// The connection has no more use for its session, whose end is no news then.
void gateway::dismiss_session(connection& whose, std::string_view why) {
  if (whose.session)
    send(std::exchange(whose.session, nullptr), gone_atom::value, std::string{why});
}

/// The last thing that the client gets, if its protocol has one.
void gateway::say_farewell(connection& whose, cut_reason why) {
  std::string bytes;
  settings_.speaks->encode_farewell(why, standing{.who = whose.who}, bytes);
  output_.reply(whose, bytes, activity_time());
}

/// Everything that the connection made goes with it.
void gateway::remove_connection(connection& gone) {
  incidents_.closed(gone);
  dismiss_session(gone, "Connection closed");
  output_.remove(gone);
  timers_.cancel_all(gone);
  requests_.abandon(gone);
  if (gone.admitted)
    send(settings_.quota, depart_atom::value, gone.address);
  if (gone.refused_lingering)
    --refused_lingering_;
  connections_.remove(gone);
  if (departures_.all_leave() && connections_.size() == 0)
    end(0);
}

// -- time ---------------------------------------------------------------------

deadline_clock::time_point gateway::now() {
  return deadline_clock::time_point{std::chrono::duration_cast<deadline_clock::duration>(
      system().clock().now().time_since_epoch())};
}

/// When something comes or goes now; only the idle time-out looks at it, so without one the clock
/// is not read.
deadline_clock::time_point gateway::activity_time() {
  return settings_.limits.idle_timeout.count() > 0 || settings_.speaks->liveness()
             ? now()
             : deadline_clock::time_point{};
}

void gateway::call_after(deadline_clock::duration span) {
  if (!ended_)
    delayed_send(this, span, tick_atom::value);
}

void gateway::on_tick() {
  timers_.ring();
  if (departures_.all_leave() && !ended_)
    departures_.check_all();
}

void gateway::on_deadline(connection& whose, timer_kind kind, deadline_clock::time_point time) {
  switch (kind) {
    case timer_kind::login:
      if (!whose.leaving)
        close(whose, cut_reason::login_deadline);
      break;
    case timer_kind::leaving:
      departures_.check(whose);
      break;
    case timer_kind::idle:
      check_idle(whose, time);
      break;
    case timer_kind::silence:
      check_silence(whose, time);
      break;
    case timer_kind::throttled:
      requests_.end_of_wait(whose, time);
      break;
  }
}

/// Asks a client that has long been silent whether it is there; if it stays silent, it is not. One
/// that is not read from cannot be heard, so it is not called silent.
void gateway::check_silence(connection& whose, deadline_clock::time_point time) {
  const auto probe = settings_.speaks->liveness();
  if (whose.leaving || !probe)
    return;
  if (!request_flow::reads_from(whose))
    whose.last_input = time;
  const auto ask_at = whose.last_input + probe->silence_before;
  const auto close_at = whose.last_input + probe->silence_max;
  if (time >= close_at)
    return close(whose, cut_reason::idle);
  if (time < ask_at)
    return timers_.schedule(whose, timer_kind::silence, ask_at - time);
  timers_.schedule(whose, timer_kind::silence, close_at - time);
  if (std::exchange(whose.probed, true))
    return;
  std::string bytes;
  settings_.speaks->encode_probe(bytes);
  output_.reply(whose, bytes, time);
}

void gateway::check_idle(connection& idler, deadline_clock::time_point time) {
  if (idler.leaving)
    return;
  if (idler.throttled)
    idler.last_active = time;  // It waits because we want it to.
  const auto timeout = settings_.limits.idle_timeout;
  if (idler.last_active + timeout > time)
    timers_.schedule(idler, timer_kind::idle, idler.last_active + timeout - time);
  else
    close(idler, cut_reason::idle);
}

// -- shutdown -----------------------------------------------------------------

/// Accepts and reads no more; promises to say when the last request under way is answered.
caf::typed_response_promise<gateway_id> gateway::on_drain() {
  for (const auto& doorman : std::exchange(doormen_, {}))
    doorman->graceful_shutdown();
  drained_ = make_response_promise<gateway_id>();
  auto promise = drained_;
  requests_.drain();
  on_request_done();
  return promise;
}

void gateway::on_finish() {
  drained_ = {};  // It holds a reference to ourselves if nobody asked.
  connections_.for_each([this](connection& each) {
    dismiss_session(each, words_for(cut_reason::shutdown));
    if (!each.leaving)
      say_farewell(each, cut_reason::shutdown);
  });
  departures_.begin_all();
}

void gateway::end(std::size_t unread) {
  if (std::exchange(ended_, true))
    return;
  incidents_.shutdown_cut(unread);
  quit();
}

/// Gateways that wait for each other, or for themselves, would keep each other in memory.
void gateway::on_exit() {
  ended_ = true;
  output_.end();
  connections_.clear();
  session_context_ = nullptr;  // It holds this gateway,
  drained_ = {};               // and so does this, if it ends while it drains.
}

gateway_report gateway::report() {
  auto result = counts_;
  result.id = settings_.id;
  result.connections = connections_.size();
  result.backlog_bytes = settings_.memory->queued_bytes();
  result.held_bytes = settings_.memory->held_bytes();
  result.credit_bytes = output_.credit().bytes();
  result.mailbox_messages = mailbox().size();
  result.draining = requests_.draining();
  for (const auto& each : doormen_)
    if (const auto* doorman = dynamic_cast<const layered_doorman*>(each.get()))
      doorman->add_to(result);
  return result;
}

}  // namespace confab
