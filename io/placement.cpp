#include "io/placement.hpp"

#include "actors/room.hpp"
#include "io/closing_broker.hpp"
#include "io/net/tcp_doorman.hpp"

#include <optional>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::placement {

namespace {

/// An actor in the network loop: to CAF a broker, though it has no socket.
template <class Handle, class State>
using loop_actor =
    fatal_on_exception<caf::stateful_actor<std::optional<State>, typename Handle::broker_base>>*;

/// The same for one client of many: if it fails, only that client's connection ends.
using session_in_loop =
    closing_broker<caf::stateful_actor<std::optional<session_state>, session_actor::broker_base>>*;

}  // namespace

registry_actor spawn_registry(caf::actor_system& system, room_limits limits) {
  return system.middleman().spawn_broker(registry<loop_actor<registry_actor, registry_state>>,
                                         &spawn_room, limits);
}

room_actor spawn_room(caf::actor_system& system, std::string room_name, registry_actor registry) {
  return system.middleman().spawn_broker(room<loop_actor<room_actor, room_state>>,
                                         std::move(room_name), std::move(registry));
}

session_actor spawn_session(caf::actor_system& system, session_context context) {
  return system.middleman().spawn_broker(session<session_in_loop>, std::move(context));
}

quota_actor spawn_quota(caf::actor_system& system, quota_limits limits) {
  return system.middleman().spawn_broker(quota<loop_actor<quota_actor, quota_state>>, limits);
}

gateway_actor spawn_gateway(caf::actor_system& system, gateway_settings settings,
                            const std::vector<int>& descriptors, tcp_settings tcp) {
  auto& loop = dynamic_cast<caf::io::network::default_multiplexer&>(system.middleman().backend());
  if (!settings.memory)
    settings.memory = std::make_shared<output_memory>();
  std::vector<caf::io::doorman_ptr> doormen;
  doormen.reserve(descriptors.size());
  // Handles of links are never used twice in a gateway, so each doorman has a range of its own.
  for (const auto descriptor : descriptors)
    doormen.emplace_back(caf::make_counted<tcp_doorman>(
        loop, descriptor, tcp, settings.memory, static_cast<std::uint32_t>(doormen.size())));
  caf::actor_config config{&loop};
  return system.spawn_impl<gateway, caf::no_spawn_options>(config, std::move(settings),
                                                           std::move(doormen));
}

}  // namespace confab::placement
