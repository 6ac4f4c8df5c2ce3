#include "apps/server/start.hpp"

#include "apps/server/cluster_start.hpp"
#include "apps/server/open_archive.hpp"
#include "io/crypto/password_hash.hpp"
#include "io/placement.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

std::string cannot_listen(const std::string& what, std::uint16_t port, const std::string& address,
                          const std::string& reason) {
  return "cannot listen on " + what + std::to_string(port) +
         (address.empty() ? "" : " of " + address) + ": " + reason;
}

std::vector<int> release(std::vector<file_descriptor> sockets) {
  std::vector<int> result;
  result.reserve(sockets.size());
  for (auto& each : sockets)
    result.push_back(each.release());
  return result;
}

/// What all gateways of a listener have in common, but for what all of the server has.
gateway_settings settings_of_gateways(const listener& wanted, const started_actors& all,
                                      const options& chosen,
                                      const std::shared_ptr<spdlog::logger>& log) {
  gateway_settings result;
  result.listener = wanted.name();
  result.registry = all.registry;
  result.directory = all.directory;
  result.authenticator = all.authenticator;
  result.archive = all.archive;
  result.quota = all.quota;
  result.spawn_session = &placement::spawn_session;
  result.limits = chosen.limits;
  result.log = log;
  result.now_ms = &placement::system_time_ms;
  return result;
}

/// Nobody is shown more than what is kept.
std::size_t replayed(const history_options& chosen) {
  return chosen.texts_max == 0 ? chosen.replay_texts
                               : std::min(chosen.replay_texts, chosen.texts_max);
}

}  // namespace

std::variant<opened_sockets, std::string> open_sockets(const options& chosen) {
  opened_sockets result;
  for (const auto& wanted : chosen.listeners) {
    auto outcome = open_shared_listening_sockets(
        chosen.bind_address, wanted.port, chosen.loops,
        chosen.cluster.is_wanted() ? listening_begins::later : listening_begins::at_once);
    if (const auto* problem = std::get_if<std::string>(&outcome))
      return cannot_listen("port ", wanted.port, chosen.bind_address, *problem);
    result.listeners.push_back({wanted, std::get<0>(std::move(outcome))});
  }
  if (chosen.admin_port) {
    auto outcome = open_listening_sockets(chosen.admin_bind_address, *chosen.admin_port);
    if (const auto* problem = std::get_if<std::string>(&outcome))
      return cannot_listen("admin port ", *chosen.admin_port, chosen.admin_bind_address, *problem);
    result.admin = std::get<listening_sockets>(std::move(outcome));
  }
  return result;
}

started_actors start_actors(loops& systems, const options& chosen,
                            std::optional<history_files> history,
                            const std::shared_ptr<spdlog::logger>& log) {
  auto& home = systems.home();
  if (systems.count() > 1)
    log->info("{} loops serve connections", systems.count());
  started_actors result;
  result.gateways_per_listener = systems.count();
  result.quota = placement::spawn_quota(home, chosen.quota);
  const auto last_run = history ? history->last_run : 0;
  if (history)
    result.archive = start_archive(home, chosen.history, *std::move(history), log);
  const auto names = placement::spawn_name_services(home, chosen.rooms, &placement::spawn_room,
                                                    &placement::system_time_ms, {},
                                                    {.archive = result.archive,
                                                     .last_run = last_run,
                                                     .replay_texts = replayed(chosen.history),
                                                     .node_number = place_of_node(chosen.cluster),
                                                     .nodes = chosen.cluster.peers.size() + 1});
  result.registry = names.registry;
  result.directory = names.directory;
  if (!chosen.irc.operators.empty())
    result.authenticator =
        placement::spawn_authenticator(home, {chosen.irc.operators, &verify_password});
  return result;
}

std::optional<std::string> begin_to_listen(const options& chosen,
                                           const std::vector<opened_listener>& listeners) {
  for (const auto& each : listeners)
    for (const auto& shared : each.sockets)
      if (const auto problem = confab::begin_to_listen(shared))
        return cannot_listen("port ", shared.port, chosen.bind_address, *problem);
  return std::nullopt;
}

void start_gateways(loops& systems, const options& chosen, std::vector<opened_listener> listeners,
                    const listener_layering& layers, started_actors& all,
                    const std::shared_ptr<spdlog::logger>& log) {
  const auto hosts =
      std::make_shared<const cloak>(chosen.irc.cloak_key ? cloak{*chosen.irc.cloak_key} : cloak{});
  auto dialects = chosen.dialects;
  dialects.irc.started_ms = placement::system_time_ms();
  dialects.irc.now_ms = &placement::system_time_ms;
  for (auto& each : listeners) {
    auto settings = settings_of_gateways(each.wanted, all, chosen, log);
    settings.hosts = hosts;
    settings.speaks = each.wanted.speaks->make(dialects);
    for (std::size_t i = 0; i < systems.count(); ++i) {
      settings.id = static_cast<gateway_id>(all.gateways.size());
      all.gateways.push_back(
          placement::spawn_gateway(systems.at(i), settings,
                                   {release(std::move(each.sockets[i].descriptors)), chosen.tcp,
                                    layers.of(each.wanted), chosen.opening}));
    }
    log->info("listening: {} on port {}", each.wanted.name(), each.sockets.front().port);
  }
}

}  // namespace confab::server
