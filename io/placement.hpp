#pragma once

#include "actors/quota.hpp"
#include "actors/registry.hpp"
#include "actors/session.hpp"
#include "io/gateway/gateway.hpp"
#include "io/net/tcp_settings.hpp"

#include <string>
#include <vector>

#include <caf/fwd.hpp>

/// Where the actors of a server run: the one place that decides it.
///
/// All run in the thread of CAF's network loop. A message between two threads costs a wake-up,
/// several microseconds, while a text needs few instructions; so a text that comes in on one
/// connection and goes out on others crosses no thread (docs/decisions/0003-one-thread.md).
namespace confab::placement {

/// Starts the registry; rooms that it makes run beside it.
registry_actor spawn_registry(caf::actor_system& system, room_limits limits);

/// Starts a room. A `room_spawner`.
room_actor spawn_room(caf::actor_system& system, std::string room_name, registry_actor registry);

/// Starts a session. A `session_spawner`.
session_actor spawn_session(caf::actor_system& system, session_context context);

/// Starts the actor that keeps the limits of the whole server.
quota_actor spawn_quota(caf::actor_system& system, quota_limits limits);

/// Starts a gateway that accepts at the listening sockets `descriptors`, which it owns from now on.
gateway_actor spawn_gateway(caf::actor_system& system, gateway_settings settings,
                            std::vector<int> descriptors, tcp_settings tcp);

}  // namespace confab::placement
