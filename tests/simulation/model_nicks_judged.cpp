// What the requests of a client with a nick amounted to, and whether they were answered right.

#include "tests/simulation/irc_answers.hpp"
#include "tests/simulation/language.hpp"
#include "tests/simulation/nick_follower.hpp"

#include <algorithm>

namespace confab::simulation {

void nick_follower::judge(const request& made, std::size_t first) {
  if (!is_answered_) {
    note_unanswered(made);
    return;
  }
  if (!logged_in_ || login_when_ > done_ || (made.what != meaning::log_in && !login_known_))
    return judge_before_login(made);
  switch (made.what) {
    case meaning::log_in:
    case meaning::rename:
      judge_nick(made);
      break;
    case meaning::join:
      judge_join(made);
      break;
    case meaning::leave:
      if (count("403") + count("442") == 0 && !was_event("PART") && !may_have_been_put_out(made))
        complain(made, "had no effect");
      break;
    case meaning::say:
      if (made.subject == who_.requests[first].subject)
        judge_texts(first);
      break;
    case meaning::tell:
      // Clients of other protocols take no private texts.
      if (count("531") > 0 && made.target.find('/') == std::string::npos)
        complain(made, "was refused as one for another protocol");
      known_.private_texts.push_back({who_.number, made.target, std::string{mark(made)},
                                      made.handed, done_, count("401") + count("531") > 0});
      break;
    case meaning::invite:
      known_.invitations.push_back({made.target, made.room, made.handed});
      break;
    case meaning::watch:
      judge_watch(made);
      break;
    case meaning::watched:
      judge_watched(made);
      break;
    case meaning::was:
      known_.whowas.push_back({who_.number, count("314"), made.handed, done_});
      break;
    case meaning::invited:
      judge_count(made, "336", "337", run_.rules.invitations_each_max);
      break;
    case meaning::entries:
      judge_count(made, "367", "368", run_.rules.list_entries_max);
      break;
    case meaning::rule:
    case meaning::kick:
      judge_rule(made);
      if (was_event(made.what == meaning::kick ? "KICK" : "MODE"))
        known_.rulings.push_back({who_.number, made.what, made.room, made.subject, made.target,
                                  made.handed, own_event_when_});
      break;
    case meaning::quit:
      known_.farewells.push_back({who_.number, nick_, {}, made.handed, done_});
      end_all(made.handed, done_);
      over_ = true;
      break;
    default:
      break;
  }
  check_answers(made, first);
  login_known_ = true;
}

/// Nothing but a nick has an effect.
void nick_follower::judge_before_login(const request& made) {
  if (made.what == meaning::log_in || made.what == meaning::rename) {
    if (count("001") == 1)
      login_known_ = true;
    else if (count("432") == 1)
      judge_nick_size(made);
    else if (count("433") == 1)
      known_.refused_claims.push_back({who_.number, made.subject, made.handed, done_});
    else
      complain(made, "did not log in and was not refused");
  } else if (made.what == meaning::quit) {
    over_ = true;
  } else if (made.what != meaning::sync && count("451") == 0) {
    complain(made, "was not refused before the login");
  }
}

/// What was under way when the connection ended may have happened.
void nick_follower::note_unanswered(const request& made) {
  if (made.what == meaning::log_in || made.what == meaning::rename) {
    if (own_event_ == nullptr && count("001") + count("433") == 0)
      known_.bearings.push_back({who_.number, made.subject, made.handed, never, never, never});
    if (bearing_)
      known_.bearings[*bearing_].losing = std::min(known_.bearings[*bearing_].losing, made.handed);
  } else if (made.what == meaning::join && !stays_.contains(made.room)) {
    stay fresh;
    fresh.client = who_.number;
    fresh.room = made.room;
    fresh.asked = made.handed;
    fresh.leaving = fresh.asked;
    fresh.entered_sight = who_.sights.size();
    known_.stays.push_back(std::move(fresh));
  } else if (made.what == meaning::leave && stays_.contains(made.room)) {
    auto& where = known_.stays[stays_[made.room]];
    where.leaving = std::min(where.leaving, made.handed);
  } else if (made.what == meaning::invite) {
    known_.invitations.push_back({made.target, made.room, made.handed});
  } else if (made.what == meaning::say) {
    add_text(made, never);
  } else if (made.what == meaning::tell) {
    known_.private_texts.push_back(
        {who_.number, made.target, std::string{mark(made)}, made.handed, never, false});
  } else if (made.what == meaning::rule || made.what == meaning::kick) {
    known_.rulings.push_back(
        {who_.number, made.what, made.room, made.subject, made.target, made.handed, never});
  } else if (made.what == meaning::quit) {
    known_.farewells.push_back({who_.number, nick_, {}, made.handed, never});
    end_all(made.handed, never);
    over_ = true;
  }
}

namespace {

/// Whether somebody who asked for a nick has had to give way: its node stands behind the nick, of
/// which what is too long is cut.
bool gives_way(const std::string& nick, const std::string& wanted) {
  const auto slash = nick.find('/');
  return slash != std::string::npos && slash > 0 &&
         folded_nick(wanted).starts_with(folded_nick(nick.substr(0, slash)));
}

}  // namespace

void nick_follower::judge_nick(const request& made) {
  if (count("001") > 0)
    return;
  judge_nick_size(made);
  if (count("432") > 0)
    return;
  if (count("433") > 0)
    known_.refused_claims.push_back({who_.number, made.subject, made.handed, done_});
  else if (nick_ != made.subject && !gives_way(nick_, made.subject))
    complain(made, "did not change the nick and was not refused");
  else if (was_event("NICK"))
    known_.farewells.push_back(
        {who_.number, parse_irc_line(own_event_->body).nick(), nick_, made.handed, done_});
}

/// Before or after the server has dealt with this: it was read before the client was told, or its
/// session did not know yet.
bool nick_follower::may_have_been_put_out(const request& made) const {
  return put_out_when_ >= made.handed || (put_out_when_ > 0 && !was_inside_);
}

void nick_follower::judge_join(const request& made) {
  const auto refused = numerics_.size() - count("PONG") - count("353") - count("366");
  if (count("437") > 0)
    known_.testimonies.push_back(
        {testimony::kind::run_out, who_.number, made.room, made.handed, done_});
  const bool by_rules = count("471") + count("473") + count("474") + count("475") > 0;
  if (by_rules && made.room != ruled_room)
    complain(made, "was refused though nobody has made such a rule");
  if (may_have_been_put_out(made))
    return;
  judge_list_of_rooms(made);
  if (was_inside_ ? refused > 0 : (refused == 1) == was_event("JOIN"))
    complain(made, "was not answered as it should");
  if (was_event("JOIN") && count("366") != 1)
    complain(made, "was not told who is there");
}

/// All of the group; a refusal does not say which text it is about.
void nick_follower::judge_texts(std::size_t first) {
  std::size_t texts = 0;
  for (auto i = first; who_.requests[i].what == meaning::say; ++i)
    ++texts;
  const auto& room = who_.requests[first].room;
  const auto refused = count("404") + count("403");
  const bool inside = stays_.contains(room);
  const auto& made = who_.requests[first];
  const bool was_out = !was_inside_ && !inside && put_out_when_ < made.handed;
  if (was_out && refused < texts)
    return complain(made, "was said from outside");
  if (was_inside_ && inside && room != ruled_room && refused > 0)
    return complain(made, "was refused though nobody has made such a rule");
  if (refused > texts)
    return complain(made, "was refused more than once");
  std::size_t unkept = 0;
  for (auto i = first; i < first + texts; ++i)
    unkept += run_.rules.is_unkept(mark(who_.requests[i])) ? 1 : 0;
  if (count("FAIL") != unkept)
    return complain(made, "KEPT: was refused " + std::to_string(count("FAIL")) +
                              " times as not kept, instead of " + std::to_string(unkept));
  for (std::size_t i = first; i < first + texts; ++i)
    judge_label(who_.requests[i]);
  for (std::size_t i = first; i < first + texts && refused < texts; ++i)
    add_text(who_.requests[i], refused == 0 ? done_ : never);
}

/// What answers a request with a label has that label, once; of a text that could not be kept, it
/// is the refusal.
void nick_follower::judge_label(const request& made) {
  if (made.label.empty())
    return;
  const auto answers = std::count_if(who_.sights.begin(), who_.sights.end(),
                                     [&](const sight& seen) { return seen.label == made.label; });
  const auto* answer = labelled_answer(made);
  if (answers != 1)
    complain(made, "LABELS: was answered " + std::to_string(answers) + " times with its label");
  else if (answer->when > done_)
    complain(made, "LABELS: was answered behind a later request");
  else if (parse_irc_line(answer->body).is("FAIL") != run_.rules.is_unkept(mark(made)))
    complain(made, "KEPT: was answered '" + answer->body + "'");
}

const sight* nick_follower::labelled_answer(const request& made) const {
  const auto found = std::find_if(who_.sights.begin(), who_.sights.end(), [&](const sight& seen) {
    return !made.label.empty() && seen.label == made.label;
  });
  return found != who_.sights.end() ? &*found : nullptr;
}

void nick_follower::add_text(const request& made, moment done) {
  known_.text_of_mark.emplace(std::string{mark(made)}, known_.texts.size());
  const bool unkept = run_.rules.is_unkept(mark(made));
  const auto* answer = labelled_answer(made);
  const auto accepted = done != never && answer != nullptr ? answer->when : done;
  known_.texts.push_back({who_.number, made.room, true, nick_, made.subject, made.handed, done,
                          unkept ? never : accepted, unkept && done != never});
}

/// No other answers than those that the requests of the group can have.
void nick_follower::check_answers(const request& made, std::size_t first) {
  if (&made != &who_.requests[first])
    return;
  for (const auto& line : numerics_)
    if (!line.is("PONG") && !answers_to(made.what).contains(line.command))
      complain(made, "was answered with " + line.command);
  if (count("PONG") > 1)
    complain(made, "was answered by several PONGs");
}

std::size_t nick_follower::count(std::string_view number) const {
  return static_cast<std::size_t>(
      std::count_if(numerics_.begin(), numerics_.end(),
                    [number](const irc_line& each) { return each.is(number); }));
}

bool nick_follower::was_event(std::string_view command) const {
  return own_event_ != nullptr && parse_irc_line(own_event_->body).is(command);
}

std::string_view nick_follower::mark(const request& made) {
  return mark_of(made.subject);
}

}  // namespace confab::simulation
