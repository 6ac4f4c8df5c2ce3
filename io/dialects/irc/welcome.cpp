#include "io/dialects/irc/welcome.hpp"

#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/server_facts.hpp"

#include <algorithm>

namespace confab::irc {
namespace {

constexpr std::string_view no_user_modes = "+";

std::string channel_modes() {
  return std::string{list_modes}
      .append(key_mode)
      .append(limit_mode)
      .append(flag_modes)
      .append(member_modes);
}

void append_greeting(const identity& who, const settings& shared, std::string& out) {
  const auto line = [&](numeric number) {
    return line_writer{out, shared.server_name, number, who.nick};
  };
  line(numeric::RPL_WELCOME).trailing("Welcome to " + shared.network + ", " + hostmask(who));
  line(numeric::RPL_YOURHOST)
      .trailing("Your host is " + shared.server_name + ", running version " + shared.version);
  std::string created = "This server was started at ";
  append_server_time(shared.started_ms, created);
  line(numeric::RPL_CREATED).trailing(created);
  line(numeric::RPL_MYINFO)
      .middle(shared.server_name)
      .middle(version_word(shared))
      .middle(user_modes)
      .middle(channel_modes())
      .end();
}

}  // namespace

void append_welcome(const welcomed& result, const settings& shared, std::string& out) {
  const auto& who = *result.who;
  append_greeting(who, shared, out);
  append_isupport(shared.server_name, who.nick, isupport_of(shared), out);
  append_census(result.counts, who.nick, shared, out);
  append_motd(shared, who.nick, out);
  if (const auto modes = user_mode_letters(who); modes != no_user_modes)
    line_writer{out, shared.server_name, numeric::RPL_UMODEIS, who.nick}.middle(modes).end();
}

// The numbers of 251 and 255 stand between blanks, since programs look for them there.
void append_census(const census& counts, std::string_view nick, const settings& shared,
                   std::string& out) {
  const auto line = [&](numeric number) {
    return line_writer{out, shared.server_name, number, nick};
  };
  const auto visible = counts.users - std::min(counts.users, counts.invisible);
  line(numeric::RPL_LUSERCLIENT)
      .trailing("There are " + std::to_string(visible) + " users and " +
                std::to_string(counts.users - visible) + " invisible on 1 servers");
  line(numeric::RPL_LUSEROP).number(counts.operators).trailing("operators online");
  line(numeric::RPL_LUSERUNKNOWN).number(counts.unregistered).trailing("unknown connections");
  line(numeric::RPL_LUSERCHANNELS).number(counts.rooms).trailing("channels formed");
  line(numeric::RPL_LUSERME)
      .trailing("I have " + std::to_string(counts.users) + " clients and 0 servers");
  const auto peak = std::max(counts.users, counts.users_max);
  for (const auto number : {numeric::RPL_LOCALUSERS, numeric::RPL_GLOBALUSERS})
    line(number)
        .number(counts.users)
        .number(peak)
        .trailing("Current users " + std::to_string(counts.users) + ", max " +
                  std::to_string(peak));
}

}  // namespace confab::irc
