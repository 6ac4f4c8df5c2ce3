#include "io/dialects/irc/census_answers.hpp"

#include <algorithm>
#include <cstddef>

namespace confab::irc {

// The numbers of 251 and 255 stand between blanks, since programs look for them there.
void append_census(const census& counts, std::string_view nick, const settings& shared,
                   std::string& out) {
  const auto line = [&](numeric number) {
    return line_writer{out, shared.server_name, number, nick};
  };
  const auto visible = counts.users - std::min(counts.users, counts.invisible);
  line(numeric::RPL_LUSERCLIENT)
      .trailing("There are " + std::to_string(visible) + " users and " +
                std::to_string(counts.users - visible) + " invisible on " +
                std::to_string(counts.other_nodes + 1) + " servers");
  line(numeric::RPL_LUSEROP).number(counts.operators).trailing("operators online");
  line(numeric::RPL_LUSERUNKNOWN).number(counts.unregistered).trailing("unknown connections");
  line(numeric::RPL_LUSERCHANNELS).number(counts.rooms).trailing("channels formed");
  line(numeric::RPL_LUSERME)
      .trailing("I have " + std::to_string(counts.users_here) + " clients and " +
                std::to_string(counts.other_nodes) + " servers");
  const auto users = [&](numeric number, std::size_t now, std::size_t most) {
    line(number).number(now).number(most).trailing("Current users " + std::to_string(now) +
                                                   ", max " + std::to_string(most));
  };
  users(numeric::RPL_LOCALUSERS, counts.users_here, counts.users_here_max);
  users(numeric::RPL_GLOBALUSERS, counts.users, counts.users_max);
}

void append_links(const nodes_answer& answer, const reply& to) {
  const std::string_view own = to.shared.server_name;
  const auto row = [&](std::string_view server, std::string_view words) {
    to.line(numeric::RPL_LINKS).middle(server).middle(own).trailing(words);
  };
  if (!answer.names.empty())
    row(own, "0 Confab");
  for (const auto& name : answer.names)
    row(name, "1 Confab");
  to.line(numeric::RPL_ENDOFLINKS).middle("*").trailing("End of LINKS list");
}

}  // namespace confab::irc
