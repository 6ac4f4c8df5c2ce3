// What goes wrong if the server does not mind that it has several loops.

#include "actors/session.hpp"
#include "io/loop_actor.hpp"
#include "tests/simulation/plant_tables.hpp"
#include "tests/simulation/server.hpp"

#include <array>
#include <optional>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::simulation {

namespace {

using looped_session = loop_actor<session_actor::stateful_base<std::optional<session_state>>>;

/// The sessions of each gateway are numbered anew, as CAF does it in each actor system.
session_actor spawn_with_number_of_another(caf::actor_system& system, session_start start) {
  constexpr caf::actor_id numbers_begin = 1'000'000;
  const auto number = numbers_begin + start.connection;
  caf::actor_config config{&system.middleman().backend()};
  config.init_fun = caf::actor_config::init_fun_type{
      [start = std::move(start)](caf::local_actor* self) mutable -> caf::behavior {
        return session(static_cast<looped_session*>(self), std::move(start)).unbox();
      }};
  const auto result = caf::make_actor<looped_session>(number, system.node(), &system, config);
  static_cast<looped_session*>(caf::actor_cast<caf::abstract_actor*>(result))
      ->launch(config.host, false, false);
  return result;
}

void number_sessions_anew(server_parts& parts) {
  parts.spawn_session = &spawn_with_number_of_another;
}

constexpr std::array rows = {
    plant{.name = "number-for-two",
          .what_it_does = "sessions of different loops have the same number",
          .misconfigure = &number_sessions_anew,
          .has_loops = true},
};

}  // namespace

std::span<const plant> plants_of_loops() {
  return rows;
}

}  // namespace confab::simulation
