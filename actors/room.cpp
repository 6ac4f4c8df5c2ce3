#include "actors/room.hpp"

#include "actors/fan_out.hpp"
#include "actors/model/case_mapping.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// Whether the words are allowed, to somebody who may speak. A text that may be CTCP comes alone,
/// so none is refused because of another one.
std::optional<refusal> verdict_on_words(const room_rules& rules, const event_batch& batch) {
  for (const auto& each : batch.events)
    if (const auto* spoken = std::get_if<said>(&each))
      if (const auto why = rules.may_say(batch.who, spoken->text))
        return why;
  return std::nullopt;
}

/// What a change of modes is about: an entry of a list, the part of a member, or a mode.
std::string subject_of(const mode_change& change) {
  constexpr std::string_view with_parameter = "beIov";
  return with_parameter.find(change.letter) != std::string_view::npos
             ? change.letter + folded(change.parameter)
             : std::string(1, change.letter);
}

/// The nick with the name of its node behind it, as it is where somebody else has the nick.
std::string nick_of(const identity& who, const std::string& here) {
  const auto home = "/" + (who.node.empty() ? here : who.node);
  return who.nick.ends_with(home) ? who.nick : who.nick + home;
}

/// The age of a room that nobody has made yet: younger than any.
constexpr auto no_age = std::numeric_limits<std::int64_t>::max();

std::string value_of(const mode_change& change) {
  return change.add ? "1" + change.parameter : "0";
}

}  // namespace

room_state::room_state(self_pointer<room_actor> self, room_setup setup)
    : self_(self),
      setup_(std::move(setup)),
      name_(std::make_shared<const std::string>(setup_.name)),
      rules_(setup_.protects_topic, setup_.rules),
      clock_(setup_.run, setup_.number),
      recent_(setup_.replay_texts),
      begun_ms_(setup_.now_ms()),
      made_ms_(begun_ms_) {}

// -- coming and going ---------------------------------------------------------

void room_state::join(entry newcomer) {
  ++arrivals_;
  let_in_or_hold({news_.latest(), std::move(newcomer), false});
}

void room_state::let_in_or_hold(arrival who) {
  if (!who.newcomer.reply.elsewhere)
    look_back_once();
  if (news_.empty() && !recalling_)
    let_in(std::move(who));
  else
    held_.push_back(std::move(who));
}

void room_state::let_in(arrival who) {
  auto& newcomer = who.newcomer;
  if (who.place_is_kept) {
    --reserved_;
    return admit(std::move(newcomer));
  }
  auto from = std::exchange(newcomer.leaves, room_actor{});
  if (from && from.id() == self_->ctrl()->id())
    from = room_actor{};  // It is here already, or was when it asked: there is one message only.
  if (roster_.find_inside(newcomer.session.id()) == nullptr && !newcomer.reply.elsewhere) {
    if (const auto why = rules_.may_enter(newcomer.who, newcomer.key, roster_.size() + reserved_)) {
      self_->send(newcomer.session, refuse_atom::value, *why);
      if (from)
        self_->send(from, arrive_atom::value);  // Instead of the traveller that it waits for.
      return tell_if_vacant();
    }
  }
  if (!from)
    return admit(std::move(newcomer));
  ++reserved_;
  self_->send(from, move_atom::value, std::move(newcomer),
              joined_room{handle_of<room_actor>(self_), name_});
}

void room_state::move(entry traveller, const joined_room& to) {
  ++arrivals_;
  remove(traveller.session.id(), left{}, receipt{});
  self_->send(to.room, enter_atom::value, std::move(traveller));
  tell_if_vacant();
}

void room_state::enter(entry traveller) {
  let_in_or_hold({news_.latest(), std::move(traveller), true});
}

/// Those who waited for news that have come, in the order in which they came.
void room_state::let_in_held() {
  if (recalling_)
    return;
  const auto first_to_wait = std::find_if(held_.begin(), held_.end(), [this](const arrival& each) {
    return !news_.have_come(each.news);
  });
  std::vector<arrival> ready{std::make_move_iterator(held_.begin()),
                             std::make_move_iterator(first_to_wait)};
  held_.erase(held_.begin(), first_to_wait);
  for (auto& each : ready)
    let_in(std::move(each));
}

void room_state::admit(entry newcomer) {
  const auto id = newcomer.session.id();
  const auto from_elsewhere = newcomer.reply.elsewhere;
  remove(id, left{}, receipt{});
  self_->send(newcomer.session, joined_atom::value,
              joined_room{handle_of<room_actor>(self_), name_});
  const bool is_first = roster_.size() == 0;
  const bool founds = is_first && setup_.makes_operators && !from_elsewhere;
  const bool is_made_elsewhere = newcomer.room_there && newcomer.room_there->made_ms != no_age;
  if (is_first) {  // What there is elsewhere is older than what is not here; it is merged below.
    made_ms_ = is_made_elsewhere ? no_age : time_of(newcomer.reply);
    life_begins_ = next_stamp(0, nullptr).sequence;
  }
  setup_.stays_when_vacant |= newcomer.keeps_room;
  auto& added = roster_.add(newcomer);
  added.room_operator = founds || newcomer.room_operator;
  added.has_voice = newcomer.has_voice;
  visited_ = true;
  rules_.use_invitation(newcomer.who.from);
  note_change();
  tell_presence(added, true);
  if (newcomer.listens)
    newcomer.reply.replay = recent_.all();
  if (newcomer.wants_view)
    newcomer.reply.answer = answer_of(room_answer{view(), true});
  const auto there = std::move(newcomer.room_there);
  added.came_by = id_of_join(newcomer);
  announce(newcomer.who, joined{founds, setup_.stays_when_vacant, rules_.has('t')},
           std::move(newcomer.reply));
  if (from_elsewhere)
    announce_part(added);
  if (is_first) {
    settlings_ = 0;
    schedule_settling();
  }
  if (there)
    merge(*there, newcomer.who);
}

/// Whoever comes from another node plays its part already: that is told behind the join, in the
/// name of the node.
void room_state::announce_part(const member& newcomer) {
  const auto& who = *newcomer.who.who;
  std::vector<mode_change> part;
  if (newcomer.room_operator)
    part.push_back({true, 'o', who.nick});
  if (newcomer.has_voice)
    part.push_back({true, 'v', who.nick});
  if (!part.empty())
    announce(node_as_author(who.node, who.dialect, newcomer.who.from), modes_set{std::move(part)},
             receipt{});
}

/// The id that the join has on the node of whoever comes in. If nobody has told it, it is not
/// known.
message_id room_state::id_of_join(const entry& newcomer) {
  if (newcomer.who.from.is_elsewhere() && stamp_from_elsewhere(newcomer.reply) == nullptr)
    return {};
  const auto at = next_stamp(0, stamp_from_elsewhere(newcomer.reply));
  return {at.run, at.room, at.sequence};
}

void room_state::leave(const session_actor& session, std::string reason, receipt reply) {
  // The reply goes out even if the member was lost: every request is answered.
  if (roster_.find(session.id()) == nullptr)
    send_receipt(self_, std::move(reply));
  else
    remove(session.id(), left{false, std::move(reason)}, std::move(reply));
  tell_if_vacant();
}

/// It is no member any more. The room knows it until its session knows, or has failed.
void room_state::put_out(member& whom) {
  roster_.put_out(whom);
  news_.end(whom.session.id());
  if (const auto session = caf::actor_cast<session_actor>(whom.session)) {
    self_->monitor(session);
    self_->send(session, kicked_atom::value, handle_of<room_actor>(self_).address());
  } else {
    roster_.remove(whom.session.id());
  }
}

void room_state::forget_put_out(const session_actor& session) {
  const auto* client = roster_.find(session.id());
  if (client == nullptr || !client->put_out)
    return;
  remove(session.id(), left{}, receipt{});
  tell_if_vacant();
}

void room_state::forget(const caf::actor_addr& session) {
  remove(session.id(), left{}, receipt{});
  tell_if_vacant();
}

/// Takes a client out, whether it is a member, which hears of it too, or was put out before.
void room_state::remove(caf::actor_id session, left happening, receipt reply) {
  auto* found = roster_.find(session);
  if (found == nullptr)
    return;
  const auto gone = *found;
  if (gone.put_out) {
    self_->demonitor(gone.session);
    roster_.remove(session);
    return send_receipt(self_, std::move(reply));
  }
  const auto from_elsewhere = reply.elsewhere;
  auto news = publication_of(gone.who, std::move(reply));
  announce(news, gone.who, std::move(happening),
           from_elsewhere && !from_elsewhere->empty() ? from_elsewhere.get() : nullptr);
  roster_.remove(session);
  note_change();
  tell_presence(gone, false);
  news.finish();
}

void room_state::arrived() {
  ++arrivals_;
  tell_if_vacant();
}

/// A room may stay when its last member has gone. Whoever comes next finds it as a new one, with no
/// rules left by somebody who might never come back.
void room_state::forget_rules_if_deserted() {
  if (!visited_ || roster_.size() > 0 || reserved_ > 0)
    return;
  visited_ = false;
  rules_.reset();
  changes_.clear();
  note_change();
}

void room_state::tell_if_vacant() {
  forget_rules_if_deserted();
  if (roster_.empty() && reserved_ == 0 && held_.empty())
    self_->send(setup_.registry, vacant_atom::value, setup_.name, self_->ctrl()->id(), arrivals_);
}

// -- texts --------------------------------------------------------------------

/// Whether the client may speak; nothing: yes. Null: it is no member. What was found for a member
/// is remembered.
std::optional<refusal> room_state::verdict_on(const author& who, member* speaker) const {
  if (speaker == nullptr)
    return rules_.may_speak(who, room_part{});
  if (speaker->verdict_of != rules_.version())
    speaker->verdict = rules_.may_speak(who, speaker->part());
  speaker->verdict_of = rules_.version();
  return speaker->verdict;
}

void room_state::say(const session_actor& session, event_batch& batch, receipt reply) {
  auto* speaker = roster_.find_inside(session.id());
  const bool is_settled = reply.elsewhere != nullptr;
  auto verdict = is_settled ? std::nullopt : verdict_on(batch.who, speaker);
  if (!verdict && !is_settled)
    verdict = verdict_on_words(rules_, batch);
  if (verdict) {
    self_->send(session, refuse_atom::value, *verdict, std::move(reply));
    return;
  }
  batch.room = setup_.name;
  batch.at = next_stamp(batch.events.size(), stamp_from_elsewhere(reply));
  // Where answers have words of their own, a client may hear its own texts. It is in no audience if
  // it is no member.
  const bool may_hear_itself = speaker == nullptr && reply.gateway && reply.asked;
  auto news = publication_of(batch.who, std::move(reply));
  const auto told = std::make_shared<const event_batch>(std::move(batch));
  if (told->to_prefix != 0) {
    tell_some(news, told, told->to_prefix, false);
    tell_peers(news, told);
  } else {
    tell_all(news, told, false);
  }
  if (may_hear_itself)
    news.tell_author(told);
  news.finish();
}

// -- requests -----------------------------------------------------------------

void room_state::request(room_request wish) {
  auto what = std::move(wish.what);
  std::visit([&](auto& each) { carry_out(each, wish); }, what);
}

void room_state::refuse(room_request& request, refusal why, std::string detail) {
  request.reply.answer = refusal_of(why, request.room, std::move(detail));
  send_receipt(self_, std::move(request.reply));
}

/// Whether whoever asks is a member; server operators need not be.
bool room_state::is_inside(room_request& request, const member* who) {
  if (who != nullptr || request.who.who->server_operator || request.reply.elsewhere)
    return true;
  refuse(request, refusal::not_in_room);
  return false;
}

/// Whether whoever asks has the rights of an operator.
bool room_state::may_rule(room_request& request, const member* who) {
  if (request.who.who->server_operator || request.reply.elsewhere ||
      (who != nullptr && who->rules()))
    return true;
  refuse(request, refusal::not_room_operator);
  return false;
}

/// Members leave by a message of their own: whoever asks is no member.
void room_state::carry_out(const leave_room&, room_request& request) {
  refuse(request, refusal::not_in_room);
}

void room_state::carry_out(set_topic& wish, room_request& request) {
  const auto* who = roster_.find_inside(request.session.id());
  if (!is_inside(request, who) || (rules_.has('t') && !may_rule(request, who)))
    return;
  const auto now_ms = time_of(request.reply);
  if (stamp_from_elsewhere(request.reply) != nullptr &&
      std::tie(now_ms, wish.topic) < std::make_tuple(rules_.topic_ms(), rules_.topic()))
    return send_receipt(self_, std::move(request.reply));  // It has crossed a later one.
  if (!rules_.set_topic(wish.topic, request.who.who->nick, now_ms))
    return send_receipt(self_, std::move(request.reply));
  note_change();
  announce(request.who, topic_set{std::move(wish.topic)}, std::move(request.reply));
}

void room_state::carry_out(change_modes& wish, room_request& request) {
  const auto* who = roster_.find_inside(request.session.id());
  if (!is_inside(request, who) || !may_rule(request, who))
    return;
  std::vector<mode_change> made;
  auto problems = std::make_shared<answer>();
  const bool was_secret = rules_.is_secret();
  const bool is_news = stamp_from_elsewhere(request.reply) != nullptr;
  for (auto& each : wish.changes) {
    auto decided = decision_on(each, request.reply);
    if (is_news && changes_.is_older(decided.about, decided.ms, decided.value)) {
      schedule_settling();
      continue;  // It has crossed a later one.
    }
    const auto made_before = made.size();
    if (is_change_of_part(each))
      change_part(each, request, made, *problems);
    else
      change_rule(each, request, made, *problems);
    // What changes nothing here, other nodes are not told: it must not count against what they say.
    if (is_news || made.size() > made_before)
      changes_.note(decided.about, decided.ms, std::move(decided.value));
  }
  if (!problems->empty())
    request.reply.answer = std::move(problems);
  if (made.empty())
    return send_receipt(self_, std::move(request.reply));
  note_change();
  if (rules_.is_secret() != was_secret)
    self_->send(setup_.directory, secret_atom::value, setup_.name, rules_.is_secret());
  announce(request.who, modes_set{std::move(made)}, std::move(request.reply));
}

/// The member with this nick. If it is what somebody is called on another node, it may be called
/// something else here, where the nick was given away: the name of its node is behind it then, here
/// or there.
member* room_state::member_meant(const room_request& request, const std::string& nick) {
  if (!request.reply.elsewhere)
    return roster_.find(nick);
  const auto& there = request.who.who->node;
  const auto here = setup_.peers.empty() ? std::string{} : setup_.peers.front().here;
  std::optional<std::string> home;
  if (const auto& whom = request.invitee.who)
    home = whom->node.empty() ? there : whom->node;
  const member* found = nullptr;
  auto rank_of_found = 0;
  roster_.for_each([&](const member& each) {
    if (home && each.who.from == request.invitee.from) {
      found = &each;
      rank_of_found = std::numeric_limits<int>::max();
    }
    const auto& its_home = each.who.who->node.empty() ? here : each.who.who->node;
    const auto& its_nick = each.who.who->nick;
    const bool has_nick = same_name(its_nick, nick);
    if ((home && *home != its_home) || (!has_nick && !same_name(its_nick, nick + "/" + its_home) &&
                                        !same_name(its_nick + "/" + its_home, nick)))
      return;
    const auto rank = (its_home == there ? 2 : 0) + (has_nick ? 2 : 1);
    if (rank > rank_of_found) {
      found = &each;
      rank_of_found = rank;
    }
  });
  return found != nullptr ? roster_.find(found->session.id()) : nullptr;
}

room_state::decision room_state::decision_on(const mode_change& change, const receipt& reply) {
  auto about = subject_of(change);
  // Other nodes tell the nick with the name of the node; see `tell_peers`.
  if (is_change_of_part(change) && !setup_.peers.empty() && stamp_from_elsewhere(reply) == nullptr)
    if (const auto* whom = roster_.find(change.parameter))
      about = change.letter + folded(nick_of(*whom->who.who, setup_.peers.front().here));
  return {std::move(about), time_of(reply), value_of(change)};
}

void room_state::change_rule(mode_change& change, const room_request& request,
                             std::vector<mode_change>& made, answer& problems) {
  const auto result = rules_.apply(change, request.who.who->nick, time_of(request.reply));
  if (result.refused)
    problems.emplace_back(outcome{refused{*result.refused, request.room,
                                          std::string{change.letter} + ' ' + change.parameter}});
  else if (result.changed)
    made.push_back(std::move(change));
}

/// Makes a member operator, gives it voice, or takes that back.
void room_state::change_part(const mode_change& change, const room_request& request,
                             std::vector<mode_change>& made, answer& problems) {
  auto* whom = member_meant(request, change.parameter);
  if (whom == nullptr) {
    const auto& unknown = request.unknown_nicks;
    const bool exists =
        std::find(unknown.begin(), unknown.end(), change.parameter) == unknown.end();
    problems.emplace_back(outcome{refused{exists ? refusal::not_a_member : refusal::no_such_nick,
                                          request.room, change.parameter}});
    return;
  }
  const bool is_operator = change.letter == 'o';
  if ((is_operator ? whom->room_operator : whom->has_voice) == change.add)
    return;
  if (is_operator)
    whom->room_operator = change.add;
  else
    whom->has_voice = change.add;
  whom->verdict_of = 0;
  tell_presence(*whom, true);
  made.push_back({change.add, change.letter, whom->who.who->nick});
}

void room_state::carry_out(kick& wish, room_request& request) {
  const auto* who = roster_.find_inside(request.session.id());
  if (!is_inside(request, who) || !may_rule(request, who))
    return;
  auto* victim = member_meant(request, wish.nick);
  if (victim == nullptr)
    return refuse(request, refusal::not_a_member, std::move(wish.nick));
  if (is_overtaken_kick(*victim, request))
    return send_receipt(self_, std::move(request.reply));
  if (wish.reason.empty())
    wish.reason = request.who.who->nick;
  const auto from_elsewhere = request.reply.elsewhere;
  const auto reason = std::move(wish.reason);
  auto news = publication_of(request.who, std::move(request.reply));
  announce(news, request.who, kicked{victim->who, reason},
           from_elsewhere && !from_elsewhere->empty() ? from_elsewhere.get() : nullptr);
  if (from_elsewhere && !victim->who.from.is_elsewhere())
    tell_peers_it_is_out(victim->who, "Kicked by " + request.who.who->nick + ": " + reason);
  tell_presence(*victim, false);
  put_out(*victim);
  note_change();
  news.finish();
  forget_rules_if_deserted();
  let_in_held();
}

/// Whoever is put out by a client of another node, and comes back at once, may be here again before
/// the news of the kick are: these mean its earlier stay. Its own node knows both, and tells if it
/// has to go even so.
bool room_state::is_overtaken_kick(const member& whom, const room_request& request) {
  return request.reply.elsewhere && whom.who.from.is_elsewhere() &&
         whom.who.who->node != request.who.who->node && whom.came_after(request.stay);
}

void room_state::carry_out(const invite&, room_request& request) {
  const auto* who = roster_.find_inside(request.session.id());
  if (!is_inside(request, who) || (rules_.has('i') && !may_rule(request, who)))
    return;
  const auto& whom = request.invitee;
  if (roster_.contains(whom.from))
    return refuse(request, refusal::is_a_member, whom.who->nick);
  rules_.invite(whom.from);
  self_->send(setup_.directory, invite_atom::value, whom.from, setup_.name);
  request.reply.answer = answer_of(invited_answer{whom.who->nick, setup_.name});
  auto batch = batch_of(request.who, invited{whom.who->nick}, stamp_from_elsewhere(request.reply));
  auto to_operators = std::make_shared<const event_batch>(batch);
  batch.to = audience_kind::client;
  auto to_invitee = std::make_shared<const event_batch>(std::move(batch));
  auto news = publication_of(request.who, std::move(request.reply));
  tell_some(news, to_operators, '@', true);
  tell_peers(news, to_operators);
  news.tell(to_invitee, whom.from.gateway, request.invitee_gateway,
            std::make_shared<const audience>(audience{whom.from.connection}));
  news.finish();
}

void room_state::carry_out(const ask_room& wish, room_request& request) {
  const bool inside =
      roster_.find_inside(request.session.id()) != nullptr || request.who.who->server_operator;
  const auto list = [this](char letter) {
    return answer_of(list_answer{setup_.name, letter, rules_.list(letter)});
  };
  const bool for_members = wish.what != room_question::names && wish.what != room_question::who &&
                           wish.what != room_question::modes;
  if (!inside && (wish.what == room_question::topic || (for_members && rules_.is_secret())))
    return refuse(request, refusal::not_in_room);
  switch (wish.what) {
    case room_question::names:
    case room_question::who:
    case room_question::topic:
    case room_question::modes:
      request.reply.answer = answer_of(room_answer{view(), inside});
      break;
    case room_question::bans:
      request.reply.answer = list('b');
      break;
    case room_question::excepts:
      request.reply.answer = list('e');
      break;
    case room_question::invexes:
      request.reply.answer = list('I');
      break;
  }
  send_receipt(self_, std::move(request.reply));
}

// -- what was said before -----------------------------------------------------

/// For the first client of this node: before, nobody here is shown what was said. A room that other
/// nodes have made here while this one catches up gets what it has missed so, too.
void room_state::look_back_once() {
  if (!setup_.archive || setup_.replay_texts == 0 || std::exchange(has_looked_back_, true))
    return;
  recalling_ = true;
  self_->send(setup_.archive, recall_atom::value,
              history_request{
                  setup_.name, recent_wish{handle_of<room_actor>(self_), setup_.replay_texts}, {}});
}

void room_state::recall(const history_page& before) {
  recalling_ = false;
  recent_.merge(before);
  for (const auto& which : std::exchange(forgotten_meanwhile_, {}))
    recent_.forget(which);
  let_in_held();
  tell_if_vacant();
}

void room_state::carry_out(confab::recall& wish, room_request& request) {
  if (!is_inside(request, roster_.find_inside(request.session.id())))
    return;
  if (!setup_.archive)
    return refuse(request, refusal::no_history);
  self_->send(setup_.archive, recall_atom::value,
              history_request{setup_.name, std::move(wish.what), std::move(request.reply)});
}

/// Whether it may do that, the archive decides, which knows the author.
void room_state::carry_out(redact& wish, room_request& request) {
  const auto* who = roster_.find_inside(request.session.id());
  if (!is_inside(request, who))
    return;
  if (!setup_.archive)
    return refuse(request, refusal::no_history);
  redaction wanted{.where = handle_of<room_actor>(self_),
                   .room = setup_.name,
                   .who = request.who,
                   .may_rule = request.who.who->server_operator || request.reply.elsewhere,
                   .which = wish.which,
                   .reason = std::move(wish.reason),
                   .reply = std::move(request.reply)};
  // Whoever has found the room empty rules what is said from then on. When that was, is known by
  // the numbers of events if it was here; else by the clocks of the nodes.
  if (who != nullptr && who->rules()) {
    if (is_made_here() && is_of_this_node(wish.which))
      wanted.may_rule |= is_of_this_life(wish.which);
    else
      wanted.rules_from_ms = made_ms_;
  }
  self_->send(setup_.archive, redact_atom::value, std::move(wanted));
}

/// Whether it is as old here as anywhere: it is no room of another node that goes on here.
bool room_state::is_made_here() const {
  return setup_.nodes == 1 || made_ms_ >= begun_ms_;
}

/// Whether it was said on this node, now or in an earlier run.
bool room_state::is_of_this_node(const message_id& which) const {
  return which.room % setup_.nodes == setup_.number % setup_.nodes;
}

/// Whether it was said here since somebody found the room empty.
bool room_state::is_of_this_life(const message_id& which) const {
  return which.run == setup_.run && which.room == setup_.number && which.sequence >= life_begins_;
}

void room_state::forget_text(const message_id& which, const event_batch_ptr& told) {
  recent_.forget(which);
  if (recalling_)
    forgotten_meanwhile_.push_back(which);
  if (!told)
    return;
  auto news = publication_of(told->who, receipt{});
  tell_all(news, told, true);
  news.finish();
}

// -- what concerns all rooms of a member --------------------------------------

void room_state::fan(fan_out news) {
  auto* who = roster_.find(news.session.id());
  if (!news.tells) {
    if (who != nullptr)
      news_.begin(news.session.id());
    return pass_on(self_, setup_.directory, std::move(news));
  }
  news_.end(news.session.id());
  const bool inside = who != nullptr && !who->put_out;
  if (who != nullptr && !news.leaves) {
    who->who = news.who;
    who->verdict_of = 0;
  }
  if (news.leaves && who != nullptr) {
    if (who->put_out)
      self_->demonitor(who->session);
    roster_.remove(news.session.id());
  }
  if (inside) {
    view_.reset();
    if (news.leaves)
      note_change();
    if (news.happening)
      tell_untold(news);
  }
  pass_on(self_, setup_.directory, std::move(news));
  forget_rules_if_deserted();
  let_in_held();
  if (who != nullptr)
    tell_if_vacant();
}

/// Those of the members who were not told in another room. The author waits until all gateways have
/// queued it; what it was answered comes with the last room. That it is kept, its gateway is not
/// told: it counts what is kept of a client in the order of its requests, and a client whose nick
/// another node has given away is renamed beside these.
void room_state::tell_untold(fan_out& news) {
  receipt on_the_way;
  on_the_way.gateway = news.reply.gateway;
  on_the_way.connection = news.reply.connection;
  on_the_way.next = next_step::nothing;
  const auto* at = news.passed > 0 && news.passed <= news.stamps.size()
                       ? &news.stamps[news.passed - 1]
                       : nullptr;
  auto batch = std::make_shared<const event_batch>(
      batch_of(news.who, *news.happening, at != nullptr && !at->empty() ? at : nullptr));
  auto keeping = publication_of(news.who, receipt{});
  keep(keeping, batch);
  auto telling = publication_of(news.who, std::move(on_the_way));
  tell_peers(telling, batch);
  for (auto& group : roster_.groups())
    if (group.announces_members() && !group.empty())
      telling.tell(batch, group.id(), group.gateway(),
                   news.told.take_untold(group.id(), roster_.audience_of(group)));
  telling.finish();
}

// -- other nodes --------------------------------------------------------------

void room_state::tell_all_to(const known_peer& peer, sync_round round) {
  ++arrivals_;
  const auto is_it = [&](const known_peer& each) { return each.id == peer.id; };
  if (std::none_of(setup_.peers.begin(), setup_.peers.end(), is_it))
    setup_.peers.push_back(peer);
  settlings_ = 0;
  self_->send(peer.actor, sync_atom::value, describe(true), round);
  tell_if_vacant();
}

/// The members are those of this node.
room_record_ptr room_state::describe(bool with_members) {
  auto record = std::make_shared<room_record>();
  record->room = setup_.name;
  record->made_ms = roster_.size() > 0 ? made_ms_ : no_age;  // Else whoever comes first makes it.
  record->stays_when_vacant = setup_.stays_when_vacant;
  roster_.for_each([&](const member& each) {
    if (with_members && !each.who.from.is_elsewhere())
      record->members.push_back({each.who.from, each.room_operator, each.has_voice});
  });
  record->modes = rules_.modes();
  for (const char letter : {'b', 'e', 'I'})
    for (const auto& each : rules_.list(letter))
      record->masks.push_back({letter, each.mask, each.set_by, each.set_ms});
  record->topic = rules_.topic();
  record->topic_by = rules_.topic_by();
  record->topic_ms = rules_.topic_ms();
  return record;
}

void room_state::bring_together(const room_record& there, const author& told_by) {
  ++arrivals_;
  setup_.stays_when_vacant |= there.stays_when_vacant;
  if (roster_.size() > 0)
    merge(there, told_by);
  tell_if_vacant();
}

/// Whether something holds there that does not hold here, or the other way round.
bool room_state::differs_from(const room_record& there) const {
  std::set<std::pair<char, std::string>> masks;
  for (const char letter : {'b', 'e', 'I'})
    for (const auto& each : rules_.list(letter))
      masks.emplace(letter, each.mask);
  std::set<std::pair<char, std::string>> masks_there;
  for (const auto& each : there.masks)
    masks_there.emplace(each.letter, each.mask);
  return rules_.modes() != there.modes || masks != masks_there || rules_.topic() != there.topic ||
         rules_.topic_ms() != there.topic_ms;
}

/// What is set on one node while another one makes the room, too, or loses it, or while the two
/// tell each other of their rooms, may not come to hold on both. So it is compared once more when
/// that is over, and until nothing is different.
void room_state::schedule_settling() {
  if (setup_.peers.empty() || settlings_ >= settlings_max || std::exchange(settling_, true))
    return;
  ++settlings_;
  self_->delayed_send(handle_of<room_actor>(self_), settling_pause, settle_atom::value);
}

void room_state::settle() {
  settling_ = false;
  if (roster_.size() == 0)
    return;
  const auto record = describe(false);
  for (const auto& peer : setup_.peers)
    self_->send(peer.actor, sync_atom::value, record, settling_round);
}

/// Brings together what was set on two nodes that did not hear of each other. Both come to the
/// same: what holds in the older room and who rules it, and the topic that was set last. Rooms of
/// one age have all masks of both.
void room_state::merge(const room_record& there, const author& told_by) {
  const auto who = node_as_author(told_by.who->node, told_by.dialect(), told_by.from);
  std::vector<mode_change> made;
  merge_modes(there, made);
  merge_masks(there, made);
  merge_parts(there, told_by, made);
  made_ms_ = std::min(made_ms_, there.made_ms);
  const bool has_newer_topic =
      std::tie(there.topic_ms, there.topic) > std::make_tuple(rules_.topic_ms(), rules_.topic());
  const bool is_changed = !made.empty() || has_newer_topic;
  if (!made.empty())
    announce(who, modes_set{std::move(made)}, receipt{});
  if (has_newer_topic && rules_.set_topic(there.topic, there.topic_by, there.topic_ms))
    announce(who, topic_set{there.topic}, receipt{});
  if (is_changed || differs_from(there))
    schedule_settling();
  else
    settlings_ = 0;
  note_change();
}

/// To be compared with `made_ms_`. Where nobody rules, age counts for nothing.
std::int64_t room_state::age_of(const room_record& there) const {
  return setup_.makes_operators ? there.made_ms : made_ms_;
}

/// Of two rooms of the same age, each has all modes of both, and the greater of two keys and
/// limits.
void room_state::merge_modes(const room_record& there, std::vector<mode_change>& made) {
  const auto made_there_ms = age_of(there);
  if (made_there_ms > made_ms_)
    return;
  const auto ours = rules_.modes();
  const auto parameter_of = [](const std::vector<mode_change>& modes, char letter) {
    const auto found = std::find_if(modes.begin(), modes.end(),
                                    [&](const mode_change& each) { return each.letter == letter; });
    return found == modes.end() ? std::optional<std::string>{} : found->parameter;
  };
  std::vector<mode_change> wanted;
  for (const auto& each : ours)
    if (made_there_ms < made_ms_ && !parameter_of(there.modes, each.letter))
      wanted.push_back({false, each.letter, {}});
  for (const auto& each : there.modes) {
    const auto present = parameter_of(ours, each.letter);
    if (!present ||
        (*present != each.parameter && (made_there_ms < made_ms_ || each.parameter > *present)))
      wanted.push_back(each);
  }
  const bool was_secret = rules_.is_secret();
  for (auto& each : wanted)
    if (rules_.apply(each, {}, setup_.now_ms()).changed)
      made.push_back(std::move(each));
  if (rules_.is_secret() != was_secret)
    self_->send(setup_.directory, secret_atom::value, setup_.name, rules_.is_secret());
}

/// As modes: those of the older room.
void room_state::merge_masks(const room_record& there, std::vector<mode_change>& made) {
  const auto made_there_ms = age_of(there);
  if (made_there_ms > made_ms_)
    return;
  const auto is_there = [&](char letter, const std::string& mask) {
    return std::any_of(there.masks.begin(), there.masks.end(), [&](const mask_record& each) {
      return each.letter == letter && same_name(each.mask, mask);
    });
  };
  std::vector<mode_change> gone;
  for (const char letter : {'b', 'e', 'I'})
    for (const auto& each : rules_.list(letter))
      if (made_there_ms < made_ms_ && !is_there(letter, each.mask))
        gone.push_back({false, letter, each.mask});
  for (auto& each : gone)
    if (rules_.apply(each, {}, setup_.now_ms()).changed)
      made.push_back(std::move(each));
  for (const auto& each : there.masks) {
    mode_change change{true, each.letter, each.mask};
    if (rules_.apply(change, each.set_by, each.set_ms).changed)
      made.push_back(std::move(change));
  }
}

/// Whoever was in the younger of two rooms has no part in what is one room now: else everybody
/// could rule a room whose node is cut off from another one, by founding it there.
void room_state::merge_parts(const room_record& there, const author& told_by,
                             std::vector<mode_change>& made) {
  const auto made_there_ms = age_of(there);
  if (made_there_ms == made_ms_ || made_there_ms == no_age || made_ms_ == no_age)
    return;
  const bool is_older_there = made_there_ms < made_ms_;
  roster_.for_each([&](member& each) {
    const bool was_there = each.who.who->node == told_by.who->node;
    if (was_there == is_older_there || (!each.room_operator && !each.has_voice))
      return;
    if (each.room_operator)
      made.push_back({false, 'o', each.who.who->nick});
    if (each.has_voice)
      made.push_back({false, 'v', each.who.who->nick});
    each.room_operator = each.has_voice = false;
    each.verdict_of = 0;
    tell_presence(each, true);
  });
}

// -- telling ------------------------------------------------------------------

/// What has happened on another node has its stamp from there.
stamp room_state::next_stamp(std::size_t events, const stamp* from_elsewhere) {
  if (from_elsewhere == nullptr)
    return clock_.next(events, setup_.now_ms());
  clock_.heed(from_elsewhere->last_ms, setup_.now_ms());
  return *from_elsewhere;
}

/// The same that the stamp of what follows has.
std::int64_t room_state::time_of(const receipt& reply) {
  return next_stamp(0, stamp_from_elsewhere(reply)).first_ms;
}

event_batch room_state::batch_of(const author& who, event happening, const stamp* from_elsewhere) {
  event_batch batch{setup_.name, who, {}};
  batch.events.push_back(std::move(happening));
  batch.at = next_stamp(1, from_elsewhere);
  return batch;
}

publication room_state::publication_of(const author& who, receipt reply) {
  return {self_, who.from.gateway, std::move(reply)};
}

void room_state::announce(const author& who, event happening, receipt reply) {
  const auto from_elsewhere = reply.elsewhere;
  auto news = publication_of(who, std::move(reply));
  announce(news, who, std::move(happening),
           from_elsewhere && !from_elsewhere->empty() ? from_elsewhere.get() : nullptr);
  news.finish();
}

void room_state::announce(publication& news, const author& who, event happening,
                          const stamp* from_elsewhere) {
  const auto& groups = roster_.groups();
  const bool somebody_cares = std::any_of(groups.begin(), groups.end(), [](const listeners& group) {
    return group.announces_members() && !group.empty();
  });
  if (somebody_cares || setup_.archive || !setup_.peers.empty())
    tell_all(
        news,
        std::make_shared<const event_batch>(batch_of(who, std::move(happening), from_elsewhere)),
        true);
}

void room_state::tell_all(publication& news, const event_batch_ptr& batch, bool only_announcing) {
  keep(news, batch);
  tell_peers(news, batch);
  for (auto& group : roster_.groups())
    if (!group.empty() && (group.announces_members() || !only_announcing))
      news.tell(batch, group.id(), group.gateway(), roster_.audience_of(group));
}

/// What clients of this node do is told on all nodes; what others do, their own node tells. A nick
/// may be given away there: whose part has changed is told with the name of its node. Behind a kick
/// stands what it takes back: the join of whoever was put out.
void room_state::tell_peers(publication& news, const event_batch_ptr& batch) {
  if (setup_.peers.empty() || batch->who.from.is_elsewhere())
    return;
  auto told = batch;
  if (!batch->events.empty() && std::holds_alternative<modes_set>(batch->events.front())) {
    auto copy = std::make_shared<event_batch>(*batch);
    for (auto& each : std::get<modes_set>(copy->events.front()).changes)
      if (const auto* whom = is_change_of_part(each) ? roster_.find(each.parameter) : nullptr)
        each.parameter = nick_of(*whom->who.who, setup_.peers.front().here);
    told = std::move(copy);
  } else if (const auto* put_out =
                 batch->events.empty() ? nullptr : std::get_if<kicked>(&batch->events.front())) {
    auto copy = std::make_shared<event_batch>(*batch);
    roster_.for_each([&](const member& each) {
      if (each.who.from == put_out->whom.from && each.came_by.run != 0)
        copy->events.emplace_back(redacted{each.came_by, {}});
    });
    told = std::move(copy);
  }
  for (const auto& peer : setup_.peers)
    news.tell(told, peer.id, peer.actor, peer.itself);
}

/// On nodes that have heard of a kick before this one has, the client may have come back meanwhile;
/// but here, where it belongs, it is out. That is news of the client, which the node of whoever has
/// put it out needs, too: so it is no part of the kick, whose receipt goes there without a batch.
/// And nobody waits for it: nodes that put out each other's clients would wait for each other.
/// Where this comes before the kick does, it looks as if the client had left, with these words.
void room_state::tell_peers_it_is_out(const author& whom, std::string why) {
  auto news = publication_of(whom, receipt{});
  tell_peers(news,
             std::make_shared<const event_batch>(batch_of(whom, left{false, std::move(why)})));
  news.finish();
}

/// What happens here is kept for those who come later.
void room_state::keep(publication& news, const event_batch_ptr& batch) {
  if (!setup_.archive || !is_kept(*batch) || !is_news_of_a_node(*batch))
    return;
  recent_.add(batch);
  std::size_t readers = 0;
  for (const auto& group : roster_.groups())
    readers += group.size();
  news.keep(batch, setup_.archive, readers);
}

void room_state::tell_some(publication& news, const event_batch_ptr& batch, char prefix,
                           bool only_announcing) {
  for (auto& group : roster_.groups())
    if (!group.empty() && (group.announces_members() || !only_announcing))
      news.tell(batch, group.id(), group.gateway(),
                roster_.those_with(prefix, group, batch->who.from));
}

void room_state::tell_presence(const member& who, bool inside) {
  self_->send(
      setup_.directory, presence_atom::value,
      presence{caf::actor_cast<session_actor>(who.session), who.who, handle_of<room_actor>(self_),
               setup_.name, inside, who.room_operator, who.has_voice, rules_.is_secret()});
}

/// That the link to a node was made or lost is no part of the history.
bool room_state::is_news_of_a_node(const event_batch& batch) const {
  return !batch.who.from.is_elsewhere() || batch.at.run != setup_.run ||
         batch.at.room != setup_.number;
}

/// Views made before are out of date, and so is what the registry knows.
void room_state::note_change() {
  view_.reset();
  self_->send(setup_.registry, summary_atom::value, self_->ctrl()->id(),
              room_summary{setup_.name, roster_.size(), rules_.topic(), made_ms_, rules_.topic_ms(),
                           rules_.is_secret()});
}

room_view_ptr room_state::view() {
  auto result = view_.lock();
  if (!result) {
    auto made = std::make_shared<room_view>();
    made->name = setup_.name;
    made->topic = rules_.topic();
    made->topic_by = rules_.topic_by();
    made->topic_ms = rules_.topic_ms();
    made->made_ms = made_ms_;
    made->secret = rules_.is_secret();
    made->modes = rules_.modes();
    made->members.reserve(roster_.size());
    roster_.for_each([&](const member& each) {
      made->members.push_back({each.who.who, each.room_operator, each.has_voice});
    });
    result = std::move(made);
    view_ = result;
  }
  return result;
}

}  // namespace confab
