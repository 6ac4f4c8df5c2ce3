#include "io/placement.hpp"

#include "actors/room.hpp"
#include "io/fatal_on_exception.hpp"
#include "io/loop_actor.hpp"
#include "io/net/event_loop.hpp"
#include "io/net/tcp_doorman.hpp"
#include "io/thread_turns.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::placement {

namespace {

/// An actor in the network loop that all clients depend on.
template <class Handle, class State>
using common_actor =
    fatal_on_exception<loop_actor<typename Handle::template stateful_base<std::optional<State>>>>*;

/// The same for one client of many: if it fails, only that client's connection ends.
using client_actor = loop_actor<session_actor::stateful_base<std::optional<session_state>>>;

/// An actor outside of the network loop that all clients depend on.
template <class Handle, class State>
using own_thread_actor =
    fatal_on_exception<typename Handle::template stateful_base<std::optional<State>>>*;

stand_in_actor spawn_stand_in(caf::actor_system& system, stand_in_setup setup) {
  return system.spawn(stand_in<common_actor<stand_in_actor, stand_in_state>>, std::move(setup));
}

named_door_actor spawn_door(caf::actor_system& system, membership_inside inside,
                            const std::string& name) {
  return system.spawn(door<loop_actor<named_door_actor::base>*>, std::move(inside), name);
}

/// CAF counts the actors of each system anew, and rooms know their members by the numbers of the
/// sessions. So those of each loop have a range of their own, larger than a server can use up.
caf::actor_id next_session_number(caf::actor_system& system) {
  constexpr int loop_shift = 56;
  const auto* loop = dynamic_cast<const event_loop*>(&system.middleman().backend());
  const caf::actor_id number = loop != nullptr ? loop->place().number : 0;
  return (number << loop_shift) + system.next_actor_id();
}

}  // namespace

name_services spawn_name_services(caf::actor_system& system, room_limits limits,
                                  room_spawner spawn_room, wall_clock now_ms,
                                  directory_limits remembered, archive_setup kept) {
  name_services result;
  result.registry = system.spawn(registry<common_actor<registry_actor, registry_state>>,
                                 registry_context{spawn_room,
                                                  std::move(limits),
                                                  {},
                                                  now_ms,
                                                  std::move(kept.archive),
                                                  kept.last_run,
                                                  kept.replay_texts,
                                                  kept.node_number,
                                                  kept.nodes});
  result.directory = system.spawn(directory<common_actor<directory_actor, directory_state>>,
                                  remembered, result.registry, now_ms);
  caf::anon_send(result.registry, arrive_atom::value, result.directory);
  return result;
}

/// CAF's `spawn` turns its log on in the thread that calls it, here that of the loop, which wants
/// none (`event_loop::run`).
room_actor spawn_room(caf::actor_system& system, room_setup setup) {
  auto result = system.spawn(room<common_actor<room_actor, room_state>>, std::move(setup));
  caf::logger::set_current_actor_system(nullptr);
  return result;
}

authenticator_actor spawn_authenticator(caf::actor_system& system,
                                        authenticator_settings settings) {
  using pointer = authenticator_actor::stateful_pointer<std::optional<authenticator_state>>;
  return system.spawn<caf::detached>(authenticator<pointer>, std::move(settings));
}

archive_actor spawn_archive(caf::actor_system& system, archive_settings settings,
                            archive_reader_settings reader) {
  settings.reader = system.spawn<caf::detached>(
      archive_reader<own_thread_actor<archive_reader_actor, archive_reader_state>>,
      std::move(reader));
  settings.on_begin = &take_short_turns;
  settings.rest = &rest_for_us;
  return system.spawn<caf::detached>(archive<own_thread_actor<archive_actor, archive_state>>,
                                     std::move(settings));
}

std::int64_t system_time_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

session_actor spawn_session(caf::actor_system& system, session_start start) {
  caf::actor_config config{&system.middleman().backend()};
  config.init_fun = caf::actor_config::init_fun_type{
      [start = std::move(start)](caf::local_actor* self) mutable -> caf::behavior {
        return session(static_cast<client_actor*>(self), std::move(start)).unbox();
      }};
  auto result =
      caf::make_actor<client_actor>(next_session_number(system), system.node(), &system, config);
  static_cast<client_actor*>(caf::actor_cast<caf::abstract_actor*>(result))
      ->launch(config.host, false, false);
  return result;
}

quota_actor spawn_quota(caf::actor_system& system, quota_limits limits) {
  return system.spawn(quota<common_actor<quota_actor, quota_state>>, limits);
}

gateway_actor spawn_gateway(caf::actor_system& system, gateway_settings settings,
                            gateway_carrier carrier) {
  auto& loop = dynamic_cast<caf::io::network::default_multiplexer&>(system.middleman().backend());
  if (!settings.memory)
    settings.memory = std::make_shared<output_memory>();
  std::vector<caf::io::doorman_ptr> doormen;
  doormen.reserve(carrier.descriptors.size());
  // Handles of links are never used twice in a gateway, so each doorman has a range of its own.
  for (const auto descriptor : carrier.descriptors) {
    const auto number = static_cast<std::uint32_t>(doormen.size());
    if (carrier.layers)
      doormen.emplace_back(caf::make_counted<layered_doorman>(
          loop, descriptor, carrier.tcp, settings.memory, number, carrier.layers, carrier.opening));
    else
      doormen.emplace_back(
          caf::make_counted<tcp_doorman>(loop, descriptor, carrier.tcp, settings.memory, number));
  }
  caf::actor_config config{&loop};
  return system.spawn_impl<gateway, caf::no_spawn_options>(config, std::move(settings),
                                                           std::move(doormen));
}

membership_actor spawn_membership(caf::actor_system& system, membership_settings settings,
                                  cluster_port port) {
  return system.spawn(link_keeper<common_actor<membership_inside, membership_state>>,
                      std::move(settings), std::move(port), &spawn_door);
}

observed_peer spawn_peer(caf::actor_system& system, peer_settings settings) {
  settings.spawn_stand_in = &spawn_stand_in;
  return system.spawn(peer<common_actor<observed_peer, peer_state>>, std::move(settings));
}

void renew_layers(const gateway_actor& gateway, listener_layers_ptr layers) {
  caf::anon_send(caf::actor_cast<caf::actor>(gateway), renew_atom::value, std::move(layers));
}

void renew_context(const membership_actor& membership, mutual_tls_ptr context) {
  caf::anon_send(caf::actor_cast<membership_inside>(membership), renew_atom::value,
                 std::move(context));
}

}  // namespace confab::placement
