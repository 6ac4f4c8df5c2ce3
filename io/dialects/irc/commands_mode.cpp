// MODE: the rules of channels, and what others see of the client itself.

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/server_facts.hpp"
#include "io/dialects/irc/targets.hpp"

#include <string>
#include <utility>

namespace confab::irc {
namespace {

room_question list_named(char letter) {
  switch (letter) {
    case 'e':
      return room_question::excepts;
    case 'I':
      return room_question::invexes;
    default:
      return room_question::bans;
  }
}

void tell_mistake(request& asked, std::string_view channel, const mode_mistake& mistake) {
  switch (mistake.what) {
    case mode_mistake::kind::unknown_letter:
      asked.reply(numeric::ERR_UNKNOWNMODE)
          .middle(mistake.letter)
          .trailing("is unknown mode char to me");
      break;
    case mode_mistake::kind::bad_parameter:
      asked.reply(numeric::ERR_INVALIDMODEPARAM)
          .middle(channel)
          .middle(mistake.letter)
          .middle(mistake.parameter)
          .trailing("Invalid mode parameter");
      break;
  }
}

void handle_channel_mode(request& asked, std::string_view channel) {
  const auto found = room_of(asked.shared, channel);
  if (!found) {
    asked.refuse_channel(channel);
    return;
  }
  const std::string room{*found};
  if (asked.parameters.size() < 2) {
    asked.add(ask_room{room, room_question::modes}, channel);
    return;
  }
  auto wanted = parse_channel_modes(asked.parameters.subspan(1));
  if (!wanted.changes.empty())
    asked.add(change_modes{room, std::move(wanted.changes)}, channel);
  for (const char letter : wanted.list_queries)
    asked.add(ask_room{room, list_named(letter)}, channel);
  for (const auto& mistake : wanted.mistakes)
    tell_mistake(asked, channel, mistake);
}

void handle_own_mode(request& asked) {
  if (asked.parameters.size() < 2) {
    asked.reply(numeric::RPL_UMODEIS).middle(user_mode_letters(*asked.now.who)).end();
    return;
  }
  auto wanted = parse_user_modes(asked.parameter(1));
  if (!wanted.changes.empty())
    asked.add(set_user_modes{std::move(wanted.changes)}, asked.parameter(0));
  if (wanted.has_unknown_letter)
    asked.reply(numeric::ERR_UMODEUNKNOWNFLAG).trailing("Unknown MODE flag");
}

}  // namespace

void handle_mode(request& asked) {
  const auto target = asked.parameter(0);
  if (target.empty())
    asked.refuse_as_too_short();
  else if (target.starts_with('#'))
    handle_channel_mode(asked, target);
  else if (same_name(target, asked.now.who->nick))
    handle_own_mode(asked);
  else
    asked.reply(numeric::ERR_USERSDONTMATCH).trailing("Cannot change mode for other users");
}

}  // namespace confab::irc
