#pragma once

#include "tests/faults/cluster/run_log.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// What must hold of every run, whatever was done to the nodes.
namespace confab::faults {

/// How long what the rules await may take.
struct bounds {
  span linking{5'000};    ///< "all links up again within 5 s of healing"
  span departure{2'000};  ///< "the others' clients see its people leave within 2 s"
  span answer{3'000};     ///< "their own ok is never delayed by more than 3 s"
  span reading{2'000};  ///< Between what is told to two clients of one node, and their reading it.
  std::size_t memory = std::size_t{64}
                       << 20;  ///< A node may grow so much while another one is stopped.
};

/// What a rule has found.
struct finding {
  std::size_t judged = 0;             ///< So many cases were looked at.
  std::vector<std::string> breaches;  ///< One line for each case in which it does not hold.
  span longest{0};                    ///< Of the rules about time: the longest that it took.
};

/// Whatever a client is told has been said, by its author, before: no text is made up or changed,
/// nobody comes who is there already, nobody leaves who is not there.
finding nothing_is_strange(const run_log& log);

/// "every text once everywhere": on one connection, no text is told twice.
finding every_text_once(const run_log& log);

/// "each author's in order": on one connection, the texts of an author come in the order in which
/// it said them.
finding each_author_in_order(const run_log& log);

/// "no acknowledged text is missing at a client that stayed connected to a node that stayed
/// linked".
///
/// What stayed linked, the author's node says itself: "`ok` is sent when all nodes that are linked
/// have told their readers. A link that is lost counts as told, but only after the clients behind
/// it have left all rooms" (docs/cluster.md). So a reader that was in the room when the text was
/// said, and had not left it when `ok` came, was told. An IRC author sees that in what it is sent
/// itself; for others, an IRC client of the same node sees it, to within `reading`.
finding acknowledged_texts_arrive(const run_log& log, const bounds& within);

/// The same, for what the faults have left alone: if nothing was done to two nodes, nor to what
/// joins them, since `linking` before a text was said, readers on the other node were told. Without
/// this rule, a node could lose its links for no reason, and say so.
finding undisturbed_texts_arrive(const run_log& log, const bounds& within);

/// "all links up again within 5 s of healing": whoever is connected to a node sees the clients of
/// another one, `linking` after the last fault that concerned both of them.
finding links_come_back(const run_log& log, const bounds& within);

/// "a node killed: the others' clients see its people leave within 2 s".
finding departures_are_seen(const run_log& log, const bounds& within);

/// "their own ok is never delayed by more than 3 s": on a node that nothing was done to itself,
/// whatever was done to the others. A text that is never answered is one that is answered late.
finding answers_come_soon(const run_log& log, const bounds& within);

/// "memory bounded while a node is stopped for a minute under full load": that of the others.
finding memory_is_bounded(const run_log& log, const bounds& within);

/// "nothing acknowledged is lost": what was accepted is in the history of its author's node.
finding acknowledged_texts_are_kept(const run_log& log);

/// "Rolling restart of three nodes under load with reconnecting clients (browser and irssi):
/// nothing acknowledged is lost": from its return on, and from the first text on that it has read
/// since (with `--replay`, that was said before), an onlooker reads each text, once, that is said
/// and accepted before its node is restarted the next time. That holds from the first moment on,
/// since a node that starts lets clients in when it has caught up with the others
/// (docs/cluster.md). What an onlooker has missed is kept: see `acknowledged_texts_are_kept`.
finding onlookers_read_on(const run_log& log);

/// A text is never kept twice (docs/history.md).
finding nothing_is_kept_twice(const run_log& log);

/// "the three histories equal".
finding histories_are_equal(const run_log& log);

}  // namespace confab::faults
