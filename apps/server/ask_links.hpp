#pragma once

#include "actors/cluster/observed_peer.hpp"

#include <vector>

#include <caf/fwd.hpp>

/// Links to other nodes, as the peers know them.
namespace confab::server {

/// Asks all `peers` at once, from a thread of no loop. Those that do not answer at once are left
/// out, as those are that have ended, since the server ends.
std::vector<link_report> ask_links(caf::actor_system& system,
                                   const std::vector<observed_peer>& peers);

}  // namespace confab::server
