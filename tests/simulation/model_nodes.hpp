#pragma once

#include "tests/simulation/model.hpp"

#include <map>
#include <string>
#include <vector>

/// What docs/SYNCHRONIZATION.md promises of several nodes, applied to a run that was seen.
///
/// What one node alone does, its clauses judge (`model.hpp`). Here, of these hold
///
/// * that each request is answered, once, in order, with the right content (`check_replies`), and
/// * that each connection ends for a reason (`check_endings`),
///
/// since to its client a node is a server. The others know of one order of all that happens in a
/// room, and of one moment from which on it has happened. A cluster has neither: each node has an
/// order of its own, and news take their time, or do not come while two nodes are not linked. In
/// their place stand the clauses of the files model_nodes_*.cpp. Not looked at are: what is
/// refused at a limit and how many are remembered (`check_bounds`, of which each node has its own),
/// what is said again to newcomers, and what a client is told about which rooms there are while
/// links come and go
/// (`check_existence`): that all nodes agree in the end is looked at instead.
namespace confab::simulation {

/// All of it.
findings judge_nodes(const history& run);

/// Whether a node has told another one of all that its clients did from before the first moment
/// until after the second; of itself it knows.
bool was_telling(const history& run, std::size_t from, std::size_t to, moment first, moment last);

/// TEXTS: a text comes once at most to each reader, wherever that is, and only to members of the
/// room; on the author's node before it is answered, and on those that were told of it, too.
void check_texts_of_nodes(const history& run, const account& known, findings& found);

/// ORDER: on each node there is one order of the texts of a room, in which those of each author
/// come as they were said.
void check_order_of_nodes(const history& run, const account& known, findings& found);

/// OK: when a text is answered, whoever its author's node shows as a member has got it: all along
/// since it was said, that is, for who leaves and comes back was not there.
void check_answers_of_nodes(const history& run, const account& known, findings& found);

/// COMINGS: nobody is told that somebody comes who is there, or leaves who is not.
void check_comings_of_nodes(const history& run, const account& known, findings& found);

/// RULES: what operators of a node forbid, nobody does there while its links are the same; nor on a
/// node that was told.
void check_rules_of_nodes(const history& run, const account& known, findings& found);

/// PRIVATE: a private text comes once at most, and to somebody who may have the nick; where both
/// have nicks of their own and the nodes are linked, it comes.
void check_private_texts_of_nodes(const history& run, const account& known, findings& found);

/// HEALED: in the end all nodes tell each other everything, show the same, have a stand-in for each
/// client of the others, and no two clients with one nick.
void check_healed(const history& run, const account& known, findings& found);

/// FAREWELL: when a node ends in order, it tells its clients.
void check_farewells_of_nodes(const history& run, const account& known, findings& found);

/// HISTORIES: in the end the histories of all nodes hold the same, nothing twice, nothing that was
/// taken back, and each text that its author knows to be kept; but for nodes that keep nothing, and
/// what is missing where the disk has no room. ACCEPTED: such a text was on the disk of its node by
/// then. LATE: what a node has got from the history of another one, nobody is told of.
void check_histories(const history& run, const account& known, findings& found);

/// Where a client was seen by a reader, as it was told: by the nick that it had there.
struct sighting {
  std::string room;
  std::string nick;  ///< Folded.
  moment since = never;
  moment until = never;
};

/// What a client of IRC was told about who is in its rooms.
std::vector<sighting> sightings_of(const record& reader);

/// The nicks, folded, of those whose nick tells who they are: nobody else had it at any time, and
/// they never had another one.
std::map<std::size_t, std::string> lasting_nicks(const history& run, const account& known);

}  // namespace confab::simulation
