// What the directory does for its clients, beside keeping their nicks.

#include "actors/directory.hpp"
#include "actors/publishing.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <variant>

#include <caf/all.hpp>

namespace confab {

namespace {

answer_ptr shared(answer parts) {
  return parts.empty() ? nullptr : std::make_shared<const answer>(std::move(parts));
}

bool holds_message(const event_batch& texts) {
  return std::any_of(texts.events.begin(), texts.events.end(), [](const event& each) {
    const auto* text = std::get_if<said>(&each);
    return text != nullptr && text->kind == text_kind::message;
  });
}

/// How a watcher is told of nicks later on, when nobody asks: as it asked, but for what that one
/// request was about.
asking_ptr without_subject(const asking& asked) {
  auto result = std::make_shared<asking>();
  result->reader = asked.reader;
  result->verb = asked.verb;
  return result;
}

}  // namespace

void directory_state::say(event_batch texts, receipt reply) {
  auto* author = clients_.find(texts.who.from);
  if (author != nullptr)
    author->active_ms = now_ms_();
  const auto* target = find_client(texts.to_nick);
  if (auto refused = answer_text(texts, target))
    return respond(std::move(reply), std::move(refused));
  if (!target->who.who->away.empty() && holds_message(texts))
    reply.answer = answer_of(away_answer{target->who.who});
  deliver(std::move(texts), *target, std::move(reply));
}

/// Why the texts do not reach the target; null: they do.
answer_ptr directory_state::answer_text(const event_batch& texts,
                                        const known_client* target) const {
  if (target == nullptr)
    return refusal_of(refusal::no_such_nick, texts.to_nick);
  if (!texts.who.who || target->who.dialect() != texts.who.dialect())
    return refusal_of(refusal::takes_no_messages, texts.to_nick);
  return nullptr;
}

void directory_state::deliver(event_batch texts, const known_client& target, receipt reply) {
  const auto from = texts.who.from;
  audiences readers;
  readers.add(target.who.from, target.gateway);
  if (const auto* author = clients_.find(from); author != nullptr && author != &target)
    readers.add(from, author->gateway);
  texts.to_nick = target.who.who->nick;
  texts.to = audience_kind::client;
  publication told{self_, from.gateway, std::move(reply)};
  std::move(readers).tell(told, stamped(std::move(texts)));
  told.finish();
}

void directory_state::request(client_request wanted) {
  if (auto* invitation = std::get_if<room_request>(&wanted.what))
    return pass_on(wanted, *invitation);
  const auto wish = std::move(std::get<client_wish>(wanted.what));
  std::visit([&](const auto& which) { carry_out(wanted, which); }, wish);
}

void directory_state::carry_out(client_request& from, const ask_directory& question) {
  respond(std::move(from.reply), answer_question(view(), clients_.find(from.who.from), question));
}

void directory_state::carry_out(client_request& from, const watch& wish) {
  auto* watcher = clients_.find(from.who.from);
  if (watcher == nullptr)
    return respond(std::move(from.reply));
  const auto& id = watcher->who.from;
  answer_ptr told;
  switch (wish.what) {
    case watch::action::add:
      if (from.reply.asked)
        watcher->watches_as = without_subject(*from.reply.asked);
      told = add_watches(*watcher, wish.nicks);
      break;
    case watch::action::remove:
      for (const auto& nick : wish.nicks)
        watches_.remove(id, nick);
      break;
    case watch::action::clear:
      watches_.clear(id);
      break;
    case watch::action::list:
      told = answer_of(watched_answer{watches_.watched_by(id)});
      break;
    case watch::action::status:
      told = shared(describe_watched(view(), watches_.watched_by(id)));
      break;
  }
  respond(std::move(from.reply), std::move(told));
}

answer_ptr directory_state::add_watches(const known_client& watcher,
                                        const std::vector<std::string>& nicks) {
  std::vector<std::string> added;
  std::string refused_nicks;
  for (const auto& nick : nicks) {
    if (watches_.add(watcher.who.from, nick))
      added.push_back(nick);
    else
      refused_nicks += (refused_nicks.empty() ? "" : ",") + nick;
  }
  auto result = describe_watched(view(), added);
  if (!refused_nicks.empty())
    result.emplace_back(outcome{refused{refusal::watch_list_full, std::move(refused_nicks)}});
  return shared(std::move(result));
}

void directory_state::carry_out(client_request& from, const kill& wish) {
  const auto* killer = clients_.find(from.who.from);
  if (killer == nullptr || !killer->who.who->server_operator)
    return respond(std::move(from.reply), refusal_of(refusal::not_server_operator, wish.nick));
  const auto* victim = find_client(wish.nick);
  if (victim == nullptr)
    return respond(std::move(from.reply), refusal_of(refusal::no_such_nick, wish.nick));
  const auto reason = wish.reason.empty() ? "no reason" : wish.reason;
  self_->send(victim->session, killed_atom::value,
              "Killed (" + killer->who.who->nick + " (" + reason + "))");
  auto& waiting = killers_[killer->who.from];
  respond(std::move(waiting.reply));  // Of an earlier wish, if it still waits.
  waiting = {victim->who.from, std::move(from.reply)};
}

void directory_state::carry_out(client_request& from, const say_to_all& wish) {
  const auto* speaker = clients_.find(from.who.from);
  const bool is_decided = from.reply.elsewhere != nullptr;
  if (speaker == nullptr || (!is_decided && !speaker->who.who->server_operator))
    return respond(std::move(from.reply), refusal_of(refusal::not_server_operator, {}));
  audiences readers;
  for (const auto& [id, client] : clients_.all())
    if (client.who.who->hears_wallops && !id.is_elsewhere())
      readers.add(id, client.gateway);
  event_batch words{{}, speaker->who, {wall{wish.text}}, audience_kind::client};
  if (const auto* at = stamp_from_elsewhere(from.reply))
    words.at = *at;
  const auto all_words = stamped(std::move(words));
  publication told{self_, speaker->who.from.gateway, std::move(from.reply)};
  std::move(readers).tell(told, all_words);
  tell_peers(told, *all_words);
  told.finish();
}

/// The directory knows who is invited; the room knows whether that is allowed, and answers. It says
/// so here, too: what it refuses is not remembered.
void directory_state::pass_on(client_request& from, room_request& invitation) {
  if (!invitation.reply.gateway)
    invitation.reply = std::move(from.reply);
  if (!invitation.session)
    invitation.session = std::move(from.session);
  if (!invitation.who.who)
    invitation.who = from.who;
  if (const auto* wish = std::get_if<invite>(&invitation.what)) {
    const auto* invited = find_client(wish->nick);
    if (invited == nullptr)
      return respond(std::move(invitation.reply), refusal_of(refusal::no_such_nick, wish->nick));
    invitation.invitee = invited->who;
    invitation.invitee_gateway = invited->gateway;
  }
  if (const auto* wish = std::get_if<change_modes>(&invitation.what))
    for (const auto& each : wish->changes)
      if (is_change_of_part(each) && find_client(each.parameter) == nullptr)
        invitation.unknown_nicks.push_back(each.parameter);
  self_->send(registry_, request_atom::value, std::move(invitation));
}

}  // namespace confab
