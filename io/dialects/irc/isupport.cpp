#include "io/dialects/irc/isupport.hpp"

#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/names.hpp"

#include <algorithm>
#include <span>

namespace confab::irc {
namespace {

constexpr std::size_t tokens_per_line_max = 13;
constexpr std::string_view closing_words = "are supported by this server";

std::string token(std::string_view name, std::string_view value) {
  return std::string{name}.append("=").append(value);
}

std::string token(std::string_view name, std::size_t value) {
  return token(name, std::to_string(value));
}

// `\xHH` for what would end a token, or be taken for a part of its syntax.
std::string escaped(std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char byte : value) {
    const auto code = static_cast<unsigned char>(byte);
    if (code > ' ' && code < 0x7FU && byte != '=' && byte != '\\')
      result += byte;
    else
      result.append("\\x").append(1, digits[code / 16U]).append(1, digits[code % 16U]);
  }
  return result;
}

std::string kinds_of_modes() {
  std::string result{list_modes};
  for (const auto letters : {key_mode, limit_mode, flag_modes})
    result.append(",").append(letters);
  return result;
}

std::string targets_max(const isupport_settings& settings) {
  return "JOIN:,PART:,KICK:4,NAMES:4,LIST:,WHOIS:1,PRIVMSG:4,NOTICE:4,TAGMSG:4,MONITOR:" +
         std::to_string(settings.watched_nicks_max);
}

std::size_t bytes_of_line(std::string_view server, std::string_view nick,
                          std::span<const std::string> tokens) {
  std::size_t bytes =
      std::string_view{": 005  :"}.size() + server.size() + nick.size() + closing_words.size();
  for (const auto& each : tokens)
    bytes += each.size() + 1;
  return bytes;
}

void lower(std::size_t& limit, std::size_t to) {
  limit = std::min(limit, to);
}

}  // namespace

void fit_texts(std::string_view server, isupport_settings& settings) {
  const std::string source(hostmask_bytes_max, 'x');
  const std::string channel(channel_bytes_max(settings.room_name_bytes_max), 'x');
  const std::string nick_and_blank(nick_bytes_max + 1, 'x');
  const std::string blank_and_victim(1 + any_nick_bytes_max, 'x');
  lower(settings.topic_bytes_max, text_bytes_that_fit(source, "TOPIC", channel));
  lower(settings.topic_bytes_max, text_bytes_that_fit(server, "332", nick_and_blank + channel));
  lower(settings.kick_reason_bytes_max,
        text_bytes_that_fit(source, "KICK", channel + blank_and_victim));
  lower(settings.away_text_bytes_max, text_bytes_that_fit(source, "AWAY", {}));
  lower(settings.away_text_bytes_max,
        text_bytes_that_fit(server, "301", nick_and_blank + std::string(nick_bytes_max, 'x')));
}

std::vector<std::string> isupport_tokens(const isupport_settings& settings) {
  const auto prefix = std::string{"("}.append(member_modes).append(")").append(member_prefixes);
  std::vector<std::string> result = {
      "CASEMAPPING=ascii",
      "CHANTYPES=#",
      token("CHANMODES", kinds_of_modes()),
      token("PREFIX", prefix),
      token("STATUSMSG", member_prefixes),
      token("MODES", modes_max),
      token("MAXLIST",
            std::string{list_modes}.append(":").append(std::to_string(settings.list_entries_max))),
      "EXCEPTS=e",
      "INVEX=I",
      token("NICKLEN", nick_bytes_max),
      token("USERLEN", user_bytes_max),
      token("CHANNELLEN", channel_bytes_max(settings.room_name_bytes_max)),
      token("TOPICLEN", settings.topic_bytes_max),
      token("KICKLEN", settings.kick_reason_bytes_max),
      token("AWAYLEN", settings.away_text_bytes_max),
      token("KEYLEN", key_bytes_max),
      token("NETWORK", escaped(settings.network)),
      token("CHANLIMIT", "#:" + std::to_string(settings.channels_max)),
      "ELIST=CMNTU",
      "SAFELIST",
      "WHOX",
      token("MONITOR", settings.watched_nicks_max),
      "BOT=B",
      "UTF8ONLY",
      token("LINELEN", line_bytes_max),
      token("TARGMAX", targets_max(settings)),
  };
  if (const auto lobby = channel_of_room(settings.lobby);
      lobby && settings.lobby != isupport_settings{}.lobby)
    result.push_back(token("LOBBY", escaped(*lobby)));
  if (settings.history_messages_max > 0) {
    result.push_back(token("CHATHISTORY", settings.history_messages_max));
    result.emplace_back("MSGREFTYPES=msgid,timestamp");
  }
  return result;
}

void append_isupport(std::string_view server, std::string_view nick,
                     const isupport_settings& settings, std::string& out) {
  const auto tokens = isupport_tokens(settings);
  std::span<const std::string> rest{tokens};
  while (!rest.empty()) {
    auto count = std::min(rest.size(), tokens_per_line_max);
    while (count > 1 && bytes_of_line(server, nick, rest.first(count)) > line_text_bytes_max)
      --count;
    line_writer line{out, server, numeric::RPL_ISUPPORT, nick};
    for (const auto& each : rest.first(count))
      line.middle(each);
    line.trailing(closing_words);
    rest = rest.subspan(count);
  }
}

}  // namespace confab::irc
