#pragma once

#include "actors/archive.hpp"
#include "actors/archive_reader.hpp"
#include "actors/authenticator.hpp"
#include "actors/cluster/peer.hpp"
#include "actors/directory.hpp"
#include "actors/quota.hpp"
#include "actors/registry.hpp"
#include "actors/session.hpp"
#include "io/cluster/membership.hpp"
#include "io/gateway/gateway.hpp"
#include "io/net/tcp_settings.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/fwd.hpp>

/// Where the actors of a server run: the one place that decides it.
///
/// All but the authenticator and the archive run in the thread of CAF's network loop. A message
/// between two threads costs a wake-up, several microseconds, while a text needs few instructions;
/// so a text that comes in on one connection and goes out on others crosses no thread
/// (docs/decisions/0003-one-thread.md).
///
/// A server with several loops has an actor system for each: gateways, with their sessions, are in
/// all of them, everything else is in the first one (docs/decisions/0033-several-loops.md). Any
/// actor may write to any other; the systems must outlive all actors.
namespace confab::placement {

/// The registry and the directory, which know each other.
struct name_services {
  registry_actor registry;
  directory_actor directory;
};

/// Who keeps what happens in rooms.
struct archive_setup {
  archive_actor archive = {};    ///< Null: nobody does.
  std::uint64_t last_run = 0;    ///< The latest run of which something was kept.
  std::size_t replay_texts = 0;  ///< As in `room_setup`.
  // Of this node in its cluster, as in `registry_context`:
  std::uint64_t node_number = 0;
  std::uint64_t nodes = 1;
};

/// Starts both; the rooms that the registry makes run beside it.
name_services spawn_name_services(caf::actor_system& system, room_limits limits,
                                  room_spawner spawn_room, wall_clock now_ms,
                                  directory_limits remembered = {}, archive_setup kept = {});

/// Starts a room. A `room_spawner`.
room_actor spawn_room(caf::actor_system& system, room_setup setup);

/// Starts the actor that compares passwords, in a thread of its own: a comparison takes as long as
/// thousands of texts.
authenticator_actor spawn_authenticator(caf::actor_system& system, authenticator_settings settings);

/// Starts the actors that keep what happens and read what was kept, in a thread each: a disk takes
/// as long as hundreds of texts. `settings.reader` is set here.
archive_actor spawn_archive(caf::actor_system& system, archive_settings settings,
                            archive_reader_settings reader);

/// The time of the system, for what is shown to people.
std::int64_t system_time_ms();

/// Starts a session. A `session_spawner`.
session_actor spawn_session(caf::actor_system& system, session_start start);

/// Starts the actor that keeps the limits of the whole server.
quota_actor spawn_quota(caf::actor_system& system, quota_limits limits);

/// What carries the connections of a gateway.
struct gateway_carrier {
  std::vector<int> descriptors;  ///< Sockets that listen; the gateway owns them from now on.
  tcp_settings tcp;
  listener_layers_ptr layers = nullptr;  ///< Null: the bytes of the sockets are the dialect's.
  opening_limits opening = {};
};

/// Starts a gateway. `settings.memory` may be null: it gets one of its own.
gateway_actor spawn_gateway(caf::actor_system& system, gateway_settings settings,
                            gateway_carrier carrier);

/// Starts the actor that links this node to others, with the door at the cluster port.
membership_actor spawn_membership(caf::actor_system& system, membership_settings settings,
                                  cluster_port port);

/// Starts the actor that stands for another node. `spawn_stand_in` is set here.
observed_peer spawn_peer(caf::actor_system& system, peer_settings settings);

/// Connections to come at a gateway with layers get these.
void renew_layers(const gateway_actor& gateway, listener_layers_ptr layers);

/// Connections to come between this node and others get this. Due only if they are encrypted.
void renew_context(const membership_actor& membership, mutual_tls_ptr context);

}  // namespace confab::placement
