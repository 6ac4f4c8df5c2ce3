#pragma once

#include "actors/interfaces.hpp"
#include "actors/registry.hpp"
#include "tests/simulation/server.hpp"

#include <span>
#include <string_view>

#include <caf/fwd.hpp>

/// Bugs that are planted on purpose: the simulation is worth what it finds.
namespace confab::simulation {

/// One planted bug: rooms that are wrong in one way, now and then, or a server that keeps other
/// limits than it was told.
struct plant {
  std::string_view name;
  std::string_view what_it_does;
  room_spawner spawn_room = nullptr;              ///< Null: the server's own rooms.
  void (*misconfigure)(server_parts&) = nullptr;  ///< Null: the limits are kept.
  std::string_view clause = {};  ///< Of `bounds`, which has to find it under pressure; or empty.
};

/// All of them.
std::span<const plant> all_plants();

/// The plant of this name, or null.
const plant* find_plant(std::string_view name);

}  // namespace confab::simulation
