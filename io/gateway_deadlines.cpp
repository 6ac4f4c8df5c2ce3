// What a gateway does because time passes, and how it ends.

#include "io/gateway.hpp"

#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab {

namespace {

/// How long the output may take that is queued when the server ends.
constexpr std::chrono::milliseconds finish_span{3500};

/// How often a gateway that is ending looks whether it is done.
constexpr std::chrono::milliseconds finish_interval{100};

}  // namespace

gateway::clock::time_point gateway::now() {
  return clock::time_point{
      std::chrono::duration_cast<clock::duration>(system().clock().now().time_since_epoch())};
}

void gateway::watch_clock(std::chrono::milliseconds interval) {
  if (!std::exchange(clock_watched_, true))
    delayed_send(this, interval, tick_atom::value);
}

void gateway::on_tick() {
  clock_watched_ = false;
  const auto time = now();
  check_logins(time);
  check_leavers(time);
  if (finishing_)
    check_finished();
  if (finishing_)
    watch_clock(finish_interval);
  else if (!login_deadlines_.empty() || !leave_deadlines_.empty())
    watch_clock(std::chrono::seconds{1});
}

void gateway::check_logins(clock::time_point time) {
  while (!login_deadlines_.empty() && login_deadlines_.front().due <= time) {
    const auto key = login_deadlines_.front().key;
    login_deadlines_.pop_front();
    auto* visitor = connections_.find(key);
    if (visitor == nullptr || !visitor->user.empty() || visitor->leaving)
      continue;
    settings_.log->info("login deadline: closing {} connection from {}", settings_.speaks->name(),
                        visitor->wire->addr());
    if (visitor->session)
      send(std::exchange(visitor->session, nullptr), gone_atom::value);
    let_go(*visitor);
  }
}

void gateway::check_leavers(clock::time_point time) {
  while (!leave_deadlines_.empty() && leave_deadlines_.front().due <= time) {
    auto due = leave_deadlines_.front();
    leave_deadlines_.pop_front();
    auto* leaver = connections_.find(due.key);
    if (leaver == nullptr)
      continue;
    const auto backlog = leaver->wire->backlog();
    if (backlog < due.backlog_before) {  // It still reads.
      leave_deadlines_.push_back({due.key, time + leave_span, backlog});
    } else {
      leaver->wire->close_now();
      forget(*leaver);
    }
  }
}

// -- shutdown -----------------------------------------------------------------

/// Accepts and reads no more; promises to say when the last request under way is answered.
caf::typed_response_promise<caf::unit_t> gateway::on_drain() {
  draining_ = true;
  if (doorman_) {
    doorman_->graceful_shutdown();
    doorman_.reset();
  }
  connections_.for_each([](connection& each) { each.wire->pause_input(); });
  quiet_ = make_response_promise<caf::unit_t>();
  auto promise = quiet_;
  check_quiet();
  return promise;
}

void gateway::check_quiet() {
  if (draining_ && busy_ == 0 && quiet_.pending())
    quiet_.deliver(caf::unit);
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
  clock_watched_ = false;
  watch_clock(finish_interval);
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
  if (time_is_up && connections_.size() > 0)
    settings_.log->warn("shutdown: {} {} connections did not read to the end", connections_.size(),
                        settings_.speaks->name());
  quit();
}

}  // namespace confab
