#pragma once

#include "actors/interfaces.hpp"
#include "actors/registry.hpp"

#include <span>
#include <string_view>

#include <caf/fwd.hpp>

/// Bugs that are planted on purpose: the simulation is worth what it finds.
namespace confab::simulation {

/// One planted bug: rooms that are wrong in one way, now and then.
struct plant {
  std::string_view name;
  std::string_view what_it_does;
  room_spawner spawn_room;
};

/// All of them.
std::span<const plant> all_plants();

/// The plant of this name, or null.
const plant* find_plant(std::string_view name);

}  // namespace confab::simulation
