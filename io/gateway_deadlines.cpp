// What a gateway does because time passes, and how it ends.

#include "io/gateway.hpp"
#include "io/printable.hpp"

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
void gateway::remind(clock::duration span, concern about, connection_key key, std::size_t backlog) {
  deadlines_.push({now() + span, about, key, backlog});
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
  if (due.about == concern::census)
    return take_census();
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
  const auto backlog = leaver.wire->backlog();
  if (backlog < due.backlog_before) {  // It still reads.
    remind(leave_span, concern::leaving, due.key, backlog);
  } else {
    leaver.wire->close_now();
    forget(leaver);
  }
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
  if (doorman_) {
    doorman_->graceful_shutdown();
    doorman_.reset();
  }
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
  finish_by_ = now() + finish_span;
  connections_.for_each([this](connection& each) {
    if (each.session)
      send(std::exchange(each.session, nullptr), gone_atom::value);
    let_go(each);
  });
  check_finished();
  tick_after(finish_interval);
}

/// Ends the gateway when everybody has what was queued for them, or when time is up.
void gateway::check_finished() {
  if (!finishing_)
    return;
  const bool time_is_up = now() >= finish_by_;
  std::size_t unread = 0;
  if (!time_is_up)
    connections_.for_each([&](connection& each) { unread += each.wire->backlog(); });
  if (unread > 0)
    return;
  finishing_ = false;
  next_tick_ = clock::time_point::min();  // Never again: a message on its way would keep us alive.
  counts_.cuts[static_cast<std::size_t>(cut_reason::shutdown)] += connections_.size();
  if (time_is_up && connections_.size() > 0)
    settings_.log->warn("shutdown: {} {} connections did not read to the end", connections_.size(),
                        settings_.speaks->name());
  quit();
}

}  // namespace confab
