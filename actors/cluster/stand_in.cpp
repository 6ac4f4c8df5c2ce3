#include "actors/cluster/stand_in.hpp"

#include "actors/fan_out.hpp"
#include "actors/model/case_mapping.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

std::shared_ptr<const stamp> decided_elsewhere(const stamp& at) {
  return std::make_shared<const stamp>(at);
}

/// What the rooms of the client are told of a change.
std::optional<event> happening_of(const client_changed& change, const identity_ptr& before) {
  switch (change.told) {
    case client_changed::news::renamed:
      return renamed{before};
    case client_changed::news::away:
      return away_set{};
    case client_changed::news::real_name:
      return real_name_set{};
    case client_changed::news::nothing:
      break;
  }
  return std::nullopt;
}

/// What a room looks like there in which somebody has come: as it was made, if it was made by that.
/// One that was there before is of no age that is known here.
room_record_ptr room_there(const room_news& what, const joined& came) {
  auto result = std::make_shared<room_record>();
  result->room = what.room;
  result->made_ms =
      came.makes_operator ? what.at.first_ms : std::numeric_limits<std::int64_t>::max();
  result->stays_when_vacant = came.keeps_room;
  result->modes.push_back({true, 'n', {}});
  if (came.protects_topic)
    result->modes.push_back({true, 't', {}});
  return result;
}

bool has_mode(const std::vector<mode_change>& modes, char letter) {
  return std::any_of(modes.begin(), modes.end(),
                     [&](const mode_change& each) { return each.letter == letter; });
}

}  // namespace

stand_in_state::stand_in_state(self_pointer<stand_in_actor> self, stand_in_setup setup)
    : self_(self), setup_(std::move(setup)) {}

// -- one after the other ------------------------------------------------------

void stand_in_state::relay(stand_in_task task) {
  tasks_.push_back(std::move(task));
  proceed();
}

void stand_in_state::proceed() {
  while (!busy_) {
    if (tasks_.empty())
      return;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    ticket_ = task.ticket;
    std::visit([this](auto& what) { perform(what); }, task.what);
  }
}

void stand_in_state::resume() {
  telling_ = false;
  for (const auto& room : std::exchange(left_while_telling_, {}))
    self_->send(room, kicked_atom::value, as_session());
  busy_ = false;
  proceed();
}

/// Nothing in a room or in the directory is to be waited for.
void stand_in_state::finish_task() {
  self_->send(setup_.peer, reply_atom::value, ticket({}));
}

receipt stand_in_state::ticket(const stamp& at, next_step next) const {
  receipt result;
  result.gateway = setup_.peer;
  result.connection = ticket_;
  result.next = next;
  result.elsewhere = decided_elsewhere(at);
  return result;
}

/// For rooms and the directory, which know it as a session.
session_actor stand_in_state::as_session() const {
  return caf::actor_cast<session_actor>(self_.get());
}

// -- who it is ----------------------------------------------------------------

void stand_in_state::perform(client_came& what) {
  there_ = std::move(what.who);
  since_ms_ = what.since_ms;
  claim();
}

/// As the client is known on its own node, if nobody has that nick here.
void stand_in_state::claim() {
  busy_ = true;
  nick_claim wish;
  wish.session = as_session();
  wish.gateway = setup_.peer;
  wish.wanted = {std::make_shared<const identity>(there_), setup_.id};
  wish.since_ms = since_ms_;
  self_->send(setup_.directory, claim_atom::value, std::move(wish));
}

void stand_in_state::be_named(identity_ptr who) {
  if (!who_) {
    who_ = std::move(who);
    finish_task();
    return resume();
  }
  const auto before = who_;
  auto happening = std::exchange(told_when_named_, std::nullopt);
  if (before->nick != who->nick)
    happening = renamed{before};
  else if (happening && std::holds_alternative<renamed>(*happening))
    happening.reset();  // It had this nick here before it had it there.
  change_identity(std::move(who), std::move(happening));
}

void stand_in_state::ask_for_nick() {
  self_->send(setup_.peer, login_atom::value, setup_.id.connection, who_);
}

void stand_in_state::perform(client_changed& what) {
  is_own_doing_ = true;
  const bool has_new_nick = what.who.nick != there_.nick;
  if (!same_name(what.who.nick, there_.nick))
    since_ms_ = what.since_ms;
  there_ = std::move(what.who);
  if (has_new_nick) {
    told_when_named_ = happening_of(what, who_);
    return claim();
  }
  auto now = std::make_shared<identity>(there_);
  now->nick = who_->nick;
  change_identity(std::move(now), happening_of(what, who_));
}

void stand_in_state::change_identity(identity_ptr now, std::optional<event> happening) {
  who_ = std::move(now);
  busy_ = true;
  telling_ = true;
  send_fan_out(std::move(happening), false, next_step::continue_requests);
}

void stand_in_state::perform(client_went& what) {
  is_own_doing_ = true;
  busy_ = true;  // Nothing comes after that.
  send_fan_out(left{true, std::move(what.reason)}, true, next_step::hang_up);
  self_->quit();
}

/// With the stamps that have come for it. A link may be lost between these and the news of the
/// client that they belong to: then what is told next is something else, and of this node alone.
void stand_in_state::send_fan_out(std::optional<event> happening, bool leaves, next_step next) {
  fan_out news;
  news.session = as_session();
  news.who = itself();
  news.happening = std::move(happening);
  news.leaves = leaves;
  const bool has_stamps = is_own_doing_ && stamps_leave_ == leaves;
  for (const auto& name : rooms_.names()) {
    const auto found = stamps_.find(name);
    news.stamps.push_back(has_stamps && found != stamps_.end() ? found->second : stamp{});
  }
  std::reverse(news.stamps.begin(), news.stamps.end());  // As `all` and `take_all` do.
  if (is_own_doing_)
    stamps_.clear();
  news.rooms = leaves ? rooms_.take_all() : rooms_.all();
  news.tells = news.rooms.size() <= 1;
  news.reply = ticket({}, next);
  pass_on(self_, setup_.directory, std::move(news));
}

// -- rooms --------------------------------------------------------------------

void stand_in_state::perform(const found_in_room& what) {
  join_request wish{};
  wish.room = what.room->room;
  wish.protects_topic = has_mode(what.room->modes, 't');
  wish.member.keeps_room = what.room->stays_when_vacant;
  wish.member.room_operator = what.room_operator;
  wish.member.has_voice = what.has_voice;
  wish.member.room_there = what.room;
  wish.member.reply = ticket({});
  join(std::move(wish));
}

void stand_in_state::perform(room_news& what, const joined& came) {
  join_request wish{};
  wish.room = what.room;
  wish.protects_topic = came.protects_topic;
  wish.member.keeps_room = came.keeps_room;
  wish.member.room_operator = came.makes_operator;
  wish.member.room_there = room_there(what, came);
  wish.member.reply = ticket(what.at);
  join(std::move(wish));
}

void stand_in_state::join(join_request wish) {
  if (rooms_.contains(wish.room))
    return finish_task();
  busy_ = true;
  wish.mode = join_mode::open_or_make;
  wish.member.session = as_session();
  wish.member.who = itself();
  self_->send(setup_.registry, join_atom::value, std::move(wish));
}

void stand_in_state::enter(joined_room to) {
  rooms_.add(std::move(to.name), std::move(to.room));
  resume();
}

void stand_in_state::refuse() {
  finish_task();
  resume();
}

void stand_in_state::refuse_texts(receipt unused) {
  self_->send(setup_.peer, reply_atom::value, std::move(unused));
}

void stand_in_state::be_kicked(const caf::actor_addr& room) {
  auto left_room = rooms_.take(room);
  if (!left_room)
    return;
  if (telling_)
    left_while_telling_.push_back(std::move(left_room));
  else
    self_->send(left_room, kicked_atom::value, as_session());
}

void stand_in_state::be_killed(const std::string& words) {
  self_->send(setup_.peer, offence_atom::value, setup_.id.connection, words);
}

/// Texts travel together; everything else is the only event of its news, but for what stands behind
/// a kick.
void stand_in_state::perform(room_news& what) {
  if (what.events.empty() || std::holds_alternative<said>(what.events.front()))
    return say(what);
  auto happening = std::move(what.events.front());
  std::visit(
      [&](auto& each) {
        using kind = std::decay_t<decltype(each)>;
        if constexpr (std::is_same_v<kind, renamed> || std::is_same_v<kind, away_set> ||
                      std::is_same_v<kind, real_name_set>)
          note_stamp(what, false);
        else if constexpr (std::is_same_v<kind, said> || std::is_same_v<kind, wall>)
          finish_task();
        else
          perform(what, each);
      },
      happening);
}

/// What concerns all rooms comes once for each of them, and then as news of the client.
void stand_in_state::note_stamp(const room_news& what, bool leaves) {
  if (std::exchange(stamps_leave_, leaves) != leaves)
    stamps_.clear();
  if (rooms_.contains(what.room))
    stamps_[what.room] = what.at;
  finish_task();
}

void stand_in_state::perform(room_news& what, left& went) {
  if (went.quits)
    return note_stamp(what, true);
  if (auto room = rooms_.take(what.room))
    self_->send(room, leave_atom::value, as_session(), std::move(went.reason), ticket(what.at));
  else
    finish_task();
}

void stand_in_state::say(room_news& what) {
  event_batch batch;
  batch.room = std::move(what.room);
  batch.who = itself();
  batch.events = std::move(what.events);
  batch.to_prefix = what.to_prefix;
  auto reply = ticket(what.at);
  if (batch.events.empty())
    return finish_task();
  if (const auto* room = rooms_.find(batch.room))
    self_->send(room->room, say_atom::value, as_session(), std::move(batch), std::move(reply));
  else
    self_->send(setup_.registry, say_atom::value, as_session(), std::move(batch), std::move(reply));
}

void stand_in_state::perform(private_news& what) {
  if (!what.events.empty())
    if (auto* words = std::get_if<wall>(&what.events.front()))
      return say_to_all(std::move(words->text), what.at);
  event_batch batch;
  batch.who = itself();
  batch.events = std::move(what.events);
  batch.to = audience_kind::client;
  batch.to_nick = std::move(what.to_nick);
  batch.at = what.at;
  self_->send(setup_.directory, say_atom::value, as_session(), std::move(batch), ticket(what.at));
}

/// A server operator speaks to all who want to hear that.
void stand_in_state::say_to_all(std::string text, const stamp& at) {
  client_request wish;
  wish.session = as_session();
  wish.who = itself();
  wish.what = client_wish{::confab::say_to_all{std::move(text)}};
  wish.reply = ticket(at);
  self_->send(setup_.directory, request_atom::value, std::move(wish));
}

void stand_in_state::ask_room(room_news& what, room_wish wish, author whom,
                              const message_id& stay) {
  room_request request;
  request.stay = stay;
  request.invitee = std::move(whom);
  request.session = as_session();
  request.who = itself();
  request.room = what.room;
  request.what = std::move(wish);
  request.reply = ticket(what.at);
  if (const auto* room = rooms_.find(what.room))
    self_->send(room->room, request_atom::value, std::move(request));
  else
    self_->send(setup_.registry, request_atom::value, std::move(request));
}

void stand_in_state::perform(room_news& what, kicked& put_out) {
  // It may have another nick here: the room finds it by its node, too. Which of its stays is meant
  // stands behind the kick; nodes of older releases say nothing of that.
  const auto* join = what.events.size() > 1 ? std::get_if<redacted>(&what.events[1]) : nullptr;
  ask_room(what, kick{what.room, put_out.whom.who->nick, std::move(put_out.reason)}, put_out.whom,
           join != nullptr ? join->which : message_id{});
}

void stand_in_state::perform(room_news& what, topic_set& set) {
  ask_room(what, set_topic{what.room, std::move(set.topic)});
}

void stand_in_state::perform(room_news& what, modes_set& set) {
  ask_room(what, change_modes{what.room, std::move(set.changes)});
}

void stand_in_state::perform(room_news& what, redacted& text) {
  ask_room(what, redact{what.room, text.which, std::move(text.reason)});
}

/// The directory knows who is invited.
void stand_in_state::perform(room_news& what, const invited& whom) {
  room_request request;
  request.session = as_session();
  request.who = itself();
  request.room = what.room;
  request.what = invite{whom.nick, what.room};
  request.reply = ticket(what.at);
  client_request wish;
  wish.session = request.session;
  wish.who = request.who;
  wish.what = std::move(request);
  self_->send(setup_.directory, request_atom::value, std::move(wish));
}

}  // namespace confab
