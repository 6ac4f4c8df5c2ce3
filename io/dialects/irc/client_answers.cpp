#include "io/dialects/irc/client_answers.hpp"

#include "io/dialects/irc/member_prefix.hpp"
#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/room_answers.hpp"
#include "io/dialects/irc/whox.hpp"
#include "io/dialects/irc/word_lines.hpp"

#include <algorithm>
#include <string>

namespace confab::irc {
namespace {

void append_user(numeric number, const identity& who, const reply& to) {
  to.line(number).middle(who.nick).middle(who.user).middle(who.host).middle("*").trailing(
      who.real_name);
}

void append_server(const identity& who, const reply& to) {
  to.line(numeric::RPL_WHOISSERVER)
      .middle(who.nick)
      .middle(who.node.empty() ? to.shared.server_name : who.node)
      .trailing(to.shared.network);
}

/// A room of a client's, as the directory has it: with the highest prefix that the client has there
/// in front, if any.
struct prefixed_room {
  std::string_view prefix;
  std::string_view room;
};

prefixed_room split_prefix(std::string_view room) {
  const std::size_t bytes =
      room.size() > 1 && member_prefixes.find(room.front()) != std::string_view::npos ? 1 : 0;
  return {room.substr(0, bytes), room.substr(bytes)};
}

void append_channels(const client_view& client, const reply& to) {
  auto front = to.front("319");
  front.append(" ").append(client.who->nick).append(" :");
  word_lines lines{to.out, std::move(front), ' '};
  for (const auto& each : client.rooms) {
    const auto [prefix, room] = split_prefix(each);
    if (const auto channel = channel_of_room(room))
      lines.add(prefix, *channel);
  }
}

void append_idle(const client_view& client, const reply& to) {
  to.line(numeric::RPL_WHOISIDLE)
      .middle(client.who->nick)
      .number(seconds_of(to.shared.now_ms() - client.active_ms))
      .number(seconds_of(client.login_ms))
      .trailing("seconds idle, signon time");
}

std::string userhost_of(const identity& who) {
  auto result = who.nick;
  if (who.server_operator)
    result += '*';
  result += who.away.empty() ? "=+" : "=-";
  return result.append(who.user).append("@").append(who.host);
}

// One line with as many of the words as it can hold: none of them is cut.
template <class Word>
void append_in_line(numeric number, const present_answer& answer, const reply& to, Word word) {
  auto rest = text_bytes_that_fit(to.shared.server_name, "303", to.asked.nick);
  std::string words;
  for (const auto& who : answer.clients) {
    const std::string next = word(*who);
    const auto bytes = next.size() + (words.empty() ? 0 : 1);
    if (bytes > rest)
      break;
    rest -= bytes;
    if (!words.empty())
      words += ' ';
    words += next;
  }
  to.line(number).trailing(words);
}

std::string monitor_front(std::string_view digits, const reply& to) {
  return to.front(digits).append(" :");
}

}  // namespace

void append_whois(const whois_answer& answer, const reply& to) {
  const auto& who = *answer.client.who;
  append_user(numeric::RPL_WHOISUSER, who, to);
  append_channels(answer.client, to);
  append_server(who, to);
  if (!who.away.empty())
    to.line(numeric::RPL_AWAY).middle(who.nick).trailing(who.away);
  if (who.server_operator)
    to.line(numeric::RPL_WHOISOPERATOR).middle(who.nick).trailing("is a server operator");
  if (!who.account.empty())
    to.line(numeric::RPL_WHOISACCOUNT)
        .middle(who.nick)
        .middle(who.account)
        .trailing("is logged in as");
  if (who.bot)
    to.line(numeric::RPL_WHOISBOT).middle(who.nick).trailing("is a bot");
  append_idle(answer.client, to);
  append_end_of_whois(to);
}

void append_end_of_whois(const reply& to) {
  to.line(numeric::RPL_ENDOFWHOIS).middle(to.asked.subject).trailing("End of /WHOIS list");
}

void append_whowas(const whowas_answer& answer, const reply& to) {
  if (answer.clients.empty()) {
    append_no_whowas(to);
    return;
  }
  for (const auto& who : answer.clients) {
    append_user(numeric::RPL_WHOWASUSER, who, to);
    append_server(who, to);
  }
  to.line(numeric::RPL_ENDOFWHOWAS).middle(to.asked.subject).trailing("End of WHOWAS");
}

void append_no_whowas(const reply& to) {
  to.line(numeric::ERR_WASNOSUCHNICK)
      .middle(to.asked.subject)
      .trailing("There was no such nickname");
  to.line(numeric::RPL_ENDOFWHOWAS).middle(to.asked.subject).trailing("End of WHOWAS");
}

void append_present(const present_answer& answer, const reply& to) {
  if (to.asked.verb == "ISON")
    append_in_line(numeric::RPL_ISON, answer, to, [](const identity& who) { return who.nick; });
  else
    append_in_line(numeric::RPL_USERHOST, answer, to, userhost_of);
}

void append_who(const who_answer& answer, const reply& to) {
  const who_writer rows{to};
  const bool all_prefixes = to.reads(capability::multi_prefix);
  for (const auto& row : answer.rows)
    if (const auto channel = channel_of_room(row.room))
      rows.write({*row.who, *channel, prefixes_of(row.part, all_prefixes)});
    else
      rows.write({*row.who, {}, {}});
  append_end_of_who(to);
}

void append_invitations(const invitations_answer& answer, const reply& to) {
  for (const auto& room : answer.rooms)
    if (const auto channel = channel_of_room(room))
      to.line(numeric::RPL_INVITELIST).middle(*channel).end();
  to.line(numeric::RPL_ENDOFINVITELIST).trailing("End of /INVITE list");
}

void append_invited(const invited_answer& answer, const reply& to) {
  if (const auto channel = channel_of_room(answer.room))
    to.line(numeric::RPL_INVITING).middle(answer.nick).middle(*channel).end();
}

void append_away(const away_answer& answer, const reply& to) {
  to.line(numeric::RPL_AWAY).middle(answer.who->nick).trailing(answer.who->away);
}

void append_online(const online_answer& answer, const reply& to) {
  word_lines lines{to.out, monitor_front("730", to), ','};
  for (const auto& who : answer.clients)
    lines.add({}, hostmask(*who));
}

void append_offline(const offline_answer& answer, const reply& to) {
  word_lines lines{to.out, monitor_front("731", to), ','};
  for (const auto& nick : answer.nicks)
    lines.add({}, nick);
}

void append_watched(const watched_answer& answer, const reply& to) {
  {
    word_lines lines{to.out, monitor_front("732", to), ','};
    for (const auto& nick : answer.nicks)
      lines.add({}, nick);
  }
  to.line(numeric::RPL_ENDOFMONLIST).trailing("End of MONITOR list");
}

}  // namespace confab::irc
