#include "io/dialects/irc/help.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/command_table.hpp"
#include "io/dialects/irc/request.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace confab::irc {
namespace {

/// The names in the list of all commands are put in lines of about this length.
constexpr std::size_t list_line_bytes = 60;

struct help_row {
  std::string_view topic;
  std::string_view text;  ///< Its lines, with a newline between them.
};

constexpr std::array table = {
    help_row{"ADMIN", "ADMIN\nTells who runs the server."},
    help_row{"AWAY", "AWAY [:text]\nSays that you are away, or without a text that you are back."},
    help_row{"CAP", "CAP LS [302] | LIST | REQ :names | END\nExtensions of the protocol."},
    help_row{"CHATHISTORY",
             "CHATHISTORY LATEST #channel * | reference number\n"
             "CHATHISTORY BEFORE | AFTER | AROUND #channel reference number\n"
             "CHATHISTORY BETWEEN #channel reference reference number\n"
             "CHATHISTORY TARGETS timestamp=time timestamp=time number\n"
             "Tells what was said. A reference is timestamp=time or msgid=id."},
    help_row{"HELP", "HELP [command]\nTells of the commands."},
    help_row{"HELPOP", "HELPOP [command]\nThe same as HELP."},
    help_row{"INFO", "INFO\nTells what this server is."},
    help_row{"INVITE",
             "INVITE nick #channel\nAsks somebody in, past +b, +i and +l, once.\n"
             "INVITE\nTells where you were invited to."},
    help_row{"ISON", "ISON nick {nick}\nTells which of them are here."},
    help_row{"JOIN",
             "JOIN #channel{,#channel} [key{,key}]\nEnters channels.\n"
             "JOIN 0\nLeaves all of them."},
    help_row{"KICK", "KICK #channel nick{,nick} [:reason]\nPuts somebody out. For operators."},
    help_row{"KILL", "KILL nick [:reason]\nEnds a connection. For server operators."},
    help_row{"LINKS", "LINKS\nTells which servers there are, if this one is linked to others."},
    help_row{"LIST",
             "LIST [filter]\nTells the channels: #name, a mask, !mask, >n or <n for their\n"
             "members, C>m or C<m for the minutes since they were made, T>m or T<m since\n"
             "their topic was set."},
    help_row{"LUSERS", "LUSERS\nTells how many clients and channels there are."},
    help_row{"MARKREAD",
             "MARKREAD target [timestamp=time]\nTells or notes up to when you have read."},
    help_row{"MODE",
             "MODE #channel [modes [parameters]]\n"
             "+o +v nick: operators and voice. +b +e +I mask: who is kept out, who is not\n"
             "after all, who needs no invitation. +k key, +l number: needed to come in.\n"
             "+i: only the invited. +m: only +o and +v speak. +n: only members speak.\n"
             "+s: hidden. +t: only operators set the topic. +C: no CTCP.\n"
             "MODE nick [modes]\n+i: invisible. +w: gets WALLOPS. +B: a bot."},
    help_row{"MONITOR",
             "MONITOR + nick{,nick} | - nick{,nick} | C | L | S\n"
             "Tells when they come and go; clear, list, status."},
    help_row{"MOTD", "MOTD\nThe message of the day."},
    help_row{"NAMES", "NAMES #channel{,#channel}\nTells who is in them."},
    help_row{"NICK", "NICK name\nChanges your name."},
    help_row{"NOTICE", "NOTICE target{,target} :text\nSays something that nobody answers."},
    help_row{"OPER", "OPER name password\nMakes you a server operator."},
    help_row{"PART", "PART #channel{,#channel} [:reason]\nLeaves channels."},
    help_row{"PASS", "PASS password\nThe server's password, in front of NICK and USER."},
    help_row{"PING", "PING token\nIs answered by PONG."},
    help_row{"PONG", "PONG token\nThe answer to PING."},
    help_row{"PRIVMSG",
             "PRIVMSG target{,target} :text\nSays something to #channel, to its operators"
             "\n(@#channel), to those with voice (+#channel), or to a nick."},
    help_row{"QUIT", "QUIT [:reason]\nLeaves the server."},
    help_row{"REDACT",
             "REDACT #channel msgid [:reason]\n"
             "Takes a text back: your own, or as an operator anybody's."},
    help_row{"REHASH", "REHASH\nFor server operators."},
    help_row{"SEARCH",
             "SEARCH in=#channel;text=words[;from=nick][;after=time][;before=time][;limit=n]\n"
             "Looks for what was said."},
    help_row{"SETNAME", "SETNAME :name\nChanges your real name."},
    help_row{"STATS", "STATS u\nTells since when the server runs."},
    help_row{"TAGMSG", "TAGMSG target{,target}\nSends message tags without a text."},
    help_row{"TIME", "TIME\nThe time of the server."},
    help_row{"TOPIC", "TOPIC #channel [:topic]\nTells or sets the topic."},
    help_row{"USER", "USER name 0 * :real name\nWith NICK, begins the connection."},
    help_row{"USERHOST", "USERHOST nick {nick}\nTells user and host of up to five."},
    help_row{"VERSION", "VERSION\nTells the version of the server, and its limits."},
    help_row{"WALLOPS", "WALLOPS :text\nSays something to all with +w. For server operators."},
    help_row{"WHO", "WHO #channel | mask [%fields[,token]]\nTells who is there."},
    help_row{"WHOIS", "WHOIS nick\nTells of somebody."},
    help_row{"WHOWAS", "WHOWAS nick [count]\nTells of somebody who has gone."},
};
static_assert(std::ranges::is_sorted(table, {}, &help_row::topic));

std::string all_commands(bool keeps_history) {
  std::string result = "HELP command tells more. There are:\n";
  std::size_t line_start = result.size();
  for (const auto& row : command_table()) {
    if (row.needs_history && !keeps_history)
      continue;
    if (result.size() - line_start > list_line_bytes) {
      result += '\n';
      line_start = result.size();
    }
    result.append(row.name).append(" ");
  }
  result.pop_back();
  return result;
}

// The first line begins the answer, and one more line ends it.
void tell(request& asked, std::string_view topic, std::string_view text) {
  auto number = numeric::RPL_HELPSTART;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    asked.reply(number).middle(topic).trailing(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    number = numeric::RPL_HELPTXT;
  }
  asked.reply(numeric::RPL_ENDOFHELP).middle(topic).trailing("End of HELP");
}

}  // namespace

std::string_view help_on(std::string_view command) {
  const auto* found = std::ranges::lower_bound(table, command, {}, &help_row::topic);
  return found != table.end() && found->topic == command ? found->text : std::string_view{};
}

void handle_help(request& asked) {
  const auto topic = asked.parameter(0);
  if (topic.empty()) {
    tell(asked, "*", all_commands(asked.shared.keeps_history()));
    return;
  }
  const auto command = upper_cased(topic);
  if (const auto text = help_on(command); !text.empty())
    tell(asked, command, text);
  else
    asked.reply(numeric::ERR_HELPNOTFOUND).middle(topic).trailing("No help on that topic");
}

}  // namespace confab::irc
