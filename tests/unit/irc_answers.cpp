// What clients of IRC are answered: by each command's own numerics, and by how the client reads.

#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/irc.hpp"
#include "io/dialects/irc/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_question.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace confab;
using namespace confab::irc;
using confab::test::answered;
using confab::test::now;
using confab::test::question;

namespace {

std::string refused_with(refusal why, const asking& asked, std::string detail = {}) {
  return answered(asked, outcome{refused{why, "room", std::move(detail)}});
}

identity client(std::string nick) {
  identity result;
  result.dialect = "irc";
  result.nick = std::move(nick);
  result.user = "u";
  result.host = "h";
  result.real_name = "Real Name";
  return result;
}

identity_ptr shared(identity who) {
  return std::make_shared<const identity>(std::move(who));
}

room_view cafe() {
  room_view result;
  result.name = "Cafe";
  result.made_ms = 5'999;
  auto hidden = client("cy");
  hidden.invisible = true;
  result.members = {{shared(client("al")), true, true},
                    {shared(client("bo")), false, true},
                    {shared(hidden), false, false}};
  return result;
}

room_answer seen(room_view room, bool inside = true) {
  return {std::make_shared<const room_view>(std::move(room)), inside};
}

std::string numerics_in(std::string_view lines) {
  std::string result;
  while (!lines.empty()) {
    result.append(lines.substr(5, 3)).append(" ");
    lines.remove_prefix(lines.find('\n') + 1);
  }
  return result;
}

}  // namespace

TEST_CASE("irc: JOIN is answered with 332 333 if there is a topic, 353, 366") {
  CHECK(answered(question("JOIN", "#CAFE"), seen(cafe())) ==
        ":srv 353 me = #Cafe :@al +bo cy\r\n:srv 366 me #Cafe :End of /NAMES list\r\n");
  auto room = cafe();
  room.topic = "tea";
  room.topic_by = "al";
  room.topic_ms = 7'000;
  CHECK(answered(question("JOIN", "#CAFE"), seen(room))
            .starts_with(":srv 332 me #Cafe :tea\r\n:srv 333 me #Cafe al 7\r\n:srv 353 "));
}

TEST_CASE("irc: 353 follows multi-prefix and userhost-in-names") {
  CHECK(answered(question("NAMES", "#cafe", {}, {capability::multi_prefix}), seen(cafe())) ==
        ":srv 353 me = #Cafe :@+al +bo cy\r\n");
  CHECK(answered(question("NAMES", "#cafe", {}, {capability::userhost_in_names}), seen(cafe())) ==
        ":srv 353 me = #Cafe :@al!u@h +bo!u@h cy!u@h\r\n");
}

TEST_CASE("irc: NAMES: outsiders see no +i user, and nobody in a hidden (+s) channel") {
  const auto asked = question("NAMES", "#cafe", "#no,#cafe");
  const std::string end = ":srv 366 me #no,#cafe :End of /NAMES list\r\n";
  CHECK(answered(asked, seen(cafe(), false)) == ":srv 353 me = #Cafe :@al +bo\r\n" + end);
  auto room = cafe();
  room.secret = true;
  CHECK(answered(asked, seen(room, false)) == end);
  CHECK(answered(asked, seen(room)) == ":srv 353 me @ #Cafe :@al +bo cy\r\n" + end);
  CHECK(refused_with(refusal::no_such_room, asked) == end);
  CHECK(refused_with(refusal::no_such_room, question("NAMES", "#no")).empty());
}

TEST_CASE("irc: the 353 lines of a room with 5,000 members hold each of them once, in 512 bytes") {
  auto room = cafe();
  room.members.clear();
  for (int each = 0; each < 5'000; ++each)
    room.members.push_back({shared(client("nick" + std::to_string(each))), false, false});
  const auto lines = answered(question("NAMES", "#cafe"), seen(room));
  std::size_t words = 0;
  for (std::string_view rest{lines}; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n') + 1);
    rest.remove_prefix(line.size());
    CHECK(line.size() <= 512);
    CHECK((rest.empty() || line.size() > 512 - 10));
    CHECK_FALSE(line.ends_with(" \r\n"));
    const auto names = line.substr(std::string_view{":srv 353 me = #Cafe :"}.size());
    words += static_cast<std::size_t>(std::count(names.begin(), names.end(), ' ')) + 1;
  }
  CHECK(words == 5'000);
}

TEST_CASE("irc: TOPIC asked: 332, 333 or 331") {
  auto room = cafe();
  CHECK(numerics_in(answered(question("TOPIC", "#cafe"), seen(room))) == "331 ");
  room.topic = "tea";
  CHECK(numerics_in(answered(question("TOPIC", "#cafe"), seen(room))) == "332 333 ");
}

TEST_CASE("irc: MODE C: 324, with `+` alone if none, the key hidden to outsiders, and 329") {
  auto room = cafe();
  CHECK(answered(question("MODE", "#cafe"), seen(room)) ==
        ":srv 324 me #Cafe +\r\n:srv 329 me #Cafe 5\r\n");
  room.modes = {{true, 'k', "sesame"}, {true, 'l', "5"}, {true, 'n', {}}};
  CHECK(answered(question("MODE", "#cafe"), seen(room))
            .starts_with(":srv 324 me #Cafe +kln sesame 5\r\n"));
  CHECK(answered(question("MODE", "#cafe"), seen(room, false))
            .starts_with(":srv 324 me #Cafe +kln * 5\r\n"));
}

TEST_CASE("irc: lists: 367/348/346 `C mask setter time`, 368/349/347 `C`") {
  const auto list = [](char letter) {
    return answered(question("MODE", "#cafe"),
                    list_answer{"Cafe", letter, {{"*!*@x", "al", 9'000}}});
  };
  CHECK(list('b') ==
        ":srv 367 me #Cafe *!*@x al 9\r\n:srv 368 me #Cafe :End of channel ban list\r\n");
  CHECK(numerics_in(list('e')) == "348 349 ");
  CHECK(numerics_in(list('I')) == "346 347 ");
}

TEST_CASE("irc: WHO C: 352 with H or G, `*` oper, B, prefix, 315 with what was asked") {
  auto room = cafe();
  auto busy = client("al");
  busy.away = "lunch";
  busy.server_operator = true;
  busy.bot = true;
  room.members = {{shared(busy), true, true}};
  CHECK(
      answered(question("WHO", "#CAFE"), seen(room)) ==
      ":srv 352 me #Cafe u h srv al G*B@ :0 Real Name\r\n:srv 315 me #CAFE :End of /WHO list\r\n");
  CHECK(answered(question("WHO", "#CAFE", {}, {capability::multi_prefix}), seen(room))
            .starts_with(":srv 352 me #Cafe u h srv al G*B@+ :0 "));
  CHECK(numerics_in(answered(question("WHO", "#c"), seen(cafe(), false))) == "352 352 315 ");
  CHECK(numerics_in(refused_with(refusal::no_such_room, question("WHO", "#c"))) == "315 ");
}

TEST_CASE("irc: WHO mask: the channel is `*` if none is common") {
  who_answer found;
  found.rows = {{shared(client("al")), "Cafe", {nullptr, true, false}},
                {shared(client("bo")), "", {}}};
  CHECK(answered(question("WHO", "*"), found) ==
        ":srv 352 me #Cafe u h srv al H@ :0 Real Name\r\n"
        ":srv 352 me * u h srv bo H :0 Real Name\r\n"
        ":srv 315 me * :End of /WHO list\r\n");
}

TEST_CASE("irc: WHO x %f,t: 354 with the fields asked, in the order t c u i h s n f d l a o r") {
  who_answer found;
  found.rows = {{shared(client("al")), "Cafe", {nullptr, true, false}}};
  const auto first_line = [&found](std::string detail) {
    const auto lines = answered(question("WHO", "al", std::move(detail)), found);
    return lines.substr(0, lines.find('\r'));
  };
  const std::string full =
      ":srv 354 me 123 #Cafe u 255.255.255.255 h srv al H@ 0 0 0 n/a :Real Name";
  CHECK(first_line("%tcuihsnfdlaor,123") == full);
  CHECK(first_line("%roaldfnshiuct,123") == full);
  CHECK(first_line("%tn,321") == ":srv 354 me 321 al");
  CHECK(first_line("%tn,12345") == ":srv 354 me 0 al");
  CHECK(first_line("%n") == ":srv 354 me al");
  CHECK(first_line("%r") == ":srv 354 me :Real Name");
}

TEST_CASE("irc: WHOIS: 311 first, 319, 312, 301, 313, 330, 335, 317, 318 with what was asked") {
  whois_answer found;
  found.client = {shared(client("al")), now - 60'000, now - 7'500, {"@Cafe", "not seen", "tea"}};
  CHECK(answered(question("WHOIS", "AL"), found) ==
        ":srv 311 me al u h * :Real Name\r\n:srv 319 me al :@#Cafe #tea\r\n"
        ":srv 312 me al srv :Net\r\n:srv 317 me al 7 999999940 :seconds idle, signon time\r\n"
        ":srv 318 me AL :End of /WHOIS list\r\n");
  auto busy = client("al");
  busy.away = "lunch";
  busy.account = "alice";
  busy.bot = true;
  busy.server_operator = true;
  found.client = {shared(busy), 0, 0, {}};
  CHECK(numerics_in(answered(question("WHOIS", "al"), found)) ==
        "311 312 301 313 330 335 317 318 ");
  CHECK(numerics_in(refused_with(refusal::no_such_nick, question("WHOIS", "al"))) == "401 318 ");
}

TEST_CASE("irc: WHOWAS: newest first 314, 312, 369, or 406, 369") {
  CHECK(numerics_in(
            answered(question("WHOWAS", "al"), whowas_answer{{client("al"), client("al")}})) ==
        "314 312 314 312 369 ");
  const std::string none =
      ":srv 406 me al :There was no such nickname\r\n:srv 369 me al :End of WHOWAS\r\n";
  CHECK(refused_with(refusal::was_no_such_nick, question("WHOWAS", "al")) == none);
  CHECK(answered(question("WHOWAS", "al"), whowas_answer{}) == none);
}

TEST_CASE("irc: USERHOST: one 302 `:n=+u@h`, `n*=` of operators, `-` when away. ISON: one 303") {
  auto busy = client("al");
  busy.away = "lunch";
  busy.server_operator = true;
  const present_answer found{{shared(busy), shared(client("bo"))}};
  CHECK(answered(question("USERHOST"), found) == ":srv 302 me :al*=-u@h bo=+u@h\r\n");
  CHECK(answered(question("ISON"), found) == ":srv 303 me :al bo\r\n");
  CHECK(answered(question("ISON"), present_answer{}) == ":srv 303 me :\r\n");
  present_answer many;
  many.clients.assign(400, shared(client("nick")));
  const auto line = answered(question("ISON"), many);
  CHECK(line.size() <= 512);
  CHECK(line.ends_with(" nick\r\n"));
}

TEST_CASE("irc: MONITOR: 730 `:n!u@h,..`, 731 `:n,..`, 732, 733, 734") {
  CHECK(
      answered(question("MONITOR"), online_answer{{shared(client("al")), shared(client("bo"))}}) ==
      ":srv 730 me :al!u@h,bo!u@h\r\n");
  CHECK(answered(question("MONITOR"), offline_answer{{"al", "bo"}}) == ":srv 731 me :al,bo\r\n");
  CHECK(answered(question("MONITOR"), watched_answer{{"al"}}) ==
        ":srv 732 me :al\r\n:srv 733 me :End of MONITOR list\r\n");
  CHECK(numerics_in(answered(question("MONITOR"), watched_answer{})) == "733 ");
  CHECK(refused_with(refusal::watch_list_full, question("MONITOR"), "cy") ==
        ":srv 734 me 100 cy :Monitor list is full\r\n");
}

TEST_CASE("irc: INVITE: 341 `n C`, bare: 336 `C`, 337, 301 from who is away") {
  CHECK(answered(question("INVITE", "AL", "#CAFE"), invited_answer{"al", "Cafe"}) ==
        ":srv 341 me al #Cafe\r\n");
  CHECK(answered(question("INVITE"), invitations_answer{{"Cafe", "tea"}}) ==
        ":srv 336 me #Cafe\r\n:srv 336 me #tea\r\n:srv 337 me :End of /INVITE list\r\n");
  auto away = client("al");
  away.away = "lunch";
  CHECK(answered(question("PRIVMSG", "AL"), away_answer{shared(away)}) ==
        ":srv 301 me al :lunch\r\n");
}

TEST_CASE("irc: AWAY: 306, 305. OPER: 381 and `:N MODE N :+o`. MODE N: what has changed") {
  CHECK(numerics_in(answered(question("AWAY"), outcome{away_noted{true}})) == "306 ");
  CHECK(numerics_in(answered(question("AWAY"), outcome{away_noted{false}})) == "305 ");
  CHECK(answered(question("OPER"), outcome{made_operator{}}) ==
        ":srv 381 me :You are now a server operator\r\n:me MODE me +o\r\n");
  CHECK(answered(question("MODE", "me"),
                 outcome{user_modes_noted{{{true, 'i', {}}, {false, 'w', {}}}}}) ==
        ":me MODE me +i-w\r\n");
}

TEST_CASE("irc: what events tell has no answer of its own") {
  for (const outcome& result : {outcome{entered{"x"}}, outcome{departed{"x"}}, outcome{told{}}})
    CHECK(answered(question("JOIN", "#x"), result).empty());
}

TEST_CASE("irc: every end that we decide on is told by ERROR") {
  CHECK(answered(question("QUIT"), outcome{goodbye{"Quit: r", shared(client("me"))}}) ==
        "ERROR :Closing link: (u@h) [Quit: r]\r\n");
  CHECK(answered(question("QUIT"), outcome{goodbye{"Quit", nullptr}}) ==
        "ERROR :Closing link: [Quit]\r\n");
  const auto dialect = make_dialect(test::srv_settings());
  std::string out;
  dialect->encode_reply(refused{refusal::server_full, {}, {}}, standing{}, out);
  CHECK(out == "ERROR :Closing link: [The server is full]\r\n");
  out.clear();
  standing known;
  known.who = shared(client("me"));
  dialect->encode_farewell(cut_reason::idle, known, out);
  CHECK(out == "ERROR :Closing link: (u@h) [Ping timeout]\r\n");
  out.clear();
  dialect->encode_probe(out);
  CHECK(out == "PING :srv\r\n");
}
