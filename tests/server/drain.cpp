// How a server ends.

#include "apps/server/drain.hpp"

#include "apps/server/signals.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/gateway_handlers.hpp"
#include "tests/support/socket.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <caf/all.hpp>

using namespace confab;

namespace {

/// What the gateways of a test did, each a letter: `q`, it said that it is quiet; `f`, it was told
/// to finish. Only the one scheduler thread touches it while the actors run.
using diary = std::shared_ptr<std::string>;

/// A gateway that has requests under way for `busy_span`, and ends when it is told to finish.
gateway_actor::behavior_type busy_gateway(gateway_actor::pointer self,
                                          std::chrono::milliseconds busy_span, diary events) {
  auto quiet = std::make_shared<caf::typed_response_promise<gateway_id>>();
  test::gateway_handlers does;
  does.drain = [=] {
    *quiet = self->make_response_promise<gateway_id>();
    self->delayed_send(self, busy_span, tick_atom::value);
    return *quiet;
  };
  does.finish = [=] {
    *events += 'f';
    self->quit();
  };
  does.tick = [=] {
    *events += 'q';
    quiet->deliver(gateway_id{0});
  };
  return test::gateway_with(std::move(does));
}

/// Gateways of which the second is busy twice as long as the first, and so on. There is no
/// registry and no quota: what is sent to nobody is dropped.
server::started_actors start(caf::actor_system& system, int gateways,
                             std::chrono::milliseconds busy_span, const diary& events) {
  server::started_actors result;
  for (int i = 1; i <= gateways; ++i)
    result.gateways.push_back(system.spawn(busy_gateway, i * busy_span, events));
  return result;
}

/// One scheduler thread, so that the gateways run one at a time.
class one_thread final : public caf::actor_system_config {
 public:
  one_thread() { set("scheduler.max-threads", std::size_t{1}); }
};

}  // namespace

TEST_CASE("gateways finish when all are quiet") {
  const auto events = std::make_shared<std::string>();
  {
    one_thread config;
    caf::actor_system system{config};
    server::drain(system, start(system, 3, std::chrono::milliseconds{10}, events), test::patience);
  }
  CHECK(*events == "qqqfff");
}

TEST_CASE("all gateways together have one span to become quiet, not one each") {
  constexpr int gateways = 20;
  const auto events = std::make_shared<std::string>();
  {
    one_thread config;
    caf::actor_system system{config};
    server::drain(system, start(system, gateways, std::chrono::milliseconds{300}, events),
                  std::chrono::milliseconds{500});
  }
  CHECK(std::count(events->begin(), events->end(), 'f') == gateways);
  CHECK(std::count(events->begin(), events->end(), 'q') < gateways);
}

TEST_CASE("a process that does not end in time says so and ends with 1") {
  std::array<int, 2> stderr_pipe{};
  REQUIRE(::pipe(stderr_pipe.data()) == 0);
  const auto child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::dup2(stderr_pipe[1], STDERR_FILENO);
    server::exit_unless_ended_within(std::chrono::seconds{1});
    for (;;)
      ::pause();
  }
  ::close(stderr_pipe[1]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  std::array<char, 256> words{};
  const auto size = ::read(stderr_pipe[0], words.data(), words.size());
  ::close(stderr_pipe[0]);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 1);
  CHECK(std::string{words.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))} ==
        "server: the shutdown takes too long, ending at once\n");
}
