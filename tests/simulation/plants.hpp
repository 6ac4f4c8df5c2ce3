#pragma once

#include "actors/interfaces.hpp"
#include "actors/registry.hpp"
#include "tests/simulation/server.hpp"

#include <span>
#include <string_view>

#include <caf/fwd.hpp>

/// Bugs that are planted on purpose: the simulation is worth what it finds.
namespace confab::simulation {

/// One planted bug: rooms that are wrong in one way, now and then, a directory that is, or a server
/// that keeps other limits than it was told.
struct plant {
  std::string_view name;
  std::string_view what_it_does;
  room_spawner spawn_room = nullptr;              ///< Null: the server's own rooms.
  void (*misconfigure)(server_parts&) = nullptr;  ///< Null: the limits are kept.
  std::string_view clause = {};  ///< Of `bounds`, which has to find it under pressure; or empty.
  std::string_view words = {};   ///< Stand in what is found.
  directory_wrapper wrap_directory = nullptr;  ///< Null: the server's own directory.
  archive_wrapper wrap_archive = nullptr;      ///< Null: the server's own archive.
  bool has_layers = false;                     ///< Is looked for where there are layers,
  bool has_loops = false;                      ///< or several loops,
  bool has_nodes = false;                      ///< or several nodes.
  cable_tamper tamper = nullptr;               ///< Null: cables carry what was sent.
};

/// All of them.
std::span<const plant> all_plants();

/// The plant of this name, or null.
const plant* find_plant(std::string_view name);

}  // namespace confab::simulation
