#pragma once

#include "actors/cluster/wire.hpp"
#include "actors/interfaces.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

/// How a node gets what was said while it was not linked to another one, or could keep nothing.
namespace confab {

/// What it is told when it starts.
struct catch_up_settings {
  bool keeps_history = false;
  std::int64_t age_ms_max = 0;         ///< What is older is not kept; 0: no limit.
  std::int64_t (*now_ms)() = nullptr;  ///< Needed for the age only.
};

/// What is in a history although it cannot be: see event_bounds.hpp.
struct refused_history {
  std::uint64_t count = 0;    ///< Of events, and of ranges of them.
  const char* why = nullptr;  ///< What is wrong with one of them.
  bool is_own = false;        ///< It is kept here, and not told; else it was told, and is not kept.
};

/// What follows for the peer.
struct catch_up_steps {
  // For the counterpart; the peer sets the epochs.
  std::optional<wire_question> question;
  std::optional<wire_answer> answer;
  // For the archive of this node; the peer sets who asks.
  std::vector<comparison> to_archive;
  refused_history refused;  ///< For the log.
};

/// Compares the history of this node with that of one other node and gets what is missing here; and
/// answers the other one, which does the same. Without actors.
///
/// A round goes from the digest of everything by way of days to slots of ten minutes, each as far
/// as digests differ, the latest first; then through the ids of these; then it gets what is
/// missing. One question is under way at a time, and each answer is bounded, so that what people
/// say now passes in between. The archive decides what is missing: it knows what its limits would
/// remove again. Where a round found nothing to get although digests differ, the next ones do not
/// look as long as both stay as they are. What cannot be is left out, by whoever tells it and by
/// whoever is told, and the round goes on without it.
class catching_up {
 public:
  explicit catching_up(catch_up_settings settings) : settings_(settings) {}

  /// The link is established, and the other node answers questions or does not.
  catch_up_steps link(bool answers_questions);

  /// The link is lost.
  void lose();

  /// A second has passed.
  catch_up_steps tick();

  /// What could not be kept for a while can be kept again.
  catch_up_steps look_again();

  /// The other node has told all that there was when the link was made. From now on it tells what
  /// is said there; what was said before, a round that begins now finds.
  catch_up_steps note_in_step();

  /// Whether such a round has ended since the link was made, or there is none to wait for.
  bool has_caught_up() const { return has_caught_up_; }

  /// How many questions were asked since the start: it grows as long as a round goes on.
  std::uint64_t questions_asked() const { return asked_; }

  catch_up_steps receive(wire_question asked);
  catch_up_steps receive(wire_answer answered);
  catch_up_steps receive(comparison_result found);

  /// About how many texts and other events of the other node are missing here, as far as is known.
  std::uint64_t events_missing() const;

  /// How many this node got from the other one since its start.
  std::uint64_t events_gained() const { return gained_in_all_; }

 private:
  /// What the round waits for.
  enum class stage : std::uint8_t {
    idle,
    own_digests,
    digests,
    ids,
    missing,
    events,
    keeping,
  };

  /// A question for digests that is still to be asked, and how many events it may show.
  struct open_digests {
    digest_question which;
    std::uint64_t events = 0;
  };
  struct open_slot {
    std::int64_t slot = 0;
    std::uint64_t events = 0;
  };

  /// A digest here and there, of so many slots.
  using difference_place = std::pair<std::int64_t, std::int64_t>;  ///< Of how many, from which on.
  using difference = std::pair<history_digest, history_digest>;    ///< Here, and there.

  void begin(catch_up_steps& steps);
  void go_on(catch_up_steps& steps);
  void end_round(catch_up_steps& steps);
  void abandon();
  void forget_round();
  template <class What>
  void ask(catch_up_steps& steps, stage next, What what);
  template <class What>
  void ask_archive(catch_up_steps& steps, stage next, What what);
  void ask_for_ids(catch_up_steps& steps);
  void ask_for_events(catch_up_steps& steps);
  void compare(const std::vector<history_digest>& theirs);
  void take(std::vector<history_digest>& theirs, catch_up_steps& steps);
  void take(held_events& theirs, catch_up_steps& steps);
  void take(kept_part& theirs, catch_up_steps& steps);
  void take(no_answer&, catch_up_steps& steps) { end_round(steps); }
  void answer_next(catch_up_steps& steps);

  catch_up_settings settings_;
  bool may_ask_ = false;

  // What this node asks.
  stage stage_ = stage::idle;
  std::uint64_t asked_ = 0;            ///< The number of the last question,
  std::uint64_t ticket_ = 0;           ///< and the ticket of the last question to the archive.
  std::uint64_t own_ticket_ = 0;       ///< Of that which the round waits for; 0: of none.
  int seconds_ = 0;                    ///< Since the last round, or since something has come.
  bool again_ = false;                 ///< Another round is to follow.
  bool in_step_ = false;               ///< The other node has told all that there was,
  bool round_counts_ = false;          ///< before this round began,
  bool has_caught_up_ = false;         ///< or before one that has ended.
  std::vector<open_digests> digests_;  ///< To be compared, the next one last,
  std::vector<open_slot> slots_;       ///< and slots to be looked through.
  std::vector<history_digest> mine_;
  std::optional<held_place> place_;  ///< In the last of the slots.
  std::vector<event_range> wanted_;  ///< Of it, what is known to be missing,
  std::uint64_t skipped_ = 0;        ///< without so many events of the first range.
  std::size_t ranges_done_ = 0;      ///< With what is being kept now.
  std::uint64_t gained_ = 0;         ///< In this round.
  std::uint64_t gained_in_all_ = 0;
  std::map<difference_place, difference> seen_;       ///< In this round,
  std::map<difference_place, difference> fruitless_;  ///< and in rounds that gained nothing.

  // What the other one asks.
  std::optional<wire_question> waiting_;
  std::uint64_t answering_ = 0;         ///< The number of the question,
  std::uint64_t answering_ticket_ = 0;  ///< and of the one to the archive; 0: there is none.
};

}  // namespace confab
