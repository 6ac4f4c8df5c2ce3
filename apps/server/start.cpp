#include "apps/server/start.hpp"

#include "io/placement.hpp"

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

std::vector<int> release(listening_sockets sockets) {
  std::vector<int> result;
  for (auto& each : sockets.descriptors)
    result.push_back(each.release());
  return result;
}

}  // namespace

std::variant<opened_sockets, std::string> open_sockets(const options& chosen) {
  opened_sockets result;
  for (const auto& wanted : chosen.listeners) {
    auto outcome = open_listening_sockets(chosen.bind_address, wanted.port);
    if (const auto* problem = std::get_if<std::string>(&outcome))
      return cannot_listen("port ", wanted.port, chosen.bind_address, *problem);
    result.listeners.push_back({wanted.speaks, std::get<listening_sockets>(std::move(outcome))});
  }
  if (chosen.admin_port) {
    auto outcome = open_listening_sockets(chosen.admin_bind_address, *chosen.admin_port);
    if (const auto* problem = std::get_if<std::string>(&outcome))
      return cannot_listen("admin port ", *chosen.admin_port, chosen.admin_bind_address, *problem);
    result.admin = std::get<listening_sockets>(std::move(outcome));
  }
  return result;
}

started_actors start_actors(caf::actor_system& system, const options& chosen,
                            std::vector<opened_listener> listeners,
                            const std::shared_ptr<spdlog::logger>& log) {
  started_actors result;
  result.quota = placement::spawn_quota(system, chosen.quota);
  result.registry = placement::spawn_registry(system, chosen.rooms);
  for (auto& each : listeners) {
    gateway_settings settings{.id = static_cast<gateway_id>(result.gateways.size()),
                              .speaks = each.speaks->make(chosen.dialects),
                              .registry = result.registry,
                              .quota = result.quota,
                              .spawn_session = &placement::spawn_session,
                              .limits = chosen.limits,
                              .log = log};
    const auto port = each.sockets.port;
    result.gateways.push_back(placement::spawn_gateway(
        system, std::move(settings), release(std::move(each.sockets)), chosen.tcp));
    log->info("listening: {} on port {}", each.speaks->name, port);
  }
  return result;
}

}  // namespace confab::server
