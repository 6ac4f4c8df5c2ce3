#include "tests/simulation/server.hpp"

#include "io/placement.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

namespace confab::simulation {

namespace {

using registry_pointer = registry_actor::stateful_broker_pointer<std::optional<registry_state>>;
using room_names = std::shared_ptr<std::optional<std::vector<std::string>>>;

/// Keeps what the registry says.
session_actor::behavior_type asker(session_actor::broker_pointer, room_names names) {
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [](gone_atom) {},
      [](continue_atom, batch_bytes) {},
      [](joined_atom, const joined_room&) {},
      [](refuse_atom, refusal) {},
      [names](list_atom, room_page& page) { *names = std::move(page.names); },
  };
}

using drainer_actor = caf::typed_actor<caf::reacts_to<drain_atom>>;

/// Counts the gateways that have drained.
drainer_actor::behavior_type drainer(drainer_actor::broker_pointer self,
                                     std::vector<gateway_actor> gateways,
                                     std::shared_ptr<std::size_t> awaited) {
  return {
      [=](drain_atom) {
        for (const auto& gateway : gateways)
          self->request(gateway, std::chrono::seconds{3600}, drain_atom::value)
              .then([=](gateway_id) {
                if (--*awaited == 0)
                  self->quit();
              });
      },
  };
}

session_actor spawn_watched_session(caf::actor_system& system, session_context context) {
  auto session = placement::spawn_session(system, std::move(context));
  watching_config::of(system).note_birth(caf::actor_cast<caf::weak_actor_ptr>(session));
  return session;
}

room_actor spawn_watched_room(caf::actor_system& system, std::string room_name,
                              registry_actor registry) {
  const auto& config = watching_config::of(system);
  auto room = config.make_room()(system, std::move(room_name), std::move(registry));
  config.note_birth(caf::actor_cast<caf::weak_actor_ptr>(room));
  return room;
}

}  // namespace

const watching_config& watching_config::of(caf::actor_system& system) {
  return dynamic_cast<const watching_config&>(system.config());
}

std::size_t watching_config::in_memory() const {
  return static_cast<std::size_t>(std::count_if(
      born_.begin(), born_.end(), [](const auto& actor) { return actor.lock() != nullptr; }));
}

void watching_config::end_all() const {
  for (const auto& each : born_)
    if (const auto actor = caf::actor_cast<caf::actor>(each))
      caf::anon_send_exit(actor, caf::exit_reason::kill);
}

server::server(const server_parts& parts)
    : config_(parts.spawn_room != nullptr ? parts.spawn_room : &placement::spawn_room),
      system_(config_),
      rooms_(std::make_shared<std::optional<std::vector<std::string>>>()),
      drains_awaited_(std::make_shared<std::size_t>(0)) {
  system_.await_actors_before_shutdown(false);  // A bug may have left some.
  actors_of_system_ = system_.registry().running();
  auto& middleman = system_.middleman();
  registry_ = middleman.spawn_broker(registry<registry_pointer>, &spawn_watched_room, parts.rooms);
  quota_ = placement::spawn_quota(system_, parts.all);
  asker_ = middleman.spawn_broker(asker, rooms_);
  auto log =
      std::make_shared<spdlog::logger>("none", std::make_shared<spdlog::sinks::null_sink_st>());
  for (const auto& speaks : parts.dialects) {
    doormen_.push_back(
        caf::make_counted<test::simulated_doorman>(parts.memories.at(gateways_.size())));
    caf::actor_config config{&loop()};
    gateways_.emplace_back(system_.spawn_impl<gateway, caf::no_spawn_options>(
        config,
        gateway_settings{static_cast<gateway_id>(gateways_.size()), speaks, registry_, quota_,
                         &spawn_watched_session, parts.gateways, log, doormen_.back()->memory()},
        std::vector<caf::io::doorman_ptr>{doormen_.back()}));
  }
  while (loop().waiting() > 0)  // They listen when they have run once.
    loop().run_actor(0, 1);
  actors_at_start_ = system_.registry().running();
}

server::~server() {
  caf::anon_send_exit(asker_, caf::exit_reason::kill);
  caf::anon_send_exit(registry_, caf::exit_reason::kill);
  caf::anon_send_exit(quota_, caf::exit_reason::kill);
  for (const auto& each : gateways_)
    caf::anon_send_exit(each, caf::exit_reason::kill);
  config_.end_all();
  while (loop().waiting() > 0)
    loop().run_actor(0, 1);
  clock().clock().cancel_all();
}

caf::scheduler::test_coordinator& server::clock() {
  return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
}

choosing_loop& server::loop() {
  return dynamic_cast<choosing_loop&>(system_.middleman().backend());
}

test::simulated_link_ptr server::connect(std::size_t gateway) {
  return doormen_[gateway]->connect();
}

std::optional<std::size_t> server::gateway_of(caf::actor_id actor) const {
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    if (gateways_[i].id() == actor)
      return i;
  return std::nullopt;
}

void server::pass_time(std::chrono::milliseconds span) {
  clock().advance_time(span);
}

double server::seconds() {
  return std::chrono::duration<double>(system_.clock().now().time_since_epoch()).count();
}

std::size_t server::extra_actors() {
  return system_.registry().running() - actors_at_start_;
}

void server::ask_for_rooms() {
  rooms_->reset();
  caf::anon_send(registry_, list_atom::value, asker_, std::string{});
}

void server::drain() {
  *drains_awaited_ = gateways_.size();
  const auto helper = system_.middleman().spawn_broker(drainer, gateways_, drains_awaited_);
  caf::anon_send(helper, drain_atom::value);
}

void server::finish() {
  for (const auto& each : gateways_)
    caf::anon_send(each, finish_atom::value);
}

void server::close() {
  caf::anon_send(quota_, close_atom::value);
  caf::anon_send(registry_, close_atom::value);
  caf::anon_send_exit(asker_, caf::exit_reason::user_shutdown);
}

bool server::is_over() {
  return system_.registry().running() <= actors_of_system_;
}

}  // namespace confab::simulation
