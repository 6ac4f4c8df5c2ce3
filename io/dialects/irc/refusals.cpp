#include "io/dialects/irc/refusals.hpp"

#include "io/dialects/irc/client_answers.hpp"
#include "io/dialects/irc/closing.hpp"
#include "io/dialects/irc/history_answers.hpp"
#include "io/dialects/irc/room_answers.hpp"
#include "io/dialects/irc/server_facts.hpp"

#include <algorithm>
#include <optional>

namespace confab::irc {
namespace {

/// What the parameters of an error are, behind the client's own nick.
enum class about { nothing, channel, nick, nick_and_channel };

struct error_row {
  refusal why;
  numeric number;
  about parameters;
  std::string_view text;
};

constexpr error_row errors[] = {
    {refusal::not_in_room, numeric::ERR_NOTONCHANNEL, about::channel, "You're not on that channel"},
    {refusal::no_such_room, numeric::ERR_NOSUCHCHANNEL, about::channel, "No such channel"},
    {refusal::too_many_rooms, numeric::ERR_UNAVAILRESOURCE, about::channel,
     "The server has too many channels"},
    {refusal::name_too_long, numeric::ERR_BADCHANNAME, about::channel, "Illegal channel name"},
    {refusal::in_too_many_rooms, numeric::ERR_TOOMANYCHANNELS, about::channel,
     "You have joined too many channels"},
    {refusal::wrong_key, numeric::ERR_BADCHANNELKEY, about::channel, "Cannot join channel (+k)"},
    {refusal::invite_only, numeric::ERR_INVITEONLYCHAN, about::channel, "Cannot join channel (+i)"},
    {refusal::banned, numeric::ERR_BANNEDFROMCHAN, about::channel, "Cannot join channel (+b)"},
    {refusal::room_full, numeric::ERR_CHANNELISFULL, about::channel, "Cannot join channel (+l)"},
    {refusal::may_not_speak, numeric::ERR_CANNOTSENDTOCHAN, about::channel,
     "Cannot send to channel"},
    {refusal::not_room_operator, numeric::ERR_CHANOPRIVSNEEDED, about::channel,
     "You're not channel operator"},
    {refusal::not_server_operator, numeric::ERR_NOPRIVILEGES, about::nothing,
     "Permission denied: you're not a server operator"},
    {refusal::wrong_password, numeric::ERR_PASSWDMISMATCH, about::nothing, "Password incorrect"},
    {refusal::nick_in_use, numeric::ERR_NICKNAMEINUSE, about::nick, "Nickname is already in use"},
    {refusal::no_such_nick, numeric::ERR_NOSUCHNICK, about::nick, "No such nick/channel"},
    {refusal::not_a_member, numeric::ERR_USERNOTINCHANNEL, about::nick_and_channel,
     "They aren't on that channel"},
    {refusal::is_a_member, numeric::ERR_USERONCHANNEL, about::nick_and_channel,
     "is already on channel"},
    {refusal::takes_no_messages, numeric::ERR_CANTSENDTOUSER, about::nick,
     "This user takes no private messages"},
};

// The channel that the command was about, as the client wrote it.
std::string_view channel_in(const asking& asked) {
  return asked.verb == "INVITE" ? asked.detail : asked.subject;
}

// The nick that the command was about. What the room names goes before what the client wrote, as
// MODE can be about several ones.
std::string_view nick_in(const refused& result, const asking& asked) {
  if (!result.detail.empty())
    return result.detail;
  return asked.verb == "KICK" ? asked.detail : asked.subject;
}

void append_error(const error_row& row, const refused& result, const reply& to) {
  auto line = to.line(row.number);
  if (row.parameters == about::nick || row.parameters == about::nick_and_channel)
    line.middle(nick_in(result, to.asked));
  if (row.parameters == about::channel || row.parameters == about::nick_and_channel)
    line.middle(channel_in(to.asked));
  line.trailing(row.text);
}

// The detail is the letter of the list and the mask.
void append_list_full(const refused& result, const reply& to) {
  const std::string_view detail{result.detail};
  const auto blank = std::min(detail.find(' '), detail.size());
  const auto mask = detail.substr(std::min(blank + 1, detail.size()));
  to.line(numeric::ERR_BANLISTFULL)
      .middle(to.asked.subject)
      .middle(mask)
      .middle(detail.substr(0, blank))
      .trailing("Channel list is full");
}

void append_watch_list_full(const refused& result, const reply& to) {
  const auto& nicks = result.detail.empty() ? result.subject : result.detail;
  to.line(numeric::ERR_MONLISTFULL)
      .number(isupport_of(to.shared).watched_nicks_max)
      .middle(nicks)
      .trailing("Monitor list is full");
}

// Questions that always have an end, whatever became of them. Returns whether this is one.
bool append_end_of_question(const reply& to) {
  const auto verb = to.asked.verb;
  if (verb == "NAMES")
    append_end_of_names(to.asked.detail, to);
  else if (verb == "WHO")
    append_end_of_who(to);
  else if (verb == "WHOWAS")
    append_no_whowas(to);
  else
    return false;
  return true;
}

bool is_about_sending(std::string_view verb) {
  return verb == "PRIVMSG" || verb == "TAGMSG";
}

// A text is refused by 404 whatever is in its way, but for a channel that is not there.
refusal told_reason(refusal why, std::string_view verb) {
  const bool bars_text = why == refusal::not_in_room || is_entry_refusal(why);
  return bars_text && is_about_sending(verb) ? refusal::may_not_speak : why;
}

}  // namespace

std::string_view words_for_refused_connection(refusal why) {
  return why == refusal::address_full ? "Too many connections from your address"
                                      : "The server is full";
}

void append_refusal(const refused& result, const reply& to) {
  const auto verb = to.asked.verb;
  if (append_history_refusal(result, to) || verb == "NOTICE" || append_end_of_question(to))
    return;
  const auto why = told_reason(result.why, verb);
  const auto* row = std::find_if(std::begin(errors), std::end(errors),
                                 [why](const error_row& each) { return each.why == why; });
  if (why == refusal::name_too_long && verb == "NICK")
    to.line(numeric::ERR_ERRONEUSNICKNAME).middle(to.asked.subject).trailing("Nick is too long");
  else if (row != std::end(errors))
    append_error(*row, result, to);
  else if (why == refusal::list_full)
    append_list_full(result, to);
  else if (why == refusal::watch_list_full)
    append_watch_list_full(result, to);
  else if (why == refusal::was_no_such_nick)
    append_no_whowas(to);
  else if (why == refusal::server_full || why == refusal::address_full)
    append_closing_link(nullptr, words_for_refused_connection(why), to.out);
  if (verb == "WHOIS")
    append_end_of_whois(to);
}

}  // namespace confab::irc
