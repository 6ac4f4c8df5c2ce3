#pragma once

#include "actors/interfaces.hpp"
#include "actors/room_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace confab {

/// Milliseconds since 1970. Passed in, so that tests decide what time it is.
using wall_clock = std::int64_t (*)();

/// What a room is told when it starts.
struct room_setup {
  std::string name;
  std::uint64_t run = 0;     ///< When the server started, as in `stamp`.
  std::uint64_t number = 0;  ///< Unique in its run, on all nodes.
  std::uint64_t nodes = 1;   ///< How many there are. The numbers of one node are equal modulo this.
  registry_actor registry;
  directory_actor directory;
  archive_actor archive = {};   ///< Keeps what happens; null: nobody does.
  bool protects_topic = false;  ///< Only operators may set the topic, to begin with.
  bool makes_operators = true;  ///< Whoever comes into the empty room becomes its operator.
  /// Whoever comes in and listens gets so many of the last texts; 0: none. Needs an archive.
  std::size_t replay_texts = 0;
  wall_clock now_ms = nullptr;  ///< Never null.
  room_rule_limits rules = {};
  bool stays_when_vacant = false;      ///< The registry keeps it when nobody is in it.
  std::vector<known_peer> peers = {};  ///< Who tell the other nodes of a cluster.
};

}  // namespace confab
