// What clients of IRC are answered: the welcome, refusals, and LIST.

#include "io/dialects/irc/encoding.hpp"
#include "io/dialects/irc/list_filter.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_question.hpp"

#include <memory>
#include <string>
#include <utility>

using namespace confab;
using namespace confab::irc;
using confab::test::answered;
using confab::test::now;
using confab::test::question;

namespace {

constexpr std::int64_t ms_per_minute = 60'000;

// The numeric and what stands in front of its text.
std::string refused_with(refusal why, const asking& asked, std::string detail = {}) {
  const auto line = answered(asked, outcome{refused{why, "room", std::move(detail)}});
  if (line.empty())
    return {};
  const auto start = std::string_view{":srv "}.size();
  return line.substr(start, line.find(" :") - start);
}

std::string numerics_in(std::string_view lines) {
  std::string result;
  while (!lines.empty()) {
    const auto number = lines.substr(5, 3);
    if (!result.ends_with(number))
      result.append(result.empty() ? "" : " ").append(number);
    lines.remove_prefix(lines.find('\n') + 1);
  }
  return result;
}

room_summary room(std::string name, std::size_t members, std::int64_t made_minutes_ago,
                  std::int64_t topic_minutes_ago = -1) {
  room_summary result;
  result.name = std::move(name);
  result.members = members;
  result.made_ms = now - made_minutes_ago * ms_per_minute;
  if (topic_minutes_ago >= 0)
    result.topic_ms = now - topic_minutes_ago * ms_per_minute;
  return result;
}

// The channels that `LIST what` shows, each with a blank behind it.
std::string listed(std::string what) {
  listing page;
  page.rooms = {room("chan1", 1, 3, 3), room("Chan2", 2, 1), room("tea", 30, 100, 1)};
  std::string_view lines;
  const auto all = answered(question("LIST", {}, std::move(what)), outcome{page});
  std::string result;
  for (lines = all; !lines.empty(); lines.remove_prefix(lines.find('\n') + 1))
    if (lines.starts_with(":srv 322 me "))
      result += lines.substr(12, lines.find(' ', 12) - 11);
  return result;
}

}  // namespace

TEST_CASE("irc: burst: 001 002 003 004 005 251-255 265 266, the MOTD, at most 221") {
  identity who;
  who.nick = "al";
  who.user = "u";
  who.host = "h";
  auto asked = question("NICK", "al");
  asked.nick = "*";
  const auto greet = [&] {
    return answered(asked, outcome{welcomed{std::make_shared<const identity>(who), {}}});
  };
  const std::string plain = "001 002 003 004 005 251 252 253 254 255 265 266 422";
  CHECK(numerics_in(greet()) == plain);
  CHECK(greet().find(":srv 001 al :Welcome to Net, al!u@h\r\n") == 0);
  CHECK(greet().find(":srv 004 al srv confab-1 Biow beIklCimnstov\r\n") != std::string::npos);
  CHECK(greet().find(" * ") == std::string::npos);
  who.invisible = true;
  CHECK(numerics_in(greet()) == plain + " 221");
  CHECK(greet().ends_with(":srv 221 al +i\r\n"));
}

TEST_CASE("irc: LUSERS: numbers in 251 and 255 stand between blanks, A+B are all logged in") {
  const census counts{.users = 5,
                      .users_max = 9,
                      .users_here = 5,
                      .users_here_max = 9,
                      .invisible = 2,
                      .operators = 1,
                      .unregistered = 3,
                      .rooms = 4};
  CHECK(answered(question("LUSERS"), census_answer{counts}) ==
        ":srv 251 me :There are 3 users and 2 invisible on 1 servers\r\n"
        ":srv 252 me 1 :operators online\r\n"
        ":srv 253 me 3 :unknown connections\r\n"
        ":srv 254 me 4 :channels formed\r\n"
        ":srv 255 me :I have 5 clients and 0 servers\r\n"
        ":srv 265 me 5 9 :Current users 5, max 9\r\n"
        ":srv 266 me 5 9 :Current users 5, max 9\r\n");
}

TEST_CASE("irc: LUSERS: 251 and 266 are of all servers, 255 and 265 of this one") {
  const census counts{
      .users = 5, .users_max = 9, .users_here = 2, .users_here_max = 3, .other_nodes = 2};
  const auto told = answered(question("LUSERS"), census_answer{counts});
  for (const auto* line : {":srv 251 me :There are 5 users and 0 invisible on 3 servers\r\n",
                           ":srv 255 me :I have 2 clients and 2 servers\r\n",
                           ":srv 265 me 2 3 :Current users 2, max 3\r\n",
                           ":srv 266 me 5 9 :Current users 5, max 9\r\n"})
    CHECK(told.find(line) != std::string::npos);
}

TEST_CASE("irc: LINKS: 364 tells of each server and how far it is, 365 ends") {
  CHECK(answered(question("LINKS"), nodes_answer{}) == ":srv 365 me * :End of LINKS list\r\n");
  CHECK(answered(question("LINKS"), nodes_answer{{"one", "two"}}) ==
        ":srv 364 me srv srv :0 Confab\r\n"
        ":srv 364 me one srv :1 Confab\r\n"
        ":srv 364 me two srv :1 Confab\r\n"
        ":srv 365 me * :End of LINKS list\r\n");
}

TEST_CASE("irc: errors use the client's spelling") {
  const auto join = question("JOIN", "#CAFE");
  CHECK(refused_with(refusal::wrong_key, join) == "475 me #CAFE");
  CHECK(refused_with(refusal::invite_only, join) == "473 me #CAFE");
  CHECK(refused_with(refusal::banned, join) == "474 me #CAFE");
  CHECK(refused_with(refusal::room_full, join) == "471 me #CAFE");
  CHECK(refused_with(refusal::too_many_rooms, join) == "437 me #CAFE");
  CHECK(refused_with(refusal::in_too_many_rooms, join) == "405 me #CAFE");
  CHECK(refused_with(refusal::name_too_long, join) == "479 me #CAFE");
  CHECK(refused_with(refusal::not_in_room, question("PART", "#CAFE")) == "442 me #CAFE");
  CHECK(refused_with(refusal::no_such_room, question("PART", "#CAFE")) == "403 me #CAFE");
  CHECK(refused_with(refusal::not_room_operator, question("TOPIC", "#CAFE")) == "482 me #CAFE");
}

TEST_CASE("irc: a text refused is 404, 403, 401 or 531, a NOTICE has no reply ever") {
  const auto text = question("PRIVMSG", "#c");
  for (const auto why : {refusal::not_in_room, refusal::may_not_speak, refusal::banned}) {
    CHECK(refused_with(why, text) == "404 me #c");
    CHECK(refused_with(why, question("TAGMSG", "#c")) == "404 me #c");
    CHECK(refused_with(why, question("NOTICE", "#c")).empty());
  }
  CHECK(refused_with(refusal::no_such_room, text) == "403 me #c");
  CHECK(refused_with(refusal::no_such_nick, question("PRIVMSG", "al")) == "401 me al");
  CHECK(refused_with(refusal::takes_no_messages, question("PRIVMSG", "b/tagged")) ==
        "531 me b/tagged");
  CHECK(refused_with(refusal::takes_no_messages, question("NOTICE", "b/tagged")).empty());
}

TEST_CASE("irc: KICK, INVITE and MODE name the nick, and then the channel") {
  const auto kick = question("KICK", "#c", "AL");
  CHECK(refused_with(refusal::no_such_nick, kick) == "401 me AL");
  CHECK(refused_with(refusal::not_a_member, kick) == "441 me AL #c");
  CHECK(refused_with(refusal::not_room_operator, kick) == "482 me #c");
  const auto invite = question("INVITE", "AL", "#C");
  CHECK(refused_with(refusal::no_such_nick, invite) == "401 me AL");
  CHECK(refused_with(refusal::is_a_member, invite, "al") == "443 me al #C");
  CHECK(refused_with(refusal::no_such_room, invite) == "403 me #C");
  CHECK(refused_with(refusal::not_in_room, invite) == "442 me #C");
  const auto mode = question("MODE", "#c");
  CHECK(refused_with(refusal::not_a_member, mode, "bo") == "441 me bo #c");
  CHECK(refused_with(refusal::list_full, mode, "b *!*@x") == "478 me #c *!*@x b");
}

TEST_CASE("irc: 433 taken, 432 too long, 464 wrong password, 481 no operator of the server") {
  auto nick = question("NICK", "al");
  nick.nick = "*";
  CHECK(refused_with(refusal::nick_in_use, nick) == "433 * al");
  CHECK(refused_with(refusal::name_too_long, nick) == "432 * al");
  CHECK(refused_with(refusal::wrong_password, question("OPER", "me")) == "464 me");
  CHECK(refused_with(refusal::not_server_operator, question("KILL", "al")) == "481 me");
}

TEST_CASE("irc: LIST: 321, 322 `C count :topic`, 323, in pages") {
  listing page;
  page.rooms = {room("Cafe", 3, 0), room("not seen", 1, 0)};
  page.rooms.front().topic = "tea time";
  page.last = false;
  CHECK(answered(question("LIST"), outcome{page}) ==
        ":srv 321 me Channel :Users Topic\r\n:srv 322 me #Cafe 3 :tea time\r\n");
  page.first = false;
  page.last = true;
  page.rooms.clear();
  CHECK(answered(question("LIST"), outcome{page}) == ":srv 323 me :End of /LIST\r\n");
}

TEST_CASE("irc: LIST: what: `C,C`, mask, `!mask`") {
  CHECK(listed("") == "#chan1 #Chan2 #tea ");
  CHECK(listed("#chan2,#TEA,#no") == "#Chan2 #tea ");
  CHECK(listed("*an2") == "#Chan2 ");
  CHECK(listed("#ch*") == "#chan1 #Chan2 ");
  CHECK(listed("!#ch*") == "#tea ");
  CHECK(listed("#ch*,!*1") == "#Chan2 ");
  CHECK(listed("*an3").empty());
  CHECK(listed("chan1").empty());
}

TEST_CASE("irc: LIST: `>n` `<n` members, `C>m` `C<m` made, `T>m` `T<m` topic set") {
  CHECK(listed(">0") == "#chan1 #Chan2 #tea ");
  CHECK(listed(">1") == "#Chan2 #tea ");
  CHECK(listed("<2") == "#chan1 ");
  CHECK(listed(">1,<30") == "#Chan2 ");
  CHECK(listed("C>2") == "#chan1 #tea ");
  CHECK(listed("C<2") == "#Chan2 ");
  CHECK(listed("C<0").empty());
  CHECK(listed("T>2") == "#chan1 ");
  CHECK(listed("T<2") == "#tea ");
  CHECK(listed("t>0") == "#chan1 #tea ");
  CHECK(listed("C<99999999999999999999999") == "#chan1 #Chan2 #tea ");
  CHECK(listed("#*,C>2,T<2") == "#tea ");
  CHECK(listed("C>x").empty());  // That is a mask.
  CHECK(listed(",,") == "#chan1 #Chan2 #tea ");
}

TEST_CASE("irc: LIST: masks that take too long to compare show no channel, and cost little") {
  const std::string name(100, 'a');
  const std::string slow = "*" + std::string(90, 'a') + "b";
  const auto shown = [&](const std::string& masks) {
    listing page;
    page.rooms = {room(name, 1, 0)};
    return answered(question("LIST", {}, masks), outcome{page}).find(name) != std::string::npos;
  };
  CHECK(shown("*a"));
  CHECK(shown(slow + ",*a"));
  CHECK(shown("!" + slow));
  std::string wanted;
  std::string unwanted;
  for (std::size_t steps = 0; steps <= irc::list_steps_per_channel_max; steps += 90) {
    wanted += slow + ",";
    unwanted += ",!" + slow;
  }
  CHECK_FALSE(shown(wanted + "*a"));
  CHECK_FALSE(shown("*a" + unwanted));
}
