#pragma once

#include "actors/cluster/link_report.hpp"
#include "actors/interfaces.hpp"

#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// A peer, as the server sees it that has started it.
namespace confab {

using link_atom = caf::atom_constant<caf::atom("link")>;

/// Its answer to `drain` comes when the other node knows that all clients of this one have gone,
/// and that the node itself ends; or when there is no link.
using observed_peer = peer_actor::extend<
    // Server: how the link to the other node does.
    caf::replies_to<link_atom>::with<link_report>>;

}  // namespace confab
