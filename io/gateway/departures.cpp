#include "io/gateway/departures.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// How often a connection that is leaving is looked at: if it has taken nothing since, it is
/// closed.
constexpr std::chrono::seconds leaver_interval{3};

/// A connection that is leaving is closed after so long even if it still takes something: none
/// stays for ever by taking a byte now and then.
constexpr std::chrono::seconds leaver_span_max{60};

/// How long the output may take that is queued when the server ends.
constexpr std::chrono::milliseconds finish_span{3000};

/// How often a gateway that is ending looks whether all has been taken.
constexpr std::chrono::milliseconds finish_interval{100};

}  // namespace

void departures::begin(connection& leaver) {
  if (std::exchange(leaver.leaving, true))
    return;
  leaver.wire->finish();
  output_.update_backlog(leaver);
  timers_.cancel_all(leaver);
  if (!finish_by_) {
    leaver.undelivered_bytes = leaver.wire->undelivered();
    leaver.leaving_since = gateway_.now();
    timers_.schedule(leaver, timer_kind::leaving, leaver_interval);
  }
  requests_.abandon(leaver);
}

void departures::check(connection& leaver) {
  const auto undelivered = leaver.wire->undelivered();
  if (undelivered < leaver.undelivered_bytes &&
      gateway_.now() < leaver.leaving_since + leaver_span_max) {
    leaver.undelivered_bytes = undelivered;
    timers_.schedule(leaver, timer_kind::leaving, leaver_interval);
    return;
  }
  if (!leaver.wire->out().empty())
    incidents_.leaver_closed(leaver, undelivered);
  leaver.wire->close_now();
  gateway_.remove_connection(leaver);
}

void departures::begin_all() {
  finish_by_ = gateway_.now() + finish_span;
  connections_.for_each([this](connection& each) { begin(each); });
  check_all();
}

void departures::check_all() {
  std::size_t unread = 0;
  connections_.for_each(
      [&](connection& each) { unread += each.wire->undelivered() > 0 ? 1U : 0U; });
  const auto time = gateway_.now();
  if (unread == 0 || time >= *finish_by_)
    gateway_.end(unread);
  else
    timers_.wake_up_at(std::min(time + finish_interval, *finish_by_));
}

}  // namespace confab
