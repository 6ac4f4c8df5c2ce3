#pragma once

#include <caf/fwd.hpp>

namespace confab {

/// Gives an actor system a name among others that nobody else has: drawn at random, each time anew.
/// Due before the system is made.
///
/// CAF makes the name of the addresses of the network cards and the number of the process. Those
/// are the same for two containers on different machines, as Docker numbers them, and for a server
/// that was started again in its container: CAF would take the one for the other.
void draw_node_id(caf::actor_system_config& config);

}  // namespace confab
