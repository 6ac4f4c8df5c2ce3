#include "io/dialects/irc/command_table.hpp"

#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/help.hpp"
#include "io/dialects/irc/registration.hpp"
#include "io/dialects/irc/request.hpp"

#include <algorithm>
#include <array>

namespace confab::irc {
namespace {

using enum rights;

// Where no parameter is needed although the command makes no sense without one, the lack of it has
// an answer of its own.
constexpr std::array table = {
    command_row{"ADMIN", 0, logged_in, handle_admin},
    command_row{"AWAY", 0, logged_in, handle_away},
    command_row{"CAP", 1, everybody, handle_cap},
    command_row{"CHATHISTORY", 1, logged_in, handle_chathistory, true},
    command_row{"HELP", 0, logged_in, handle_help},
    command_row{"HELPOP", 0, logged_in, handle_help},
    command_row{"INFO", 0, logged_in, handle_info},
    command_row{"INVITE", 0, logged_in, handle_invite},
    command_row{"ISON", 1, logged_in, handle_ison},
    command_row{"JOIN", 1, logged_in, handle_join},
    command_row{"KICK", 2, logged_in, handle_kick},
    command_row{"KILL", 1, server_operator, handle_kill},
    command_row{"LINKS", 0, logged_in, handle_links},
    command_row{"LIST", 0, logged_in, handle_list},
    command_row{"LUSERS", 0, logged_in, handle_lusers},
    command_row{"MARKREAD", 0, logged_in, handle_markread},
    command_row{"MODE", 1, logged_in, handle_mode},
    command_row{"MONITOR", 1, logged_in, handle_monitor},
    command_row{"MOTD", 0, logged_in, handle_motd},
    command_row{"NAMES", 0, logged_in, handle_names},
    command_row{"NICK", 0, everybody, handle_nick},
    command_row{"NOTICE", 0, logged_in, handle_notice},
    command_row{"OPER", 2, logged_in, handle_oper},
    command_row{"PART", 1, logged_in, handle_part},
    command_row{"PASS", 1, everybody, handle_pass},
    command_row{"PING", 1, everybody, handle_ping},
    command_row{"PONG", 0, everybody, handle_pong},
    command_row{"PRIVMSG", 0, logged_in, handle_privmsg},
    command_row{"QUIT", 0, everybody, handle_quit},
    command_row{"REDACT", 0, logged_in, handle_redact, true},
    command_row{"REHASH", 0, server_operator, handle_rehash},
    command_row{"SEARCH", 0, logged_in, handle_search, true},
    command_row{"SETNAME", 1, logged_in, handle_setname},
    command_row{"STATS", 0, logged_in, handle_stats},
    command_row{"TAGMSG", 1, logged_in, handle_tagmsg},
    command_row{"TIME", 0, logged_in, handle_time},
    command_row{"TOPIC", 1, logged_in, handle_topic},
    command_row{"USER", 4, everybody, handle_user},
    command_row{"USERHOST", 1, logged_in, handle_userhost},
    command_row{"VERSION", 0, logged_in, handle_version},
    command_row{"WALLOPS", 1, server_operator, handle_wallops},
    command_row{"WHO", 1, logged_in, handle_who},
    command_row{"WHOIS", 0, logged_in, handle_whois},
    command_row{"WHOWAS", 0, logged_in, handle_whowas},
};
static_assert(std::ranges::is_sorted(table, {}, &command_row::name));

const command_row* find_command(std::string_view name, bool keeps_history) {
  const auto* found = std::ranges::lower_bound(table, name, {}, &command_row::name);
  const bool is_there = found != table.end() && found->name == name;
  return is_there && (keeps_history || !found->needs_history) ? found : nullptr;
}

}  // namespace

std::span<const command_row> command_table() {
  return table;
}

void handle_command(std::string_view verb, request& asked) {
  const auto* row = find_command(verb, asked.shared.keeps_history());
  if (row != nullptr)
    asked.verb = row->name;
  const bool logged_in_already = asked.now.logged_in();
  if (!logged_in_already && (row == nullptr || row->needed != everybody))
    asked.reply(numeric::ERR_NOTREGISTERED).trailing("You have not registered");
  else if (row == nullptr)
    asked.reply(numeric::ERR_UNKNOWNCOMMAND).middle(verb).trailing("Unknown command");
  else if (row->needed == server_operator && !asked.now.who->server_operator)
    asked.reply(numeric::ERR_NOPRIVILEGES)
        .trailing("Permission denied: you are no server operator");
  else if (asked.parameters.size() < row->parameters_min)
    asked.refuse_as_too_short();
  else
    row->handle(asked);
}

}  // namespace confab::irc
