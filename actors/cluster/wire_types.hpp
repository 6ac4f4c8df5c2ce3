#pragma once

#include <caf/fwd.hpp>

namespace confab {

/// Tells CAF of every type that crosses between nodes. Due before the actor system is made; a type
/// that CAF does not know would arrive as an empty message.
void register_wire_types(caf::actor_system_config& config);

}  // namespace confab
