#include "actors/cluster/catching_up.hpp"

#include "actors/model/event_bounds.hpp"

#include <algorithm>
#include <memory>

namespace confab {

namespace {

/// A round that finds all equal costs one question and one answer. Another node may get at any time
/// what this one misses, too: when its disk has room again, or from a third one.
constexpr int seconds_between_rounds = 5;

/// An answer that takes longer does not come any more.
constexpr int answer_seconds_max = 60;

/// Of one question for events. What more is missing is found with the next ids.
constexpr std::size_t ranges_each_max = 256;

/// No answer has so many ranges.
constexpr std::size_t ranges_believed_max = 16 * 1024;

/// Digests that differ, but show nothing to get, are remembered up to this number.
constexpr std::size_t fruitless_max = 8192;

/// In how many slots each of what covers so many is looked through.
constexpr std::int64_t part_of_each(std::int64_t each) {
  return each > slots_each_day ? slots_each_day : 1;
}

std::uint64_t surplus(const history_digest& mine, const history_digest& theirs) {
  return theirs.events > mine.events ? theirs.events - mine.events : 0;
}

/// The behind of slots in which something can happen.
constexpr std::int64_t possible_slots = slot_of(kept_time_ms_end - 1) + 1;

/// Whether something cannot be. Counts that.
template <class What>
bool is_refused(const What& what, refused_history& refused) {
  const auto* problem = problem_of_kept(what);
  if (problem == nullptr)
    return false;
  ++refused.count;
  refused.why = problem;
  return true;
}

template <class What>
void erase_refused(std::vector<What>& all, refused_history& refused) {
  std::erase_if(all, [&](const What& each) { return is_refused(each, refused); });
}

kept_part part_of(missing_events& found, refused_history& refused) {
  kept_part result;
  for (const auto& each : found.events)
    if (!is_refused(*each, refused))
      result.events.push_back({each->room, *each->who.who, each->events, each->at});
  erase_refused(found.removed, refused);
  result.removed = std::move(found.removed);
  result.ranges_done = found.ranges_done;
  result.events_done = found.events_done;
  return result;
}

missing_events missing_of(kept_part& told, refused_history& refused) {
  missing_events result;
  for (auto& each : told.events) {
    auto batch = std::make_shared<event_batch>();
    batch->room = std::move(each.room);
    batch->who.who = std::make_shared<const identity>(std::move(each.who));
    batch->events = std::move(each.events);
    batch->at = each.at;
    if (!is_refused(*batch, refused))
      result.events.push_back(std::move(batch));
  }
  erase_refused(told.removed, refused);
  result.removed = std::move(told.removed);
  return result;
}

/// The answer to the counterpart, if what was found is one.
struct answer_visitor {
  wire_answer& out;
  refused_history& refused;

  void operator()(std::vector<history_digest>& found) const { out.what = std::move(found); }
  void operator()(held_events& found) const {
    erase_refused(found.ranges, refused);
    out.what = std::move(found);
  }
  void operator()(missing_events& found) const { out.what = part_of(found, refused); }
  template <class Other>
  void operator()(Other&) const {}
};

}  // namespace

// -- when ---------------------------------------------------------------------

catch_up_steps catching_up::link(bool answers_questions) {
  catch_up_steps steps;
  may_ask_ = answers_questions && settings_.keeps_history;
  fruitless_.clear();
  begin(steps);
  return steps;
}

void catching_up::lose() {
  may_ask_ = again_ = false;
  abandon();
  in_step_ = round_counts_ = has_caught_up_ = false;
  own_ticket_ = answering_ticket_ = 0;
  waiting_.reset();
}

catch_up_steps catching_up::tick() {
  catch_up_steps steps;
  const auto limit = stage_ == stage::idle ? seconds_between_rounds : answer_seconds_max;
  if (may_ask_ && ++seconds_ >= limit)
    begin(steps);
  return steps;
}

catch_up_steps catching_up::look_again() {
  catch_up_steps steps;
  if (stage_ == stage::idle)
    begin(steps);
  else
    again_ = true;
  return steps;
}

catch_up_steps catching_up::note_in_step() {
  in_step_ = true;
  return look_again();
}

std::uint64_t catching_up::events_missing() const {
  std::uint64_t result = 0;
  for (const auto& each : digests_)
    result += each.events;
  for (const auto& each : slots_)
    result += each.events;
  return result;
}

/// A round that has waited for too long is given up.
void catching_up::begin(catch_up_steps& steps) {
  seconds_ = 0;
  again_ = false;
  round_counts_ = in_step_;
  if (!may_ask_) {
    has_caught_up_ = in_step_;
    return;
  }
  forget_round();
  digest_question all{0, possible_slots, all_slots};
  if (settings_.age_ms_max > 0 && settings_.now_ms != nullptr)
    all.begin = std::max<std::int64_t>(slot_of(settings_.now_ms() - settings_.age_ms_max) + 1, 0);
  digests_.push_back({all, 0});
  go_on(steps);
}

/// Nothing more is asked until the next round, which follows at once if it is due. A round that has
/// failed has ended, too: whoever waits for it would wait in vain.
void catching_up::end_round(catch_up_steps& steps) {
  has_caught_up_ = has_caught_up_ || round_counts_;
  abandon();
  if (again_)
    begin(steps);
}

void catching_up::abandon() {
  stage_ = stage::idle;
  round_counts_ = false;
  forget_round();
}

/// Forgets what the round was about.
void catching_up::forget_round() {
  digests_.clear();
  slots_.clear();
  mine_.clear();
  wanted_.clear();
  seen_.clear();
  gained_ = 0;
  place_.reset();
}

/// The next slot, or the next digests; the latest come first.
void catching_up::go_on(catch_up_steps& steps) {
  if (!slots_.empty()) {
    place_ = held_place{};
    return ask_for_ids(steps);
  }
  if (!digests_.empty())
    return ask_archive(steps, stage::own_digests, digests_.back().which);
  if (gained_ == 0) {
    if (fruitless_.size() + seen_.size() > fruitless_max)
      fruitless_.clear();
    for (const auto& [place, found] : seen_)
      fruitless_[place] = found;
  }
  end_round(steps);
}

// -- what this node asks ------------------------------------------------------

template <class What>
void catching_up::ask(catch_up_steps& steps, stage next, What what) {
  stage_ = next;
  steps.question = wire_question{0, ++asked_, std::move(what)};
}

template <class What>
void catching_up::ask_archive(catch_up_steps& steps, stage next, What what) {
  stage_ = next;
  own_ticket_ = ++ticket_;
  steps.to_archive.push_back({{}, own_ticket_, std::move(what)});
}

void catching_up::ask_for_ids(catch_up_steps& steps) {
  if (place_)
    return ask(steps, stage::ids, held_question{slots_.back().slot, *place_});
  slots_.pop_back();
  go_on(steps);
}

void catching_up::ask_for_events(catch_up_steps& steps) {
  if (wanted_.empty())
    return ask_for_ids(steps);
  missing_question which;
  const auto count = std::min(wanted_.size(), ranges_each_max);
  which.ranges.assign(wanted_.begin(), wanted_.begin() + static_cast<std::ptrdiff_t>(count));
  which.skipped = skipped_;
  ask(steps, stage::events, std::move(which));
}

catch_up_steps catching_up::receive(wire_answer answered) {
  catch_up_steps steps;
  if (answered.number != asked_)
    return steps;
  seconds_ = 0;
  std::visit([&](auto& what) { take(what, steps); }, answered.what);
  return steps;
}

void catching_up::take(std::vector<history_digest>& theirs, catch_up_steps& steps) {
  if (stage_ != stage::digests)
    return;
  if (theirs.size() > digests_max)
    return end_round(steps);
  compare(theirs);
  go_on(steps);
}

/// Puts what differs in the place of the question that was answered.
void catching_up::compare(const std::vector<history_digest>& theirs) {
  const auto asked = digests_.back().which;
  digests_.pop_back();
  auto end = asked.end;
  const auto end_at = [&](const std::vector<history_digest>& all) {
    if (all.size() >= digests_max && all.back().slot < end)
      end = std::min(end, all.back().slot + asked.each);
  };
  end_at(mine_);
  end_at(theirs);
  std::vector<open_digests> differing;
  auto last = asked.begin - asked.each;
  for (const auto& there : theirs) {
    if (there.slot <= last || there.slot >= end)
      break;  // Nobody answers so, or it is for the next question.
    last = there.slot;
    const auto found = std::find_if(mine_.begin(), mine_.end(), [&](const history_digest& each) {
      return each.slot == there.slot;
    });
    const auto here = found != mine_.end() ? *found : history_digest{there.slot, 0, 0};
    if (here == there)
      continue;
    const difference_place place{asked.each, there.slot};
    const auto known = fruitless_.find(place);
    if (known != fruitless_.end() && known->second == difference{here, there})
      continue;
    if (seen_.size() < fruitless_max)
      seen_[place] = {here, there};
    if (asked.each == 1)
      slots_.push_back({there.slot, surplus(here, there)});
    else
      differing.push_back({{std::max(there.slot, asked.begin),
                            std::min(there.slot + asked.each, asked.end), part_of_each(asked.each)},
                           surplus(here, there)});
  }
  if (end < asked.end && last >= asked.begin)
    digests_.push_back({{end, asked.end, asked.each}, 0});
  digests_.insert(digests_.end(), differing.begin(), differing.end());
}

void catching_up::take(held_events& theirs, catch_up_steps& steps) {
  if (stage_ != stage::ids)
    return;
  if (theirs.ranges.size() > ranges_believed_max)
    return end_round(steps);
  const auto goes_on =
      theirs.next && (theirs.next->room > place_->room || (theirs.next->room == place_->room &&
                                                           theirs.next->time_ms > place_->time_ms));
  place_ = goes_on ? theirs.next : std::nullopt;
  erase_refused(theirs.ranges, steps.refused);
  if (theirs.ranges.empty())
    return ask_for_ids(steps);
  ask_archive(steps, stage::missing,
              lacking_question{std::move(theirs.ranges), slots_.back().slot});
}

void catching_up::take(kept_part& theirs, catch_up_steps& steps) {
  if (stage_ != stage::events)
    return;
  // An answer that brings nothing and goes no further would be asked for again for ever.
  if (theirs.ranges_done == 0 && theirs.events_done <= skipped_)
    return end_round(steps);
  ranges_done_ = std::min<std::size_t>(theirs.ranges_done, wanted_.size());
  skipped_ = theirs.events_done;
  ask_archive(steps, stage::keeping, missing_of(theirs, steps.refused));
}

// -- what the archive finds ---------------------------------------------------

catch_up_steps catching_up::receive(comparison_result found) {
  catch_up_steps steps;
  if (found.ticket == 0)
    return look_again();
  if (found.ticket == answering_ticket_) {
    steps.answer = wire_answer{0, answering_, no_answer{}};
    steps.refused.is_own = true;
    std::visit(answer_visitor{*steps.answer, steps.refused}, found.what);
    answering_ticket_ = 0;
    answer_next(steps);
    return steps;
  }
  if (found.ticket != own_ticket_)
    return steps;
  own_ticket_ = 0;
  seconds_ = 0;
  if (auto* digests = std::get_if<std::vector<history_digest>>(&found.what);
      digests != nullptr && stage_ == stage::own_digests) {
    mine_ = std::move(*digests);
    ask(steps, stage::digests, digests_.back().which);
  } else if (auto* ranges = std::get_if<std::vector<event_range>>(&found.what);
             ranges != nullptr && stage_ == stage::missing) {
    wanted_ = std::move(*ranges);
    again_ = again_ || wanted_.size() >= lacking_max;
    skipped_ = 0;
    ask_for_events(steps);
  } else if (const auto* count = std::get_if<std::uint64_t>(&found.what);
             count != nullptr && stage_ == stage::keeping) {
    gained_ += *count;
    gained_in_all_ += *count;
    auto& left = slots_.back().events;
    left -= std::min(left, *count);
    wanted_.erase(wanted_.begin(), wanted_.begin() + static_cast<std::ptrdiff_t>(ranges_done_));
    ask_for_events(steps);
  } else {
    end_round(steps);
  }
  return steps;
}

// -- what the other one asks --------------------------------------------------

/// One at a time: whoever asks again has given up the question before.
catch_up_steps catching_up::receive(wire_question asked) {
  catch_up_steps steps;
  waiting_ = std::move(asked);
  answer_next(steps);
  return steps;
}

void catching_up::answer_next(catch_up_steps& steps) {
  if (!waiting_ || answering_ticket_ != 0)
    return;
  answering_ = waiting_->number;
  if (settings_.keeps_history) {
    answering_ticket_ = ++ticket_;
    std::visit(
        [&](auto& what) {
          steps.to_archive.push_back({{}, answering_ticket_, std::move(what)});
        },
        waiting_->what);
  } else {
    steps.answer = wire_answer{0, answering_, no_answer{}};
  }
  waiting_.reset();
}

}  // namespace confab
