#include "apps/server/chat_server.hpp"

#include "io/listening_socket.hpp"
#include "io/placement.hpp"

#include <string>
#include <utility>
#include <variant>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

/// All requests that are under way end well within this; it only guards against a defect.
constexpr std::chrono::milliseconds drain_span{1000};

/// CAF's settings, chosen by measurement: docs/performance.md.
class system_config final : public caf::actor_system_config {
 public:
  system_config() {
    load<caf::io::middleman>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{1});  // All our actors run in the network loop.
    set("scheduler.max-throughput", std::size_t{300});
    set("middleman.workers", std::size_t{0});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

/// From now on a second signal ends the process at once.
void restore_default_signals() {
  const auto signals = ending_signals();
  ::signal(SIGTERM, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

/// Stops accepting and reading, lets requests under way finish, writes what is queued.
void drain(caf::actor_system& system, const gateway_actor& gateway,
           const registry_actor& registry) {
  caf::scoped_actor self{system};
  self->request(gateway, drain_span, drain_atom::value)
      .receive([](caf::unit_t) {}, [](caf::error&) {});
  self->monitor(gateway);
  self->send(gateway, finish_atom::value);
  self->receive([](const caf::down_msg&) {});
  self->send(registry, close_atom::value);
}

}  // namespace

sigset_t ending_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

int serve(const options& chosen, std::shared_ptr<spdlog::logger> log) {
  const auto opened = open_listening_socket(chosen.bind_address, chosen.tagged_port);
  if (const auto* problem = std::get_if<std::string>(&opened)) {
    log->error("cannot listen on port {}: {}", chosen.tagged_port, *problem);
    return 1;
  }
  const auto listener = std::get<listening_socket>(opened);
  system_config config;
  caf::actor_system system{config};
  const auto registry = placement::spawn_registry(
      system, room_limits{.rooms_max = 1'000'000, .kept_vacant_max = 1000});
  const auto gateway =
      placement::spawn_gateway(system,
                               gateway_settings{.id = 0,
                                                .speaks = tagged::make_dialect(chosen.edition),
                                                .registry = registry,
                                                .spawn_session = &placement::spawn_session,
                                                .limits = chosen.limits,
                                                .log = log},
                               listener.descriptor);
  log->info("listening: tagged on port {}", listener.port);
  const auto signals = ending_signals();
  int signal = 0;
  ::sigwait(&signals, &signal);
  log->info("shutdown: {} received, draining", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  restore_default_signals();
  drain(system, gateway, registry);
  log->info("shutdown: done");
  return 0;
}

}  // namespace confab::server
