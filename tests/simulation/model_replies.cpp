#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>

namespace confab::simulation {

namespace {

/// With as many rooms as this, a run never has too many.
constexpr std::size_t rooms_plenty = 10;

/// Goes through the requests of one client.
class follower {
 public:
  follower(const history& run, const record& who, account& known, findings& found)
      : run_(run), who_(who), known_(known), found_(found), replies_(who.sights) {}

  void follow() {
    for (const auto& made : who_.requests) {
      if (made.handed == never || where_.over)
        break;
      const auto before = where_;
      replies_.forget_last();
      const auto result = who_.speaks->follow(made, where_, replies_, run_.rules);
      if (!result.complaint.empty())
        return complain(made, result.complaint);
      if (!apply(made, result, before))
        return;
    }
    if (const auto* extra = replies_.peek())
      found_.push_back(name_of(who_) + " got a reply too many at " + std::to_string(extra->when) +
                       ": '" + extra->body + "'");
    leave(std::min({who_.hung_up, who_.input_ended, who_.ending, who_.torn_since}), never);
    known_.logged_in[who_.number] = login_answered_;
    known_.listens[who_.number] = where_.may.listens;
    known_.lobby_refused[who_.number] = lobby_refused();
    known_.over[who_.number] = where_.over;
    known_.users[who_.number] = where_.user;
  }

 private:
  bool apply(const request& made, const effect& result, const position& before) {
    const bool missing = replies_.ran_out();
    const auto done = missing ? never : done_at(made);
    if (!before.logged_in && where_.logged_in)
      login_answered_ = done != never;
    const bool may_wait =
        !missing && (where_.over || run_.server_shut_down || who_.node_ends != never);
    if (done == never && !may_wait && !excused(made)) {
      complain(made, "was not answered");
      return false;
    }
    room_known_ =
        room_known_ && !(missing && result.what == effect::kind::entered) && where_.room_is_known;
    switch (result.what) {
      case effect::kind::entered:
        leave(made.handed, done);
        enter(made, done);
        break;
      case effect::kind::left:
      case effect::kind::ended:
        leave(made.handed, done);
        break;
      case effect::kind::spoke:
        speak(made, before, result.is_uncertain && !heard_itself(made) ? never : done);
        note_keeping(known_.texts.back(), result);
        break;
      case effect::kind::listed:
        known_.testimonies.push_back(
            {testimony::kind::listed, who_.number, result.room, made.handed, done});
        break;
      case effect::kind::nothing:
        break;
    }
    if (result.refused_room)
      testify(made, result);
    return true;
  }

  /// A request without an answer is done when a later one is answered, or the server reads on.
  moment done_at(const request& made) const {
    if (replies_.last())
      return when(*replies_.last());
    return replies_.peek() != nullptr ? std::min(made.settled, replies_.peek()->when)
                                      : made.settled;
  }

  void enter(const request& made, moment done) {
    in_room_ = true;
    stay fresh;
    fresh.client = who_.number;
    fresh.room = where_.room;
    fresh.room_known = room_known_;
    fresh.asked = made.handed;
    fresh.entered = done;
    fresh.entered_sight = replies_.last().value_or(0);
    fresh.made = made.what == meaning::create && !who_.speaks->answers_joins();
    known_.stays.push_back(std::move(fresh));
    if (made.what == meaning::join && !who_.speaks->answers_joins() && room_known_)
      known_.testimonies.push_back(
          {testimony::kind::existing, who_.number, where_.room, made.handed, done});
  }

  void leave(moment leaving, moment done) {
    if (!in_room_)
      return;
    in_room_ = false;
    auto& last = known_.stays.back();
    last.leaving = std::min({leaving, who_.hung_up, who_.input_ended, who_.ending});
    last.left = done;
    if (replies_.last() && done != never)
      last.left_sight = *replies_.last();
  }

  void speak(const request& made, const position& before, moment done) {
    const std::string mark{mark_of(made.subject)};
    known_.text_of_mark.emplace(mark, known_.texts.size());
    known_.texts.push_back(
        {who_.number, before.room, room_known_, before.user, made.subject, made.handed, done});
  }

  /// Where nothing says that a text was accepted, the next reply does, for it comes behind that.
  void note_keeping(utterance& text, const effect& result) const {
    if (result.unkept)
      text.told_unkept = replies_.last().has_value();
    else if (replies_.last())
      text.accepted = when(*replies_.last());
    else if (replies_.peek() != nullptr)
      text.accepted = replies_.peek()->when;
  }

  bool heard_itself(const request& made) const {
    return std::any_of(who_.sights.begin(), who_.sights.end(), [&](const sight& seen) {
      return seen.what == sight::kind::said && mark_of(seen.body) == mark_of(made.subject);
    });
  }

  void testify(const request& made, const effect& result) {
    const auto& body = who_.sights[*replies_.last()].body;
    const auto what = body.find("too many") != std::string::npos ? testimony::kind::run_out
                      : made.what == meaning::create             ? testimony::kind::existing
                                                                 : testimony::kind::missing;
    known_.testimonies.push_back(
        {what, who_.number, result.room, made.handed, when(*replies_.last())});
  }

  /// Whether a request may stay without an answer: the client is gone, one way or another.
  bool excused(const request& made) const {
    if (made.settled != never && !run_.rules.archive)
      return false;  // The server has read on. It does so before texts are answered if they are
                     // kept.
    const auto due = made.handed <= run_.quiet ? run_.quiet : never;
    const bool gone = who_.hung_up != never && who_.hung_up <= due;
    const bool cut = was_cut(run_.rules, who_);
    const bool too_late =
        !login_answered_ && has_passed(run_.rules.login_deadline_seconds,
                                       who_.seconds_when_admitted, who_.seconds_when_ending);
    const bool ended = who_.closed != never && ends_in_silence();
    const bool idle =
        run_.rules.idle_seconds_max > 0 &&
        has_passed(run_.rules.idle_seconds_max, who_.seconds_when_active, who_.seconds_when_ending);
    return gone || cut || ended || idle || (who_.closed != never && too_late) ||
           lobby_may_be_closed();
  }

  /// Who comes into a room on its own is not told when it may not, but closed.
  bool lobby_may_be_closed() const {
    return who_.closed != never && !who_.speaks->refusal() &&
           (run_.rules.rooms_max < rooms_plenty || who_.speaks->ends_where_refused());
  }

  /// A line that is too long ends the connection, and what came with it is not answered for.
  bool ends_in_silence() const {
    return !who_.speaks->refusal() &&
           std::any_of(who_.requests.begin(), who_.requests.end(),
                       [](const request& each) { return each.too_long; });
  }

  bool lobby_refused() const {
    return lobby_may_be_closed() && !known_.stays.empty() &&
           known_.stays.back().client == who_.number && known_.stays.back().entered == never;
  }

  moment when(std::size_t sight_index) const { return who_.sights[sight_index].when; }

  void complain(const request& made, const std::string& what) {
    const auto number = &made - who_.requests.data() + 1;
    found_.push_back(name_of(who_) + ": request " + std::to_string(number) + " (" + made.subject +
                     "), read at " + std::to_string(made.handed) + ": " + what);
  }

  const history& run_;
  const record& who_;
  account& known_;
  findings& found_;
  reply_reader replies_;
  position where_;
  bool login_answered_ = false;
  bool in_room_ = false;
  bool room_known_ = true;
};

/// A connection beyond the limit gets one word, if the language has one, and is closed.
void check_refused(const history& run, const record& who, findings& found) {
  const auto refusal = who.speaks->refusal();
  const bool silent = who.sights.empty();
  const bool one_word = refusal && who.sights.size() == 1 && who.sights.front().body == *refusal;
  const bool is_over = run.server_shut_down || who.node_ends != never;
  const bool gone = who.hung_up <= run.quiet || is_over;
  const bool last_word = refusal && is_over && who.sights.size() == 1 &&
                         who.sights.front().body.ends_with("[Server is shutting down]");
  // Where a node ends in order, it may have been admitted in the same step, for something else.
  const bool reads_no_more =
      who.node_ends != never && !who.sights.empty() &&
      std::all_of(who.sights.begin(), who.sights.end(),
                  [](const sight& each) { return each.body.starts_with("ERROR "); });
  // One that does not take its word at once may be closed without it, if there are many.
  if (!one_word && !last_word && !reads_no_more &&
      !(silent && (gone || !refusal || !who.always_read)))
    found.push_back(name_of(who) + " was neither admitted nor refused in good order");
  if (!gone && run.clients.size() <= run.rules.connections_max)
    found.push_back(name_of(who) + " was refused though there was room");
}

}  // namespace

namespace {

/// Who is put out is out from the moment when somebody asked for that; it is not told, in most
/// protocols.
void note_who_was_put_out(const history& run, account& known) {
  for (auto& where : known.stays)
    for (const auto& each : known.rulings)
      if (each.what == meaning::kick && each.room == where.room && each.asked <= where.left &&
          each.told >= where.asked && may_have_nick(run, known, where.client, each.target))
        where.leaving = std::min(where.leaving, std::max(each.asked, where.asked));
}

}  // namespace

account check_replies(const history& run, findings& found) {
  account known;
  known.logged_in.resize(run.clients.size());
  known.listens.resize(run.clients.size());
  known.lobby_refused.resize(run.clients.size());
  known.over.resize(run.clients.size());
  known.users.resize(run.clients.size());
  known.nicks_in_the_end.resize(run.clients.size());
  for (const auto& who : run.clients)
    if (who.admitted == never)
      check_refused(run, who, found);
    else if (who.speaks->has_nicks())
      follow_nicks(run, who, known, found);
    else
      follower(run, who, known, found).follow();
  note_who_was_put_out(run, known);
  return known;
}

}  // namespace confab::simulation
