#include "apps/server/signals.hpp"

#include <poll.h>
#include <string_view>
#include <unistd.h>

namespace confab::server {

namespace {

/// Only calls what a signal handler may call. Does not wait for a stderr that nobody reads.
void give_up_ending(int) {
  constexpr std::string_view words = "server: the shutdown takes too long, ending at once\n";
  pollfd stderr_ready{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&stderr_ready, 1, 0) > 0) [[maybe_unused]]
    const auto written = ::write(STDERR_FILENO, words.data(), words.size());
  ::_exit(1);
}

}  // namespace

sigset_t awaited_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

std::optional<int> await_signal(std::chrono::milliseconds span) {
  const auto signals = awaited_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  const auto rest = std::chrono::nanoseconds{span - seconds};
  const timespec timeout{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
  const int signal = ::sigtimedwait(&signals, nullptr, &timeout);
  if (signal < 0)
    return std::nullopt;
  if (signal == SIGHUP)
    return signal;
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  return signal;
}

void exit_unless_ended_within(std::chrono::seconds span) {
  ::signal(SIGALRM, &give_up_ending);
  ::alarm(static_cast<unsigned>(span.count()));
}

}  // namespace confab::server
