// Commands about the server itself, most of which nobody else has to be asked about.

#include "io/dialects/irc/commands.hpp"
#include "io/dialects/irc/request.hpp"
#include "io/dialects/irc/server_facts.hpp"

#include <string>

namespace confab::irc {

void handle_admin(request& asked) {
  append_admin(asked.shared, asked.nick(), asked.answer());
}

void handle_info(request& asked) {
  append_info(asked.shared, asked.nick(), asked.answer());
}

void handle_links(request& asked) {
  asked.add(ask_directory{client_question::nodes});
}

void handle_lusers(request& asked) {
  asked.add(ask_directory{client_question::census});
}

void handle_motd(request& asked) {
  append_motd(asked.shared, asked.nick(), asked.answer());
}

// Takes its turn among the requests, so who has the answer has all that came before it.
void handle_ping(request& asked) {
  const auto token = asked.parameter(0);
  const auto& server = asked.shared.server_name;
  if (token.empty())
    asked.refuse_as_too_short();
  else
    line_writer{asked.answer(), server, "PONG"}.middle(server).trailing(token);
}

// That it came is all that there is to know.
void handle_pong(request&) {}

void handle_rehash(request& asked) {
  line_writer{asked.answer(), asked.shared.server_name, "FAIL"}
      .middle(asked.verb)
      .middle("CANNOT_RELOAD")
      .trailing("The server reads its options only when it starts");
}

void handle_stats(request& asked) {
  const auto what = asked.parameter(0);
  if (what == "u")
    append_uptime(asked.shared, asked.nick(), asked.answer());
  else
    asked.reply(numeric::RPL_ENDOFSTATS).middle(what).trailing("End of STATS report");
}

void handle_time(request& asked) {
  append_time(asked.shared, asked.nick(), asked.answer());
}

void handle_version(request& asked) {
  append_version(asked.shared, asked.nick(), asked.answer());
}

}  // namespace confab::irc
