#include "apps/clients/terminal/terminal_signals.hpp"

#include <initializer_list>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace confab::client {
namespace {

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t result;
  sigemptyset(&result);
  for (const int each : signals)
    sigaddset(&result, each);
  return result;
}

sigset_t handled() {
  return set_of({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH});
}

}  // namespace

terminal_signals::terminal_signals() {
  const sigset_t signals = handled();
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  queue_ = file_descriptor(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
}

terminal_signals::~terminal_signals() {
  const sigset_t signals = handled();
  ::sigprocmask(SIG_UNBLOCK, &signals, nullptr);
}

std::optional<int> terminal_signals::next() {
  signalfd_siginfo info{};
  if (::read(queue_.get(), &info, sizeof(info)) != static_cast<ssize_t>(sizeof(info)))
    return std::nullopt;
  return static_cast<int>(info.ssi_signo);
}

void terminal_signals::take_effect(int signal) {
  const sigset_t only = set_of({signal});
  ::raise(signal);
  ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
  ::sigprocmask(SIG_BLOCK, &only, nullptr);
}

}  // namespace confab::client
