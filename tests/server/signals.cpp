// What the main thread of the server waits for.

#include "apps/server/signals.hpp"

#include "tests/support/catch.hpp"

#include <chrono>
#include <csignal>
#include <unistd.h>

using namespace confab::server;
using namespace std::chrono_literals;

namespace {

/// The signals do not end the test meanwhile.
class blocked_signals {
 public:
  blocked_signals() {
    const auto signals = awaited_signals();
    ::pthread_sigmask(SIG_BLOCK, &signals, &before_);
  }
  blocked_signals(const blocked_signals&) = delete;
  blocked_signals& operator=(const blocked_signals&) = delete;
  ~blocked_signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

TEST_CASE("waiting for a signal ends after the given time, so that the certificate is looked at") {
  const blocked_signals guard;
  CHECK(!await_signal(0s));
  CHECK(!await_signal(1ms));
}

TEST_CASE("SIGHUP does not end the waiting for others") {
  const blocked_signals guard;
  ::raise(SIGHUP);
  CHECK(await_signal(60s) == SIGHUP);
  CHECK(!await_signal(0s));
}

TEST_CASE("SIGTERM is told, and the next one ends the process") {
  const blocked_signals guard;
  ::raise(SIGTERM);
  CHECK(await_signal(60s) == SIGTERM);
  struct sigaction action {};
  REQUIRE(::sigaction(SIGTERM, nullptr, &action) == 0);
  CHECK(action.sa_handler == SIG_DFL);
}
