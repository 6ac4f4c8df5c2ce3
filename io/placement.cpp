#include "io/placement.hpp"

#include "actors/room.hpp"
#include "io/closing_broker.hpp"
#include "io/net/tcp_doorman.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::placement {

namespace {

/// An actor in the network loop: to CAF a broker, though it has no socket.
template <class Handle, class State>
using looper =
    essential_broker<caf::stateful_actor<std::optional<State>, typename Handle::broker_base>>*;

/// The same for one client of many: if it fails, only that client's connection ends.
using session_looper =
    closing_broker<caf::stateful_actor<std::optional<session_state>, session_actor::broker_base>>*;

/// Keeps the numbers of the links of several doormen apart.
constexpr std::int64_t links_per_doorman_max = std::int64_t{1} << 48;

}  // namespace

registry_actor spawn_registry(caf::actor_system& system, room_limits limits) {
  return system.middleman().spawn_broker(registry<looper<registry_actor, registry_state>>,
                                         &spawn_room, limits);
}

room_actor spawn_room(caf::actor_system& system, std::string room_name, registry_actor registry) {
  return system.middleman().spawn_broker(room<looper<room_actor, room_state>>, std::move(room_name),
                                         std::move(registry));
}

session_actor spawn_session(caf::actor_system& system, session_context context) {
  return system.middleman().spawn_broker(session<session_looper>, std::move(context));
}

quota_actor spawn_quota(caf::actor_system& system, quota_limits limits) {
  return system.middleman().spawn_broker(quota<looper<quota_actor, quota_state>>, limits);
}

gateway_actor spawn_gateway(caf::actor_system& system, gateway_settings settings,
                            std::vector<int> descriptors, tcp_settings tcp) {
  auto& loop = dynamic_cast<caf::io::network::default_multiplexer&>(system.middleman().backend());
  std::vector<caf::io::doorman_ptr> doormen;
  for (const auto descriptor : descriptors)
    doormen.push_back(caf::make_counted<tcp_doorman>(
        loop, descriptor, tcp, static_cast<std::int64_t>(doormen.size()) * links_per_doorman_max));
  caf::actor_config config{&loop};
  return system.spawn_impl<gateway, caf::no_spawn_options>(config, std::move(settings),
                                                           std::move(doormen));
}

}  // namespace confab::placement
