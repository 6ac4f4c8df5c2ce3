#pragma once

#include "io/cluster/membership.hpp"

#include <caf/fwd.hpp>

namespace confab {

/// Asks the name service for the addresses of a host, in a thread that ends with the answer: it may
/// take as long as it likes. The answer goes to `asker`.
void look_up_host(caf::actor_system& system, const cluster_peer& where,
                  const dial_plan::attempt& attempt, const membership_inside& asker);

}  // namespace confab
