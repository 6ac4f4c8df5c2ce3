#pragma once

#include "actors/cluster/wire.hpp"

#include <cstdint>
#include <string>

#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// Between the peers of a node and what links them to their counterparts on other nodes.
///
/// A *cable* is what a peer needs to reach its counterpart: the counterpart's handle, for as long
/// as the connection lives that it came by. What was sent into a cable arrives in order, or not at
/// all; across two cables there is no order, and words of an old one may come after `lost`.
///
/// Of two nodes the one with the smaller name dials, and its peer speaks first: the peer of the
/// node that was dialled has been told `linked` before those words can come. A peer that speaks
/// first on the other side may be heard before its counterpart has been told.
///
/// Whoever sends or receives these messages includes actors/cluster/wire_types.hpp.
namespace confab {

using linked_atom = caf::atom_constant<caf::atom("linked")>;
using lost_atom = caf::atom_constant<caf::atom("lost")>;
using redial_atom = caf::atom_constant<caf::atom("redial")>;
using ending_atom = caf::atom_constant<caf::atom("ending")>;
using serve_atom = caf::atom_constant<caf::atom("serve")>;
using door_atom = caf::atom_constant<caf::atom("door")>;
using close_atom = caf::atom_constant<caf::atom("close")>;  // As in actors/interfaces.hpp.

/// A peer, as membership sees it.
using peer_port = caf::typed_actor<
    // The counterpart: one message.
    caf::reacts_to<wire_atom, wire_message>,
    // Membership: there is a cable to your counterpart. The one that was there is lost: membership
    // has always said so before.
    caf::reacts_to<linked_atom, wire_actor>,
    // Membership: the cable is no more.
    caf::reacts_to<lost_atom>>;

/// Whoever links the peers of a node to their counterparts.
using membership_actor = caf::typed_actor<
    // This peer stands for the node of this name from now on; before, nobody did, and the node is
    // not dialled.
    caf::reacts_to<serve_atom, std::string, peer_port>,
    // A peer: the link to the node of this name is broken although its connection may live. Drop
    // it, say `lost`, and establish it anew.
    caf::reacts_to<redial_atom, std::string>,
    // A peer: the node of this name says that it ends. So the loss that follows is none.
    caf::reacts_to<ending_atom, std::string>,
    // The end: lose all links, and stop.
    caf::reacts_to<close_atom>>;

/// What a node that dials says at the door of another one.
struct door_call {
  std::string node;  ///< Its name.
  std::uint32_t version = wire_version;
  wire_actor peer;  ///< Its peer for the node that it calls.
};

/// What it is answered.
struct door_answer {
  std::string refusal;  ///< One plain line; empty: the call is welcome.
  wire_actor peer;      ///< The peer for the node that called; null if it is refused.
};

/// Stands at the cluster port of a node: all that a node sees of another one before it is let in.
/// Doors of all releases answer calls.
using door_actor = caf::typed_actor<caf::replies_to<door_atom, door_call>::with<door_answer>>;

/// A door that also says what its node is called, so that nobody calls the wrong one.
using named_door_actor = door_actor::extend<caf::replies_to<door_atom>::with<std::string>>;

}  // namespace confab
