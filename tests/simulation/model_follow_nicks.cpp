// Goes through what a client with a nick has asked for and was told.

#include "tests/simulation/language.hpp"
#include "tests/simulation/nick_follower.hpp"

#include <algorithm>

namespace confab::simulation {

void nick_follower::follow() {
  const auto& requests = who_.requests;
  for (std::size_t first = 0; first < requests.size() && is_right_ && !over_;) {
    auto last = first;
    while (last + 1 < requests.size() && requests[last].what != meaning::sync &&
           requests[last].what != meaning::quit)
      ++last;
    if (requests[first].handed == never)
      break;
    follow_group(first, last);
    first = last + 1;
  }
  if (!is_right_)
    return;
  begin_ = requests.size();
  take_sights(who_.sights.size());
  finish();
}

/// A few requests and the PING behind them; or a QUIT.
void nick_follower::follow_group(std::size_t first, std::size_t last) {
  const auto& closing = who_.requests[last];
  begin_ = who_.requests.size();
  take_sights_before(who_.requests[first].handed);
  begin_ = first;
  numerics_.clear();
  told_of_.clear();
  own_event_ = nullptr;
  own_event_when_ = never;
  was_inside_ = stays_.contains(who_.requests[first].room);
  quitting_ = closing.what == meaning::quit && closing.handed != never;
  const auto end = end_of_answers(closing);
  is_answered_ = end.has_value();
  done_ = end ? who_.sights[*end].when : never;
  take_sights(end ? *end + 1 : who_.sights.size());
  if (!is_right_)
    return;
  const bool excused = may_stay_silent(run_, who_, closing.handed, logged_in_);
  if (!is_answered_ && closing.handed != never && !excused)
    return complain(closing, "was not answered");
  if (!is_answered_ && closing.settled != never && !run_.rules.archive &&
      !was_cut(run_.rules, who_) && !quitting_ && closing.handed != never)
    return complain(closing, "was not answered though the server has read on");
  for (auto i = first; i <= last && is_right_; ++i)
    if (who_.requests[i].handed != never)
      judge(who_.requests[i], first);
}

std::optional<std::size_t> nick_follower::end_of_answers(const request& closing) const {
  for (auto i = next_; i < who_.sights.size(); ++i) {
    const auto& seen = who_.sights[i];
    if (seen.what != sight::kind::reply)
      continue;
    const auto line = parse_irc_line(seen.body);
    if (closing.what == meaning::sync && line.is("PONG") && line.parameter(1) == closing.subject)
      return i;
    if (closing.what == meaning::quit && line.is("ERROR"))
      return i;
  }
  return std::nullopt;
}

void nick_follower::end_all(moment leaving, moment lost) {
  leaving = std::min({leaving, who_.hung_up, who_.input_ended, who_.ending});
  for (const auto& [room, number] : stays_)
    known_.stays[number].leaving = std::min(known_.stays[number].leaving, leaving);
  stays_.clear();
  rosters_.clear();
  if (!bearing_)
    return;
  auto& last = known_.bearings[*bearing_];
  last.losing = std::min(last.losing, leaving);
  last.lost = lost;
}

void nick_follower::finish() {
  if (!over_)
    note_end();
  end_all(std::min(who_.torn_since, who_.ending), never);
  known_.logged_in[who_.number] = logged_in_;
  known_.listens[who_.number] = true;
  known_.over[who_.number] = over_;
  known_.users[who_.number] = nick_;
}

void nick_follower::complain(const request& made, const std::string& what) {
  is_right_ = false;
  const auto number = &made - who_.requests.data() + 1;
  found_.push_back(name_of(who_) + ": request " + std::to_string(number) + " (" + made.room + " " +
                   made.target + " " + made.subject + "), read at " + std::to_string(made.handed) +
                   ": " + what);
}

void follow_nicks(const history& run, const record& who, account& known, findings& found) {
  nick_follower(run, who, known, found).follow();
}

}  // namespace confab::simulation
