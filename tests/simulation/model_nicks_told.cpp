// What a client with a nick was told: its nick, its rooms, and who is in them.

#include "tests/simulation/irc_answers.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/nick_follower.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

void nick_follower::take_sights(std::size_t end) {
  for (; next_ < end && is_right_; ++next_) {
    const auto& seen = who_.sights[next_];
    if (seen.when > run_.quiet)
      note_end();
    if (seen.what == sight::kind::reply)
      take_reply(parse_irc_line(seen.body), seen);
    else if (seen.what == sight::kind::happened)
      take_event(parse_irc_line(seen.body), seen);
  }
}

/// What was told before this was read.
void nick_follower::take_sights_before(moment when) {
  auto end = next_;
  while (end < who_.sights.size() && who_.sights[end].when < when)
    ++end;
  take_sights(end);
}

void nick_follower::take_reply(const irc_line& line, const sight& seen) {
  if (line.is("ERROR"))
    return;
  if (line.is("001")) {
    logged_in_ = true;
    login_when_ = seen.when;
    take_nick(line.parameter(0), seen.when);
  }
  if (line.is("730") || line.is("731"))
    take_watched(line, seen);
  if (line.is("353") && begin_ < who_.requests.size())
    take_names(line);
  if (!says_more(line))
    numerics_.push_back(line);
}

/// Who is there already, told behind the own JOIN.
void nick_follower::take_names(const irc_line& line) {
  const auto room = line.parameter(2).substr(1);
  if (who_.requests[begin_].what != meaning::join || !stays_.contains(room))
    return;
  auto& roster = rosters_[room];
  for (auto& name : names_of_roster(line.parameters.back()))
    roster.insert(folded_nick(std::move(name)));
}

void nick_follower::take_event(const irc_line& line, const sight& seen) {
  const bool own = folded_nick(seen.author) == folded_nick(nick_);
  // A nick with a slash was not asked for: somebody on another node has had the other one longer.
  const bool gives_way = line.is("NICK") && line.parameter(0).find('/') != std::string::npos;
  if (own && !gives_way) {
    own_event_ = &seen;
    own_event_when_ = seen.when;
  }
  const auto room = line.parameter(0).substr(line.parameter(0).starts_with('#') ? 1 : 0);
  if (line.is("JOIN"))
    own ? enter(room, seen.when) : come(room, seen);
  else if (line.is("PART"))
    own ? leave(room, seen.when, true) : go(room, seen.author, seen);
  else if (line.is("KICK"))
    folded_nick(line.parameter(1)) == folded_nick(nick_) ? leave(room, seen.when, false)
                                                         : go(room, line.parameter(1), seen);
  else if (line.is("NICK"))
    change_nick(line.parameter(0), own, seen);
  else if (line.is("QUIT"))
    quit(seen);
  else if (line.is("MODE") || line.is("TOPIC"))
    check_inside(room, seen);
  if (line.is("MODE"))
    take_mode(room, line, seen);
}

void nick_follower::check_inside(const std::string& room, const sight& seen) {
  if (!stays_.contains(room))
    stray(seen);
}

void nick_follower::come(const std::string& room, const sight& seen) {
  check_inside(room, seen);
  const auto nick = folded_nick(seen.author);
  if (stays_.contains(room) && !rosters_[room].insert(nick).second && !departed_.contains(nick))
    stray(seen);
}

void nick_follower::go(const std::string& room, const std::string& nick, const sight& seen) {
  const auto gone = folded_nick(nick);
  if (!stays_.contains(room) || (rosters_[room].erase(gone) == 0 && !departed_.contains(gone)))
    stray(seen);
}

void nick_follower::quit(const sight& seen) {
  std::size_t rooms = 0;
  for (auto& [room, nicks] : rosters_)
    rooms += nicks.erase(folded_nick(seen.author));
  departed_.insert(folded_nick(seen.author));
  if (rooms == 0)
    stray(seen);
}

void nick_follower::change_nick(const std::string& nick, bool own, const sight& seen) {
  std::size_t rooms = 0;
  for (auto& [room, nicks] : rosters_)
    if (nicks.erase(folded_nick(seen.author)) > 0) {
      nicks.insert(folded_nick(nick));
      ++rooms;
    }
  departed_.insert(folded_nick(seen.author));
  departed_.insert(folded_nick(nick));
  if (own)
    take_nick(nick, seen.when);
  else if (rooms == 0)
    stray(seen);
}

/// It is told of somebody in a room where it is not, or who is not there as far as it was told.
/// Who has left the server or has a new nick may leave a room or be put out of it once more,
/// since rooms learn of that one after the other.
void nick_follower::stray(const sight& seen) {
  found_.push_back(name_of(who_) + " at " + std::to_string(seen.when) +
                   ": was told what it cannot know what to do with: " + seen.body);
}

void nick_follower::take_nick(const std::string& nick, moment when) {
  if (bearing_) {
    auto& old = known_.bearings[*bearing_];
    old.losing = asked();
    old.lost = done_;
  }
  bearing_ = known_.bearings.size();
  known_.bearings.push_back({who_.number, nick, asked(), when, never, never});
  nick_ = nick;
  if (nick_.substr(0, nick_.find('/')).size() > irc_nick_bytes_max)
    exceed("has nick " + nick_, when);
}

/// When the request under way was made.
moment nick_follower::asked() const {
  return begin_ < who_.requests.size() ? who_.requests[begin_].handed : never;
}

void nick_follower::enter(const std::string& room, moment when) {
  stay fresh;
  fresh.client = who_.number;
  fresh.room = room;
  fresh.asked = asked();
  fresh.entered = when;
  fresh.entered_sight = next_;
  fresh.has_key = begin_ < who_.requests.size() && !who_.requests[begin_].subject.empty();
  stays_[room] = known_.stays.size();
  known_.stays.push_back(std::move(fresh));
  rosters_[room] = {folded_nick(nick_)};
  entries_.erase(room);
  if (stays_.size() > run_.rules.rooms_each_max)
    exceed("is in " + std::to_string(stays_.size()) + " rooms", when);
}

void nick_follower::leave(const std::string& room, moment when, bool parts) {
  const auto found = stays_.find(room);
  if (found == stays_.end()) {
    found_.push_back(name_of(who_) + " at " + std::to_string(when) + ": left room " + room +
                     ", where it was not");
    return;
  }
  auto& where = known_.stays[found->second];
  const bool asked_for = parts && begin_ < who_.requests.size() &&
                         who_.requests[begin_].what == meaning::leave &&
                         who_.requests[begin_].room == room;
  where.leaving = asked_for ? asked() : when;  // When it was put out: see `note_rulings`.
  where.left = when;
  where.left_sight = next_;
  if (!asked_for)
    put_out_when_ = when;
  stays_.erase(found);
  rosters_.erase(room);
}

/// The last moment that everybody's view is compared at.
void nick_follower::note_end() {
  if (std::exchange(end_noted_, true) || who_.ending <= run_.quiet || who_.hung_up <= run_.quiet ||
      who_.input_ended <= run_.quiet)
    return;
  known_.nicks_in_the_end[who_.number] = nick_;
  for (const auto& [room, nicks] : rosters_)
    if (stays_.contains(room))
      known_.rosters.push_back({who_.number, room, {nicks.begin(), nicks.end()}});
}

}  // namespace confab::simulation
