#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What a server tells its clients of its limits and kinds: the tokens of numeric 005.
namespace confab::irc {

/// What the tokens say that is not the same for every server.
struct isupport_settings {
  std::string network = "Confab";
  std::string lobby = "lobby";           ///< LOBBY, a channel; told only if it is another one.
  std::size_t room_name_bytes_max = 64;  ///< CHANNELLEN is one more.
  // Texts have at most so many bytes, and no more than `fit_texts` finds room for.
  std::size_t topic_bytes_max = 390;
  std::size_t kick_reason_bytes_max = 255;
  std::size_t away_text_bytes_max = 200;
  std::size_t channels_max = 100;      ///< That one client may be in.
  std::size_t list_entries_max = 100;  ///< Of +b, +e and +I of a channel together.
  std::size_t watched_nicks_max = 100;
  std::size_t history_messages_max = 0;  ///< In one answer; 0: there is no history.
};

/// Makes texts no longer than what fits on every line that tells them, behind the longest names: so
/// who hears of a topic sees the same as who asks for it later, and as who set it.
void fit_texts(std::string_view server, isupport_settings& settings);

/// The tokens, in the order in which they are sent. ASCII without blanks, one `=` at most in each:
/// what a name holds beyond that is written as `\xHH`.
std::vector<std::string> isupport_tokens(const isupport_settings& settings);

/// Appends the lines of 005 for `nick`: at most 13 tokens each, and no token is cut.
void append_isupport(std::string_view server, std::string_view nick,
                     const isupport_settings& settings, std::string& out);

}  // namespace confab::irc
