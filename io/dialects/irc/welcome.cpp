#include "io/dialects/irc/welcome.hpp"

#include "io/dialects/irc/census_answers.hpp"
#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/message_id.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/server_facts.hpp"

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

}  // namespace confab::irc
