// Numeric 005: what the server tells of its limits.

#include "io/dialects/irc/isupport.hpp"
#include "io/dialects/irc/message.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab::irc;

namespace {

bool has(const isupport_settings& settings, std::string_view token) {
  const auto tokens = isupport_tokens(settings);
  return std::find(tokens.begin(), tokens.end(), token) != tokens.end();
}

// The tokens of each line, after checking that the line fits.
std::vector<std::vector<std::string>> lines_of(const isupport_settings& settings,
                                               std::string_view server = "srv") {
  std::string out;
  append_isupport(server, "bob", settings, out);
  std::vector<std::vector<std::string>> result;
  for (std::string_view wire = out; !wire.empty();) {
    const auto line = wire.substr(0, wire.find("\r\n"));
    wire.remove_prefix(line.size() + 2);
    CHECK(line.size() <= line_text_bytes_max);
    const auto parsed = parse_line(line);
    const auto parameters = std::get<message>(parsed).parameters();
    CHECK(std::get<message>(parsed).command == "005");
    CHECK(parameters.front() == "bob");
    CHECK(parameters.back() == "are supported by this server");
    result.emplace_back(parameters.begin() + 1, parameters.end() - 1);
  }
  return result;
}

}  // namespace

TEST_CASE("irc: the tokens of 005 are these, in this order") {
  std::string all;
  for (const auto& token : isupport_tokens({}))
    all += token + ' ';
  CHECK(
      all ==
      "CASEMAPPING=ascii CHANTYPES=# CHANMODES=beI,k,l,Cimnst PREFIX=(ov)@+ STATUSMSG=@+ MODES=6 "
      "MAXLIST=beI:100 EXCEPTS=e INVEX=I NICKLEN=32 USERLEN=10 CHANNELLEN=65 TOPICLEN=390 "
      "KICKLEN=255 AWAYLEN=200 KEYLEN=23 NETWORK=Confab CHANLIMIT=#:100 ELIST=CMNTU SAFELIST WHOX "
      "MONITOR=100 BOT=B UTF8ONLY LINELEN=512 "
      "TARGMAX=JOIN:,PART:,KICK:4,NAMES:4,LIST:,WHOIS:1,PRIVMSG:4,NOTICE:4,TAGMSG:4,MONITOR:100 ");
}

TEST_CASE("irc: with history there are CHATHISTORY and MSGREFTYPES") {
  CHECK(has({.history_messages_max = 100}, "CHATHISTORY=100"));
  CHECK(has({.history_messages_max = 100}, "MSGREFTYPES=msgid,timestamp"));
}

TEST_CASE("irc: a lobby that is not called lobby is told as a channel, if it can be one") {
  CHECK(has({.lobby = "cafe"}, "LOBBY=#cafe"));
  CHECK(has({.lobby = "caf\xc3\xa9"}, "LOBBY=#caf\\xC3\\xA9"));
  for (const auto& each : isupport_tokens({.lobby = "tea room"}))
    CHECK(each.rfind("LOBBY", 0) != 0);
}

TEST_CASE("irc: CHANNELLEN is --name-max + 1, and the other limits are as they are set") {
  CHECK(has({.room_name_bytes_max = 128}, "CHANNELLEN=129"));
  CHECK(has({.topic_bytes_max = 1}, "TOPICLEN=1"));
  CHECK(has({.kick_reason_bytes_max = 2}, "KICKLEN=2"));
  CHECK(has({.away_text_bytes_max = 3}, "AWAYLEN=3"));
  CHECK(has({.channels_max = 4}, "CHANLIMIT=#:4"));
  CHECK(has({.list_entries_max = 5}, "MAXLIST=beI:5"));
  CHECK(has({.watched_nicks_max = 6}, "MONITOR=6"));
}

TEST_CASE("irc: TOPICLEN, KICKLEN and AWAYLEN fit behind the longest names, in every line") {
  const std::size_t room_bytes = GENERATE(1U, 64U, 150U);
  const std::size_t server_bytes = GENERATE(5U, 63U);
  isupport_settings limits{.room_name_bytes_max = room_bytes};
  const std::string server(server_bytes, 's');
  fit_texts(server, limits);
  const auto fits = [](std::string_view in_front, std::size_t text_bytes) {
    return in_front.size() + text_bytes + std::string_view{"\r\n"}.size() <= 512;
  };
  const std::string nick(32, 'n');
  const auto who = ":" + nick + "!" + std::string(10, 'u') + "@0123456789ab.ip";
  const auto channel = "#" + std::string(room_bytes, 'c');
  const auto victim = std::string(24, 'v') + "/oneroom123";
  CHECK(fits(who + " TOPIC " + channel + " :", limits.topic_bytes_max));
  CHECK(fits(":" + server + " 332 " + nick + " " + channel + " :", limits.topic_bytes_max));
  CHECK(fits(who + " KICK " + channel + " " + victim + " :", limits.kick_reason_bytes_max));
  CHECK(fits(who + " AWAY :", limits.away_text_bytes_max));
  CHECK(fits(":" + server + " 301 " + nick + " " + nick + " :", limits.away_text_bytes_max));
  CHECK(limits.topic_bytes_max >= 255);
}

TEST_CASE("irc: texts are no longer than they need to be where names leave room for more") {
  isupport_settings limits;
  fit_texts("confab.example", limits);
  CHECK(limits.topic_bytes_max == 376);
  CHECK(limits.kick_reason_bytes_max == 255);
  CHECK(limits.away_text_bytes_max == 200);
}

TEST_CASE("irc: at most 13 tokens a line, and all of them are told") {
  for (const std::size_t history : {0U, 100U}) {
    const isupport_settings settings{.history_messages_max = history};
    std::vector<std::string> told;
    for (const auto& line : lines_of(settings)) {
      CHECK(line.size() <= 13);
      told.insert(told.end(), line.begin(), line.end());
    }
    CHECK(told == isupport_tokens(settings));
  }
}

TEST_CASE(
    "irc: tokens are ASCII without blanks, with one = at most, whatever the network is called") {
  const isupport_settings settings{.network = "My net=é\\:\r\n"};
  CHECK(has(settings, "NETWORK=My\\x20net\\x3D\\xC3\\xA9\\x5C:\\x0D\\x0A"));
  for (const auto& token : isupport_tokens(settings)) {
    CHECK(std::count(token.begin(), token.end(), '=') <= 1);
    CHECK(std::all_of(token.begin(), token.end(),
                      [](char byte) { return byte > ' ' && byte <= '~'; }));
  }
}

TEST_CASE("irc: no token is cut, however long the names of server and network are") {
  const isupport_settings settings{.network = std::string(200, 'n')};
  std::vector<std::string> told;
  for (const auto& line : lines_of(settings, std::string(100, 's')))
    told.insert(told.end(), line.begin(), line.end());
  CHECK(told == isupport_tokens(settings));
}
