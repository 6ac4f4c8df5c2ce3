#include "apps/server/cluster_start.hpp"

#include "actors/cluster/wire_types.hpp"
#include "io/cluster/own_node_id.hpp"
#include "io/cluster/repeated_lines.hpp"
#include "io/dialects/catalog.hpp"
#include "io/placement.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <utility>

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

/// From so long before its end on, a certificate is worth a line in the log.
constexpr std::chrono::days warning_span{30};

/// A node that answers nothing is lost after 1.0 to 1.4 s, as tried: what was heard last is looked
/// at with each heartbeat.
constexpr std::chrono::milliseconds heartbeat_span{200};
constexpr std::chrono::milliseconds silence_max{1000};

const char* option_of(mutual_tls_problem::file which) {
  switch (which) {
    case mutual_tls_problem::file::certificate:
      return "--cluster-certificate";
    case mutual_tls_problem::file::key:
      return "--cluster-key";
    case mutual_tls_problem::file::authority:
      return "--cluster-ca";
  }
  return "";
}

/// What is wrong with a history is found again and again, so the log does not say it each time.
auto teller_of_refused(std::shared_ptr<spdlog::logger> log) {
  return [log = std::move(log), said = repeated_lines{}](const refused_history& what,
                                                         const std::string& node) mutable {
    const std::string why = what.why;
    if (!said.may_say((what.is_own ? "own " : "") + why, std::chrono::steady_clock::now()))
      return;
    if (what.is_own)
      log->warn("history: {} events that are kept here are not told to node {}: {}", what.count,
                node, why);
    else
      log->warn("history: {} events of node {} are not kept here: {}", what.count, node, why);
  };
}

auto teller_of_broken(std::shared_ptr<spdlog::logger> log) {
  return [log = std::move(log), said = repeated_lines{}](const std::string& why,
                                                         const std::string& node) mutable {
    if (said.may_say(why, std::chrono::steady_clock::now()))
      log->warn("cluster: the link to {} is given up: {}", node, why);
  };
}

}  // namespace

std::variant<mutual_tls_ptr, std::string> load_link_certificate(const cluster_options& chosen) {
  auto loaded = load_mutual_tls(chosen.files);
  if (const auto* problem = std::get_if<mutual_tls_problem>(&loaded))
    return std::string{option_of(problem->which)} + ": " + problem->line;
  return std::get<mutual_tls_ptr>(std::move(loaded));
}

void log_end_of_link_certificate(const mutual_tls& context, const cluster_options& chosen,
                                 spdlog::logger& log) {
  const auto left = context.not_after() - std::chrono::system_clock::now();
  if (left >= warning_span)
    return;
  const auto days = std::chrono::duration_cast<std::chrono::days>(left).count();
  const auto when =
      left > std::chrono::seconds{0} ? fmt::format("ends in {} days", days) : "has ended";
  log.warn("cluster: the certificate in {} {}; put a new one there and send SIGHUP",
           chosen.files.certificate, when);
}

std::variant<opened_cluster, std::string> open_cluster(const cluster_options& chosen) {
  opened_cluster result;
  if (chosen.is_encrypted()) {
    auto loaded = load_link_certificate(chosen);
    if (auto* problem = std::get_if<std::string>(&loaded))
      return std::move(*problem);
    result.context = std::get<mutual_tls_ptr>(std::move(loaded));
  }
  auto opened = open_listening_sockets(chosen.bind_host, chosen.bind_port);
  if (const auto* problem = std::get_if<std::string>(&opened))
    return "cannot listen on cluster port " + chosen.address + ": " + *problem;
  result.port = std::get<listening_sockets>(std::move(opened));
  return result;
}

void configure_cluster(caf::actor_system_config& config) {
  config.set("middleman.heartbeat-interval", caf::timespan{heartbeat_span});
  config.set("middleman.connection-timeout", caf::timespan{silence_max});
  register_wire_types(config);
  draw_node_id(config);
}

std::vector<std::string_view> dialect_names() {
  std::vector<std::string_view> result;
  for (const auto& row : dialect_catalog())
    result.push_back(row.name);
  return result;
}

membership_actor start_membership(caf::actor_system& system, const cluster_options& chosen,
                                  opened_cluster opened,
                                  const std::shared_ptr<spdlog::logger>& log) {
  if (opened.context)
    log_end_of_link_certificate(*opened.context, chosen, *log);
  cluster_port port{{}, opened.port.port};
  for (auto& each : opened.port.descriptors)
    port.listening.push_back(each.release());
  log->info("listening: node {} for the cluster on port {}, {}", chosen.node, port.port,
            opened.context ? "encrypted" : "not encrypted");
  return placement::spawn_membership(system,
                                     {.name = chosen.node,
                                      .peers = chosen.peers,
                                      .context = std::move(opened.context),
                                      .seed = std::random_device{}(),
                                      .log = log},
                                     std::move(port));
}

std::uint64_t place_of_node(const cluster_options& chosen) {
  return static_cast<std::uint64_t>(
      std::count_if(chosen.peers.begin(), chosen.peers.end(),
                    [&](const cluster_peer& each) { return each.name < chosen.node; }));
}

std::vector<observed_peer> start_peers(caf::actor_system& system, const cluster_options& chosen,
                                       const membership_actor& links, const started_actors& all,
                                       std::int64_t history_age_ms_max,
                                       const std::shared_ptr<spdlog::logger>& log) {
  std::vector<observed_peer> result;
  // Each has a generator of its own: nothing is shared between actors.
  std::random_device seed;
  for (const auto& each : chosen.peers) {
    peer_settings settings;
    settings.id = first_peer_gateway + static_cast<gateway_id>(result.size());
    settings.link.own_node = chosen.node;
    settings.link.other_node = each.name;
    settings.link.next_epoch = [random = std::mt19937_64{seed()}]() mutable {
      return random() | 1;  // Never 0.
    };
    settings.registry = all.registry;
    settings.directory = all.directory;
    settings.archive = all.archive;
    settings.history_age_ms_max = history_age_ms_max;
    settings.now_ms = &placement::system_time_ms;
    settings.membership = links;
    settings.on_refused = teller_of_refused(log);
    settings.on_broken = teller_of_broken(log);
    result.push_back(placement::spawn_peer(system, std::move(settings)));
    caf::anon_send(links, serve_atom::value, each.name, peer_port{result.back()});
  }
  return result;
}

}  // namespace confab::server
