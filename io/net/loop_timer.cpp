#include "io/net/loop_timer.hpp"

#include <cstdint>
#include <sys/timerfd.h>
#include <unistd.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

using caf::io::network::operation;

loop_timer::loop_timer(caf::io::network::default_multiplexer& loop,
                       std::chrono::milliseconds period, std::function<void()> call)
    : event_handler(loop, ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      period_(period),
      call_(std::move(call)) {}

void loop_timer::start() {
  if (fd() < 0 || std::exchange(running_, true))
    return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(period_);
  const timespec span{.tv_sec = seconds.count(),
                      .tv_nsec = (period_ - seconds).count() * 1'000'000};
  const itimerspec times{.it_interval = span, .it_value = span};
  ::timerfd_settime(fd(), 0, &times, nullptr);
  backend().add(operation::read, fd(), this);
}

void loop_timer::stop() {
  if (!std::exchange(running_, false))
    return;
  constexpr itimerspec never{};
  ::timerfd_settime(fd(), 0, &never, nullptr);
  backend().del(operation::read, fd(), this);
}

void loop_timer::handle_event(operation) {
  std::uint64_t times = 0;
  if (::read(fd(), &times, sizeof times) > 0)
    call_();
}

}  // namespace confab
