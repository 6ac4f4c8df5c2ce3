#include "apps/server/serve.hpp"

#include "apps/server/admin.hpp"
#include "apps/server/ask_links.hpp"
#include "apps/server/certificate_keeper.hpp"
#include "apps/server/cluster_start.hpp"
#include "apps/server/drain.hpp"
#include "apps/server/loops.hpp"
#include "apps/server/open_archive.hpp"
#include "apps/server/signals.hpp"
#include "apps/server/start.hpp"
#include "apps/server/start_wait.hpp"

#include <chrono>
#include <csignal>
#include <cstddef>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

/// The server promises to be gone within 5 s. Half a second for requests that are under way, 3 s
/// for a gateway to write what is queued, and a reserve.
constexpr std::chrono::seconds shutdown_span{4};

/// A server runs for months: so often it looks whether its certificate is about to end.
constexpr std::chrono::hours certificate_look_interval{24};

/// So often a node that starts looks whether it has caught up.
constexpr std::chrono::milliseconds catching_up_look_interval{20};

int fail(std::string_view problem) {
  std::cerr << "server: " << problem << '\n';
  return 1;
}

/// Does what a signal says. Returns its name if it ends the server. SIGHUP does so unless there is
/// a certificate to be read again.
std::optional<std::string_view> obey(int signal, certificate_keeper& certificates) {
  if (signal != SIGHUP)
    return signal == SIGTERM ? "SIGTERM" : "SIGINT";
  if (!certificates.has_any())
    return "SIGHUP";
  certificates.read_again();
  return std::nullopt;
}

/// Waits until this node has caught up with the others, or has waited for long enough. Returns the
/// name of a signal that has ended the server meanwhile.
std::optional<std::string_view> await_others(caf::actor_system& system, const options& chosen,
                                             const started_actors& all,
                                             certificate_keeper& certificates,
                                             spdlog::logger& log) {
  using clock = std::chrono::steady_clock;
  std::vector<std::string> nodes;
  for (const auto& each : chosen.cluster.peers)
    nodes.push_back(each.name);
  log.info("cluster: clients are let in when this node has caught up with the others");
  start_wait wait{nodes, clock::now()};
  while (wait.goes_on(ask_links(system, all.peers), clock::now()))
    if (const auto signal = await_signal(catching_up_look_interval))
      if (const auto end = obey(*signal, certificates))
        return end;
  if (const auto complaint = wait.complaint())
    log.warn("cluster: {}", *complaint);
  return std::nullopt;
}

/// Waits for a signal that ends the server, and returns its name. Meanwhile it looks after the
/// certificates.
std::string_view await_end(certificate_keeper& certificates) {
  for (;;) {
    const auto signal = await_signal(certificate_look_interval);
    if (!signal)
      certificates.log_ends();
    else if (const auto end = obey(*signal, certificates))
      return *end;
  }
}

/// Starts everything, lets clients in, waits for a signal that ends the server, and ends it.
/// Returns its exit status.
int run(const options& chosen, opened_sockets sockets, listener_layering& layers,
        std::optional<history_files> history, std::optional<opened_cluster> cluster,
        const std::shared_ptr<spdlog::logger>& log) {
  loops systems{chosen.loops, chosen.cluster};
  auto all = start_actors(systems, chosen, std::move(history), log);
  certificate_keeper certificates{chosen, all, layers, log};
  const auto let_clients_in = [&] {
    auto problem = begin_to_listen(chosen, sockets.listeners);
    if (!problem)
      start_gateways(systems, chosen, std::move(sockets.listeners), layers, all, log);
    return problem;
  };
  const bool stands_alone = !cluster;
  std::optional<std::string> problem;
  if (stands_alone)
    problem = let_clients_in();
  membership_actor links;  // Null: the server stands alone.
  if (cluster) {
    const auto context = cluster->context;
    links = start_membership(systems.home(), chosen.cluster, *std::move(cluster), log);
    certificates.keep(links, context);
    all.peers = start_peers(systems.home(), chosen.cluster, links, all,
                            retention_of(chosen.history).age_ms_max, log);
  }
  std::unique_ptr<admin_port> admin;
  if (sockets.admin) {
    log->info("listening: admin on port {}", sockets.admin->port);
    admin = std::make_unique<admin_port>(
        systems.home(), observed_actors{all.registry, all.gateways, all.archive, all.peers},
        std::move(*sockets.admin));
  }
  std::optional<std::string_view> end;
  if (!stands_alone)
    end = await_others(systems.home(), chosen, all, certificates, *log);
  if (!stands_alone && !end) {
    problem = let_clients_in();
    if (admin)
      admin->show(all.gateways);
  }
  if (!problem && !end)
    end = await_end(certificates);
  exit_unless_ended_within(shutdown_span);
  log->info("shutdown: {}, draining", problem ? *problem : std::string{*end} + " received");
  drain(systems.home(), all);
  if (links)
    caf::anon_send(links, close_atom::value);
  admin.reset();
  log->info("shutdown: done");
  return problem ? fail(*problem) : 0;
}

}  // namespace

int serve(const options& chosen, const std::shared_ptr<spdlog::logger>& log) {
  auto outcome = open_sockets(chosen);
  if (const auto* problem = std::get_if<std::string>(&outcome))
    return fail(*problem);
  auto& sockets = std::get<opened_sockets>(outcome);
  std::optional<history_files> history;
  if (!chosen.history.file.empty()) {
    auto opened = open_history(settings_of_history(chosen.history.file, chosen.history.is_synced,
                                                   chosen.history.bytes_max));
    if (const auto* problem = std::get_if<std::string>(&opened))
      return fail(*problem);
    history = std::get<history_files>(std::move(opened));
  }
  auto layering = make_layering(chosen);
  if (const auto* problem = std::get_if<std::string>(&layering))
    return fail(*problem);
  auto& layers = std::get<listener_layering>(layering);
  layers.log_certificate(*log);
  std::optional<opened_cluster> cluster;
  if (chosen.cluster.is_wanted()) {
    auto opened = open_cluster(chosen.cluster);
    if (const auto* problem = std::get_if<std::string>(&opened))
      return fail(*problem);
    cluster = std::get<opened_cluster>(std::move(opened));
    if (!chosen.irc.cloak_key)
      log->warn(
          "cluster: without --cloak-key, an address has another host on each node, and a ban by "
          "host holds on one node only");
  }
  return run(chosen, std::move(sockets), layers, std::move(history), std::move(cluster), log);
}

}  // namespace confab::server
