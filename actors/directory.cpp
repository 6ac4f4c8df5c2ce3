#include "actors/directory.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/publishing.hpp"

#include <memory>
#include <utility>
#include <variant>

#include <caf/all.hpp>

namespace confab {

namespace {

/// `who` under this nick.
identity_ptr with_nick(const identity_ptr& who, std::string nick) {
  if (who->nick == nick)
    return who;
  auto result = std::make_shared<identity>(*who);
  result->nick = std::move(nick);
  return result;
}

/// Whether the client is no more after this.
bool ends(const fan_out& news) {
  if (!news.leaves || !news.happening)
    return news.leaves;
  const auto* departure = std::get_if<left>(&*news.happening);
  return departure != nullptr && departure->quits;
}

bool concerns_watchers(const event& happening) {
  return std::holds_alternative<away_set>(happening) ||
         std::holds_alternative<real_name_set>(happening);
}

}  // namespace

directory_state::directory_state(self_pointer<directory_actor> self, directory_limits limits,
                                 registry_actor registry, wall_clock now_ms)
    : self_(self),
      registry_(std::move(registry)),
      now_ms_(now_ms),
      clock_(static_cast<std::uint64_t>(now_ms()), 0),
      clients_(limits.invitations_each_max),
      watches_(limits.watched_nicks_each_max),
      whowas_(limits.whowas_entries_max) {}

void directory_state::claim(nick_claim wanted) {
  if (auto* client = clients_.find(wanted.wanted.from))
    rename(*client, wanted);
  else
    log_in(wanted);
}

void directory_state::settle(fan_out news) {
  auto* client = clients_.find(news.who.from);
  if (client == nullptr || ends(news)) {
    if (!ends(news))
      return respond(std::move(news.reply));
    const auto* departure = news.happening ? std::get_if<left>(&*news.happening) : nullptr;
    return take_leave(news.who.from, departure != nullptr ? departure->reason : std::string{},
                      std::move(news.reply));
  }
  if (news.who.who)
    adopt(*client, news);
  announce(*client, news);
}

void directory_state::forget(const client_id& whom) {
  if (const auto* client = clients_.find(whom))
    for (const auto& part : client->parts)
      take_out(part.room->room, client->session, client->who);
  take_leave(whom, "Connection lost", {});
}

/// Whoever failed while it went from room to room comes into the new one all the same.
void directory_state::note(const presence& news) {
  if (!clients_.note(news) && news.inside && news.session)
    take_out(news.where, news.session, news.who);
}

/// Each room by itself, not one after the other: some may have ended.
void directory_state::take_out(const room_actor& room, session_actor session, author who) {
  fan_out news;
  news.session = std::move(session);
  news.who = std::move(who);
  news.happening = left{true, "Connection lost"};
  news.leaves = true;
  news.tells = true;
  self_->send(room, fan_atom::value, std::move(news));
}

void directory_state::touch(const client_id& whom) {
  if (auto* client = clients_.find(whom))
    client->active_ms = now_ms_();
}

void directory_state::close() {
  clients_.clear();
  killers_.clear();
  registry_ = nullptr;
}

void directory_state::log_in(nick_claim& wanted) {
  auto nick = wanted.wanted.who->nick;
  const auto id = wanted.wanted.from;
  if (wanted.numbered)
    nick = nicks_.claim_numbered(nick, id);
  else if (id.is_elsewhere())
    nick = settle_collision(wanted);
  else if (!nicks_.claim(nick, id))
    return self_->send(wanted.session, refuse_atom::value, refusal::nick_in_use);
  const auto now_ms = now_ms_();
  auto& client = clients_.add({.session = wanted.session,
                               .gateway = std::move(wanted.gateway),
                               .who = {with_nick(wanted.wanted.who, std::move(nick)), id},
                               .login_ms = id.is_elsewhere() ? wanted.since_ms : now_ms,
                               .active_ms = now_ms,
                               .nick_since_ms = id.is_elsewhere() ? wanted.since_ms : now_ms});
  if (id.is_elsewhere())
    wish(client, wanted.wanted.who->nick);
  tell_peers_of_new(client);
  // First those who watch: behind the same gateway they know of the client before itself does.
  tell_watchers(client.who.who->nick, online_answer{{client.who.who}});
  self_->send(wanted.session, named_atom::value, client.who.who, view().counts());
}

void directory_state::rename(known_client& client, nick_claim& wanted) {
  auto nick = wanted.wanted.who->nick;
  const auto id = client.who.from;
  const auto& current = client.who.who->nick;
  if (wanted.numbered)
    nick = nicks_.is_numbered(current, nick, id) ? current : nicks_.claim_numbered(nick, id);
  else if (id.is_elsewhere())
    nick = settle_collision(wanted);
  else if (!nicks_.claim(nick, id))
    return self_->send(wanted.session, refuse_atom::value, refusal::nick_in_use);
  const auto& reserved = client.reserved_nick;
  if (!reserved.empty() && !same_name(reserved, nick) && !same_name(reserved, current))
    release_nick(reserved, id);
  client.reserved_nick = nick;
  if (id.is_elsewhere()) {
    client.nick_since_ms = wanted.since_ms;
    wish(client, wanted.wanted.who->nick);
  }
  self_->send(wanted.session, named_atom::value, with_nick(wanted.wanted.who, std::move(nick)),
              clients_.counts());
}

/// The client is seen as what the news say, by everybody.
void directory_state::adopt(known_client& client, const fan_out& news) {
  const auto before = client.who.who;
  const auto& now = news.who.who;
  clients_.set_identity(client, now);
  if (same_name(client.reserved_nick, now->nick))
    client.reserved_nick.clear();
  if (same_name(before->nick, now->nick))
    return;
  nicks_.claim(now->nick, client.who.from);
  if (!client.who.from.is_elsewhere())
    client.nick_since_ms = now_ms_();
  release_nick(before->nick, client.who.from);
  whowas_.add(before);
  tell_watchers(before->nick, offline_answer{{before->nick}});
  tell_watchers(now->nick, online_answer{{now}});
}

/// Tells those who watch the client, itself if it is in no room, and then who asked; if nobody did,
/// the session, which goes on then.
void directory_state::announce(const known_client& client, fan_out& news) {
  const auto& id = client.who.from;
  const bool tells_itself =
      news.happening && !std::holds_alternative<left>(*news.happening) && !news.told.contains(id);
  const bool is_unasked = news.reply.next == next_step::nothing && !id.is_elsewhere();
  publication told{self_, id.gateway, std::move(news.reply)};
  if (news.happening) {
    event_batch batch{{}, client.who, {*news.happening}, audience_kind::watchers};
    const auto* change = std::get_if<renamed>(&*news.happening);
    if (!peers_.empty() && !id.is_elsewhere() && change != nullptr &&
        !same_name(change->before->nick, client.who.who->nick)) {
      // All nodes have to know the same time: the one that they are told.
      batch.at = clock_.next(1, now_ms_());
      clients_.find(id)->nick_since_ms = batch.at.first_ms;
    }
    tell_peers(told, std::move(batch));
  } else {
    tell_peers_silently(told, client);
  }
  if (news.happening && concerns_watchers(*news.happening)) {
    audiences watchers;
    for (const auto& watcher : watches_.watchers_of(client.who.who->nick))
      if (const auto* found = clients_.find(watcher); found != nullptr && watcher != id)
        watchers.add(watcher, found->gateway);
    auto batch = stamped({{}, client.who, {*news.happening}, audience_kind::watchers});
    std::move(watchers).tell(told, batch, &news.told);
  }
  if (tells_itself)
    told.tell(stamped({{}, client.who, {*std::move(news.happening)}, audience_kind::client}),
              id.gateway, client.gateway,
              std::make_shared<const audience>(audience{id.connection}));
  told.finish();
  if (is_unasked)
    self_->send(client.session, continue_atom::value, batch_bytes{1});
}

/// `reply` takes effect when all nodes know that it is gone.
void directory_state::take_leave(const client_id& whom, const std::string& reason, receipt reply) {
  publication told{self_, whom.gateway, std::move(reply)};
  watches_.clear(whom);
  killers_.erase(whom);
  if (const auto* client = clients_.find(whom)) {
    const auto who = client->who.who;
    const auto reserved = client->reserved_nick;
    if (whom.is_elsewhere())
      std::erase_if(wishes_, [&](const auto& each) { return each.second == whom; });
    tell_peers(told, {{}, client->who, {left{true, reason}}, audience_kind::watchers});
    whowas_.add(who);
    clients_.remove(whom);
    release_nick(who->nick, whom);
    release_nick(reserved, whom);
    tell_watchers(who->nick, offline_answer{{who->nick}});
  }
  clients_.remove(whom);  // It may never have logged in.
  told.finish();
  release_killers(whom);
}

/// Server operators who wait for the end of the client go on.
void directory_state::release_killers(const client_id& victim) {
  for (auto next = killers_.begin(); next != killers_.end();)
    if (next->second.victim == victim) {
      respond(std::move(next->second.reply));
      next = killers_.erase(next);
    } else {
      ++next;
    }
}

void directory_state::tell_watchers(std::string_view nick, const answer_part& news) {
  const auto& watchers = watches_.watchers_of(nick);
  if (watchers.empty())
    return;
  const auto told = answer_of(news);
  for (const auto& id : watchers) {
    const auto* watcher = clients_.find(id);
    if (watcher == nullptr || !watcher->watches_as)
      continue;
    auto worded = std::make_shared<asking>(*watcher->watches_as);
    worded->nick = watcher->who.who->nick;
    receipt reply;
    reply.gateway = watcher->gateway;
    reply.connection = id.connection;
    reply.next = next_step::nothing;
    reply.asked = std::move(worded);
    reply.answer = told;
    respond(std::move(reply));
  }
}

known_client* directory_state::find_client(std::string_view nick) {
  const auto* id = nicks_.find(nick);
  return id != nullptr ? clients_.find(*id) : nullptr;
}

event_batch_ptr directory_state::stamped(event_batch batch) {
  if (batch.at.empty())
    batch.at = clock_.next(batch.events.size(), now_ms_());
  return std::make_shared<const event_batch>(std::move(batch));
}

void directory_state::respond(receipt reply, answer_ptr told) {
  if (told)
    reply.answer = std::move(told);
  send_receipt(self_, std::move(reply));
}

}  // namespace confab
