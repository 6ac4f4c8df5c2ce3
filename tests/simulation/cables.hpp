#pragma once

#include "actors/cluster/peer.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/history.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <caf/io/all.hpp>

/// What joins the nodes of a run: cables that chance delays, cuts, holds and plugs in again.
namespace confab::simulation {

class cables;
using cables_ptr = std::shared_ptr<cables>;

/// What a planted bug does to a message that is about to arrive.
using cable_tamper = void (*)(cables& lines, std::size_t from, std::size_t to,
                              wire_message& message);

/// All that nodes say to each other, on its way.
///
/// There is one cable for each direction between two nodes. What was sent into it arrives in order,
/// after any time; what was on its way when it was cut is lost, or arrives at any time later, even
/// after what was sent by way of the next one; and it may arrive twice. That a cable is lost or
/// there again, each of the two nodes is told when chance wants it.
///
/// Beside that it watches what is sent. Clause CREDIT: of what a node has sent behind all that
/// there was when the link was made, but for departures, no more than the credit was not reported
/// as taken. Clause PIECES: a node that compares histories asks another one no more than one
/// question at a time, and no answer has more events than may be told at once.
class cables {
 public:
  cables(std::size_t nodes, std::size_t credit_bytes, cable_tamper tamper)
      : nodes_(nodes),
        credit_bytes_(credit_bytes),
        tamper_(tamper),
        lines_(nodes * nodes),
        is_gone_(nodes) {}

  /// What the node of this number is called.
  static std::string name_of(std::size_t node) { return {"abc"[node]}; }

  std::size_t nodes() const { return nodes_; }

  // -- for the server -----------------------------------------------------------

  /// The peer of `from` for `to`, and the end of its cable.
  void add(std::size_t from, std::size_t to, peer_actor peer, wire_actor end);

  /// The peer of `from` for `to` begins anew.
  link_epoch next_epoch(std::size_t from, std::size_t to);

  /// It has sent something,
  void take(std::size_t from, std::size_t to, wire_message message);

  /// or wants a new connection.
  void redial(std::size_t from, std::size_t to) { wishes_.emplace_back(from, to); }

  // -- for the scene ------------------------------------------------------------

  /// The number of the step that is under way.
  void set_now(moment now, double seconds) {
    now_ = now;
    seconds_ = seconds;
  }

  /// No node tells another one of more events of its history at once.
  void bound_answers(std::size_t events_each_max) { events_each_max_ = events_each_max; }

  /// Carries one message that can be carried. Returns what it did; empty if there is none.
  std::string carry(dice& random);

  /// Cuts, holds, plugs in or repeats something.
  std::string meddle(dice& random);

  /// All nodes are joined; some of them anew. Nothing is held any more.
  void join_all(dice& random, std::size_t anew_percent);

  /// The process of a node is gone: all that joins it is lost. The other nodes are told so, or not
  /// yet.
  void lose_node(std::size_t which, bool others_notice, dice& random);

  /// It is there again, and is joined with the others, or is not.
  void bring_back(std::size_t which, bool joined, dice& random);

  /// Who told whom of everything, and when.
  const std::vector<telling>& tellings() const { return tellings_; }

  /// The first breach of the credit, in words; empty if there is none.
  const std::string& finding() const { return finding_; }

  // -- for planted bugs ---------------------------------------------------------

  /// The epoch that the peer of `from` for `to` has at its end.
  link_epoch epoch_of(std::size_t from, std::size_t to) const { return line(from, to).epoch; }

  /// The number that the next news would have that arrive there in this establishment, after these.
  std::uint64_t next_arrival(std::size_t from, std::size_t to, std::size_t news) {
    return std::exchange(line(from, to).arrivals, line(from, to).arrivals + news) + 1;
  }

  /// How often it has begun anew.
  std::size_t beginnings(std::size_t from, std::size_t to) const {
    return line(from, to).beginnings;
  }

  /// True every so many times.
  bool now_and_then(std::size_t times) { return ++times_asked_ % times == 0; }

 private:
  /// One direction.
  struct cable {
    peer_actor peer;                 ///< Of the sender,
    wire_actor end;                  ///< and what it sends into.
    std::deque<wire_message> queue;  ///< On its way,
    std::deque<wire_message> stale;  ///< and from a cable that is no more, or once more.
    bool connected = false;          ///< The sender was told so.
    bool held = false;               ///< Carries nothing for a while.
    link_epoch epoch = 0;            ///< Of the sender,
    link_epoch sent_epoch = 0;       ///< and as it has said last.
    std::size_t beginnings = 0;
    std::uint64_t arrivals = 0;  ///< News, since the receiver has begun anew.
    std::size_t telling = 0;     ///< The number of the present one, from 1 on; 0: there is none.
    // Sent behind `in_step` and not taken:
    std::uint64_t next_number = 1;
    bool is_in_step = false;
    std::deque<std::pair<std::uint64_t, std::size_t>> costs;
    std::size_t bytes = 0;
    std::uint64_t question = 0;  ///< That is not answered; 0: none,
    double asked_seconds = 0;    ///< and since when.
  };

  cable& line(std::size_t from, std::size_t to) { return lines_[from * nodes_ + to]; }
  const cable& line(std::size_t from, std::size_t to) const { return lines_[from * nodes_ + to]; }
  void lose(std::size_t from, std::size_t to, dice& random);
  void plug(std::size_t from, std::size_t to, dice& random);
  void end_telling(cable& of);
  void note_sent(std::size_t from, std::size_t to, const wire_news& news);
  void note_taken(cable& of, const wire_taken& taken);
  void note_asked(std::size_t from, std::size_t to, const wire_question& question);
  void note_answered(std::size_t from, std::size_t to, const wire_answer& answer);
  void find(const std::string& what);
  std::string deliver(std::size_t from, std::size_t to, std::deque<wire_message>& source,
                      std::size_t which, const char* how);

  std::size_t nodes_;
  std::size_t credit_bytes_;
  cable_tamper tamper_;
  std::vector<cable> lines_;
  std::vector<bool> is_gone_;  ///< By node.
  std::vector<std::pair<std::size_t, std::size_t>> wishes_;
  std::vector<telling> tellings_;
  std::string finding_;
  link_epoch epochs_ = 0;
  moment now_ = 0;
  double seconds_ = 0;
  std::size_t events_each_max_ = missing_bounds{}.rows_max;
  std::size_t times_asked_ = 0;
};

/// What a peer sends into.
inline wire_actor::behavior_type cable_end(wire_actor::broker_pointer, cables_ptr lines,
                                           std::size_t from, std::size_t to) {
  return {
      [=](wire_atom, wire_message& message) { lines->take(from, to, std::move(message)); },
  };
}

/// Whom a peer asks for a new connection.
inline membership_actor::behavior_type redialler(membership_actor::broker_pointer self,
                                                 cables_ptr lines, std::size_t from,
                                                 std::size_t to) {
  return {
      [](serve_atom, const std::string&, const peer_port&) {},
      [=](redial_atom, const std::string&) { lines->redial(from, to); },
      [](ending_atom, const std::string&) {},
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab::simulation
