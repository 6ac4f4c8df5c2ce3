#include "apps/server/chat_server.hpp"

#include "io/listening_socket.hpp"
#include "io/placement.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

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

/// A listener with its socket, not yet served.
struct opened_listener {
  const catalog_row* speaks;
  listening_socket socket;
};

/// Opens all listeners, or says which one cannot be opened and returns nothing.
std::optional<std::vector<opened_listener>> open_listeners(const options& chosen,
                                                           spdlog::logger& log) {
  std::vector<opened_listener> result;
  for (const auto& wanted : chosen.listeners) {
    const auto opened = open_listening_socket(chosen.bind_address, wanted.port);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
      log.error("cannot listen on port {}: {}", wanted.port, *problem);
      return std::nullopt;
    }
    result.push_back({wanted.speaks, std::get<listening_socket>(opened)});
  }
  return result;
}

/// One gateway for each listener.
std::vector<gateway_actor> start_gateways(caf::actor_system& system, const options& chosen,
                                          const std::vector<opened_listener>& listeners,
                                          const registry_actor& registry,
                                          const std::shared_ptr<spdlog::logger>& log) {
  std::vector<gateway_actor> gateways;
  for (const auto& each : listeners) {
    gateways.push_back(
        placement::spawn_gateway(system,
                                 gateway_settings{.id = static_cast<gateway_id>(gateways.size()),
                                                  .speaks = each.speaks->make(chosen.dialects),
                                                  .registry = registry,
                                                  .spawn_session = &placement::spawn_session,
                                                  .limits = chosen.limits,
                                                  .log = log},
                                 each.socket.descriptor));
    log->info("listening: {} on port {}", each.speaks->name, each.socket.port);
  }
  return gateways;
}

/// Blocks until one of the ending signals comes.
void await_ending_signal(spdlog::logger& log) {
  const auto signals = ending_signals();
  int signal = 0;
  ::sigwait(&signals, &signal);
  log.info("shutdown: {} received, draining", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  restore_default_signals();
}

/// Stops accepting and reading everywhere, lets requests under way finish, then writes what is
/// queued: in two steps, for a request may need several gateways.
void drain(caf::actor_system& system, const std::vector<gateway_actor>& gateways,
           const registry_actor& registry) {
  caf::scoped_actor self{system};
  for (const auto& gateway : gateways)
    self->request(gateway, drain_span, drain_atom::value)
        .receive([](caf::unit_t) {}, [](caf::error&) {});
  for (const auto& gateway : gateways) {
    self->monitor(gateway);
    self->send(gateway, finish_atom::value);
  }
  for (std::size_t i = 0; i < gateways.size(); ++i)
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
  const auto listeners = open_listeners(chosen, *log);
  if (!listeners)
    return 1;
  system_config config;
  caf::actor_system system{config};
  const auto registry = placement::spawn_registry(
      system, room_limits{.rooms_max = 1'000'000, .kept_vacant_max = 1000});
  const auto gateways = start_gateways(system, chosen, *listeners, registry, log);
  await_ending_signal(*log);
  drain(system, gateways, registry);
  log->info("shutdown: done");
  return 0;
}

}  // namespace confab::server
