#include "apps/server/chat_server.hpp"

#include "apps/server/admin.hpp"
#include "io/net/event_loop.hpp"
#include "io/net/listening_socket.hpp"
#include "io/placement.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

/// All requests that are under way end well within this; it only guards against a defect.
constexpr std::chrono::milliseconds drain_span{500};

/// The server promises to be gone within 5 s.
constexpr unsigned shutdown_seconds_max = 4;

/// CAF's settings, chosen by measurement: docs/performance.md.
class system_config final : public caf::actor_system_config {
 public:
  system_config() {
    load<caf::io::middleman, event_loop>();
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

/// Gateways end within their own span; what then still holds the process up (a client of the admin
/// port that sends a byte a second) is not worth waiting for.
void end_in_time() {
  ::signal(SIGALRM, [](int) { ::_exit(0); });
  ::alarm(shutdown_seconds_max);
}

/// A listener with its socket, not yet served.
struct opened_listener {
  const catalog_row* speaks;
  listening_sockets sockets;
};

/// Opens all listeners, or says which one cannot be opened and returns nothing.
std::optional<std::vector<opened_listener>> open_listeners(const options& chosen,
                                                           spdlog::logger& log) {
  std::vector<opened_listener> result;
  for (const auto& wanted : chosen.listeners) {
    auto opened = open_listening_sockets(chosen.bind_address, wanted.port);
    if (const auto* problem = std::get_if<std::string>(&opened)) {
      log.error("cannot listen on port {}: {}", wanted.port, *problem);
      return std::nullopt;
    }
    result.push_back({wanted.speaks, std::get<listening_sockets>(std::move(opened))});
  }
  return result;
}

/// The actors of a running server.
struct actors {
  quota_actor quota;
  observed_actors observed;  ///< The registry and the gateways.
};

/// One gateway for each listener, and what they share.
actors start_actors(caf::actor_system& system, const options& chosen,
                    std::vector<opened_listener> listeners,
                    const std::shared_ptr<spdlog::logger>& log) {
  actors result;
  result.quota = placement::spawn_quota(system, chosen.quota);
  auto& [registry, gateways] = result.observed;
  registry = placement::spawn_registry(system, chosen.rooms);
  for (auto& each : listeners) {
    std::vector<int> descriptors;
    for (auto& socket : each.sockets.descriptors)
      descriptors.push_back(socket.release());
    gateways.push_back(
        placement::spawn_gateway(system,
                                 gateway_settings{.id = static_cast<gateway_id>(gateways.size()),
                                                  .speaks = each.speaks->make(chosen.dialects),
                                                  .registry = registry,
                                                  .quota = result.quota,
                                                  .spawn_session = &placement::spawn_session,
                                                  .limits = chosen.limits,
                                                  .log = log},
                                 descriptors, chosen.tcp));
    log->info("listening: {} on port {}", each.speaks->name, each.sockets.port);
  }
  return result;
}

/// Blocks until one of the ending signals comes.
void await_ending_signal(spdlog::logger& log) {
  const auto signals = ending_signals();
  int signal = 0;
  ::sigwait(&signals, &signal);
  restore_default_signals();
  end_in_time();
  log.info("shutdown: {} received, draining", signal == SIGTERM ? "SIGTERM" : "SIGINT");
}

/// Stops accepting and reading everywhere, lets requests under way finish, then writes what is
/// queued: in two steps, for a request may need several gateways.
void drain(caf::actor_system& system, const actors& all) {
  caf::scoped_actor self{system};
  const auto& gateways = all.observed.gateways;
  for (const auto& gateway : gateways)
    self->send(gateway, drain_atom::value);
  for (std::size_t quiet = 0; quiet < gateways.size(); ++quiet)
    self->receive([](gateway_id) {}, caf::after(drain_span) >> [] {});
  for (const auto& gateway : gateways) {
    self->monitor(gateway);
    self->send(gateway, finish_atom::value);
  }
  for (std::size_t ended = 0; ended < gateways.size(); ++ended)
    self->receive([](const caf::down_msg&) {});
  self->send(all.observed.registry, close_atom::value);
  self->send(all.quota, close_atom::value);
}

/// Opens the admin port if one is wanted. Returns false if it cannot be opened.
bool open_admin_port(caf::actor_system& system, const options& chosen, const actors& all,
                     spdlog::logger& log, std::unique_ptr<admin_port>& opened) {
  if (!chosen.admin_port)
    return true;
  opened = admin_port::open(system, all.observed, chosen.admin_bind_address, *chosen.admin_port);
  if (!opened) {
    log.error("cannot listen on admin port {} of {}", *chosen.admin_port,
              chosen.admin_bind_address);
    return false;
  }
  log.info("listening: admin on port {}", opened->port());
  return true;
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
  auto listeners = open_listeners(chosen, *log);
  if (!listeners)
    return 1;
  system_config config;
  caf::actor_system system{config};
  const auto all = start_actors(system, chosen, std::move(*listeners), log);
  std::unique_ptr<admin_port> admin;
  const bool complete = open_admin_port(system, chosen, all, *log, admin);
  if (complete)
    await_ending_signal(*log);
  drain(system, all);
  if (!complete)
    return 1;
  log->info("shutdown: done");
  return 0;
}

}  // namespace confab::server
