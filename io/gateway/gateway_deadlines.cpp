// What a gateway does because time passes, and how it ends.

#include "io/gateway/gateway.hpp"
#include "io/text/printable.hpp"

#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab {

namespace {

/// How long the output may take that is queued when the server ends.
constexpr std::chrono::milliseconds finish_span{3000};

/// How often a gateway that is ending looks whether it is done.
constexpr std::chrono::milliseconds finish_interval{100};

}  // namespace

gateway::clock::time_point gateway::now() {
  return clock::time_point{
      std::chrono::duration_cast<clock::duration>(system().clock().now().time_since_epoch())};
}

/// Looks at a connection, or at all of them, when the span has passed.
void gateway::remind(clock::duration span, concern about, connection_key key,
                     std::size_t undelivered) {
  deadlines_.push({now() + span, about, key, undelivered});
  tick_after(span);
}

/// Wakes the gateway up at that time, if not earlier.
void gateway::tick_after(clock::duration span) {
  const auto time = now() + span;
  if (time >= next_tick_)
    return;
  next_tick_ = time;
  delayed_send(this, span, tick_atom::value);
}

void gateway::on_tick() {
  const auto time = now();
  if (time < next_tick_)
    return;  // An earlier one has been here; each going on would make more and more of them.
  next_tick_ = clock::time_point::max();
  while (!deadlines_.empty() && deadlines_.top().due <= time) {
    const auto due = deadlines_.top();
    deadlines_.pop();
    look_at(due, time);
  }
  if (finishing_) {
    check_finished();
    tick_after(finish_interval);
  }
  if (!deadlines_.empty())
    tick_after(deadlines_.top().due - time);
}

void gateway::look_at(const deadline& due, clock::time_point time) {
  if (due.about == concern::census) {
    census_due_ = false;
    return take_census();
  }
  auto* whose = connections_.find(due.key);
  if (whose == nullptr)
    return;
  switch (due.about) {
    case concern::login:
      if (!whose->user.empty() || whose->leaving)
        break;
      settings_.log->info("login deadline: closing {} connection from {}", settings_.speaks->name(),
                          whose->address);
      close(*whose, cut_reason::login_deadline);
      break;
    case concern::leaving:
      look_at_leaver(*whose, due);
      break;
    case concern::idle:
      look_at_idler(*whose, time);
      break;
    case concern::throttled:
      whose->throttled = false;
      whose->input_allowance = 0;  // Paid for by waiting.
      whose->allowance_time = time;
      read_on(*whose);
      break;
    case concern::census:
      break;
  }
}

void gateway::look_at_leaver(connection& leaver, const deadline& due) {
  const auto undelivered = leaver.wire->undelivered();
  if (undelivered < due.undelivered_before) {  // It still reads.
    remind(leave_span, concern::leaving, due.key, undelivered);
    return;
  }
  if (leaver.wire->backlog() > 0)
    settings_.log->info(
        "closing {} user '{}' at {}: it has left and does not read the last {} bytes",
        settings_.speaks->name(), printable(leaver.user), leaver.address, undelivered);
  leaver.wire->close_now();
  forget(leaver);
}

void gateway::look_at_idler(connection& idler, clock::time_point time) {
  if (idler.leaving)
    return;
  const auto timeout = settings_.limits.idle_timeout;
  if (idler.last_active + timeout > time) {
    remind(idler.last_active + timeout - time, concern::idle, idler.key);
    return;
  }
  settings_.log->info("idle time-out: closing {} user '{}' at {}", settings_.speaks->name(),
                      printable(idler.user), idler.address);
  close(idler, cut_reason::idle);
}

// -- shutdown -----------------------------------------------------------------

/// Accepts and reads no more; promises to say when the last request under way is answered.
caf::typed_response_promise<gateway_id> gateway::on_drain() {
  draining_ = true;
  for (const auto& each : doormen_)
    each->graceful_shutdown();
  doormen_.clear();
  connections_.for_each([](connection& each) { each.wire->pause_input(); });
  quiet_ = make_response_promise<gateway_id>();
  auto promise = quiet_;
  check_quiet();
  return promise;
}

void gateway::check_quiet() {
  if (draining_ && busy_ == 0 && quiet_.pending())
    quiet_.deliver(settings_.id);
}

void gateway::on_finish() {
  finishing_ = true;
  quiet_ = {};  // It holds a reference to ourselves if nobody asked.
  finish_by_ = now() + finish_span;
  connections_.for_each([this](connection& each) {
    dismiss_session(each);
    let_go(each);
  });
  check_finished();
  tick_after(finish_interval);
}

/// Ends the gateway when everybody has what was queued for them, or when time is up.
void gateway::check_finished() {
  if (!finishing_)
    return;
  std::size_t unread = 0;
  connections_.for_each(
      [&](connection& each) { unread += each.wire->undelivered() > 0 ? 1U : 0U; });
  if (unread > 0 && now() < finish_by_)
    return;
  finishing_ = false;
  next_tick_ = clock::time_point::min();  // Never again: a message on its way would keep us alive.
  counts_.cuts[static_cast<std::size_t>(cut_reason::shutdown)] += unread;
  if (unread > 0)
    settings_.log->warn("shutdown: {} {} connections did not read to the end", unread,
                        settings_.speaks->name());
  quit();
}

}  // namespace confab
