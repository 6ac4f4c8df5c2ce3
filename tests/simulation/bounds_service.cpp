// SERVICE and AUTHOR: how long others wait, and for how much.

#include "tests/simulation/bounds.hpp"

#include <algorithm>

namespace confab::simulation {

namespace {

/// All that wait for a large room are served in so many rounds or more: see `flush_scheduler`.
constexpr std::size_t rounds_per_crowd = 8;

/// A large room has its turn for as many readers as this, if each of them gets little.
constexpr std::size_t readers_per_turn_max = 16;

/// A text passes its session, its room, its author's gateway, the other gateways, and the first
/// one again.
constexpr std::size_t hops_of_a_text = 5;

}  // namespace

/// Small from the start, and nobody comes.
bool bounds::was_small(const audience_watch& group) const {
  return group.listeners.size() <= plan_.limits.flush.small_audience_max;
}

/// Large until now, for who is still there was there from the start.
bool bounds::is_large(const audience_watch& group, const crowd& clients) const {
  const auto open = std::count_if(group.listeners.begin(), group.listeners.end(),
                                  [&](std::size_t i) { return clients[i]->open(); });
  return static_cast<std::size_t>(open) > plan_.limits.flush.small_audience_max;
}

/// No more than all who listen behind a gateway can wait at a time.
std::size_t bounds::readers_per_round_max(std::size_t gateway) const {
  const auto& flush = plan_.limits.flush;
  return std::clamp(listeners_behind(gateway) / rounds_per_crowd, flush.large_readers_per_round_min,
                    flush.large_readers_per_round_max);
}

/// A reader waits for those of its own room before it. Between two turns of its room, each other
/// large room has one. Each round serves at least the least number, or all.
std::size_t bounds::turns_of_large(const audience_watch& group) const {
  const auto readers_of_a_turn =
      std::min(readers_per_turn_max, readers_per_round_max(group.gateway));
  std::size_t readers_before = 1;
  for (const auto& other : audiences_)
    if (&other != &group && other.gateway == group.gateway && !was_small(other))
      readers_before += std::min(readers_of_a_turn, other.listeners.size());
  const auto served_before = group.listeners.size() * readers_before;
  return served_before / plan_.limits.flush.large_readers_per_round_min + 1;
}

/// A reader that takes output gets what is queued: in a small room in the run that queued it, in a
/// large one when it is its turn.
void bounds::check_readers(std::size_t gateway, const crowd& clients) {
  for (const auto& group : audiences_) {
    if (group.gateway != gateway)
      continue;
    for (const auto i : group.readers) {
      auto& reader = members_[i];
      const auto& wire = clients[i]->wire();
      const bool waits = wire.awaits_flush() && !wire.finishing();
      const bool was_served = wire.flushes() > reader.flushes_before;
      reader.runs_waited = waits && !was_served ? reader.runs_waited + 1 : 0;
      if (reader.runs_waited > group.turns_max)
        find("SERVICE", "reader " + std::to_string(i) + " in room " + group.room +
                            " was not served in " + std::to_string(reader.runs_waited) +
                            " runs of its gateway");
    }
  }
}

/// From one batch of an author to the next, or until it is read again, each hop takes a lap and one
/// for each message that is there before it, of which each author has no more than a few; and all
/// readers of the room have their turns, as many as it takes until all that is queued for one is
/// handed over, in rounds that take two laps each, for a round asks for the next one by a message
/// to itself.
std::size_t bounds::laps_max(const std::string& room) const {
  constexpr std::size_t messages_per_author = 3;
  constexpr std::size_t messages_of_others = 6;
  const auto authors = static_cast<std::size_t>(
      std::count_if(plan_.crowd.begin(), plan_.crowd.end(),
                    [](const crowd_member& each) { return each.is_author; }));
  std::size_t turns = 0;
  for (const auto& group : audiences_)
    if (group.room == room)
      turns = std::max(turns, group.turns_max + 1);
  const auto turns_of_reader = largest_queue_bytes_ / plan_.limits.flush.reader_bytes_per_turn + 1;
  return 2 * turns * turns_of_reader +
         hops_of_a_text * (authors * messages_per_author + messages_of_others);
}

void bounds::note_queues(const crowd& clients) {
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (const auto& wire = clients[i]->wire(); wire.awaits_flush())
      largest_queue_bytes_ = std::max(largest_queue_bytes_, wire.out().size());
}

void bounds::end_lap(const crowd& clients) {
  if (!judges_crowd_)
    return;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const auto& room = plan_.crowd[i].mood.stays.room;
    auto& author = members_[i];
    const auto& wire = clients[i]->wire();
    const bool waits = plan_.crowd[i].is_author && clients[i]->open() && !wire.reading() &&
                       !wire.finishing() && open_listeners(room, clients) > 0;
    author.laps_waited = waits && !author.has_progressed ? author.laps_waited + 1 : 0;
    author.has_progressed = false;
    if (author.laps_waited > laps_max(room))
      find("SERVICE", "author " + std::to_string(i) + " in room " + room + " was not read for " +
                          std::to_string(author.laps_waited) + " laps of all actors");
  }
}

/// With more than the limit waiting, no author of the room is read. So no author adds more than one
/// batch beyond it. Not judged where somebody may be cut, for what others are told of it is no
/// author's work.
void bounds::check_unoffered(const crowd& clients) {
  if (plan_.anybody_may_be_cut())
    return;
  for (const auto& group : audiences_) {
    if (!is_large(group, clients))
      continue;
    std::uint64_t unoffered = 0;
    for (const auto reader : group.readers)
      if (const auto& wire = clients[reader]->wire(); wire.awaits_flush())
        unoffered += wire.out().size();
    auto allowed = plan_.limits.flush.handover_work_bytes_max;
    for (std::size_t i = 0; i < members_.size(); ++i)
      if (plan_.crowd[i].mood.stays.room == group.room)
        allowed += members_[i].batch_bytes_max[group.gateway] * group.listeners.size();
    if (unoffered > allowed)
      find("AUTHOR", std::to_string(unoffered) + " bytes wait to be offered to the readers of " +
                         group.room + ", more than " + std::to_string(allowed));
  }
}

}  // namespace confab::simulation
