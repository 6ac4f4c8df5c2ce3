#include "io/dialects/irc/closing.hpp"

#include "io/dialects/irc/line_writer.hpp"

namespace confab::irc {

void append_closing_link(const identity_ptr& who, std::string_view reason, std::string& out) {
  std::string text = "Closing link: ";
  if (who)
    text.append("(").append(who->user).append("@").append(who->host).append(") ");
  text.append("[").append(reason).append("]");
  line_writer{out, "", "ERROR"}.trailing(text);
}

}  // namespace confab::irc
