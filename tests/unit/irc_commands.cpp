// What each command becomes.

#include "io/dialects/irc/server_facts.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_conversation.hpp"

using namespace confab;
using namespace confab::irc;
using test::irc_conversation;

namespace {

std::string numeric_line(std::string_view rest) {
  return std::string{":srv.example "}.append(rest).append("\r\n");
}

std::vector<command> commands_of(irc_conversation& client, std::string_view line) {
  std::vector<command> result;
  for (auto& each : client.send(std::string{line}.append("\r\n")))
    result.push_back(std::move(each.what));
  return result;
}

join_room join_of(std::string room, std::string key = {}) {
  return {std::move(room), join_mode::open_or_make, std::move(key), true};
}

using commands = std::vector<command>;

}  // namespace

TEST_CASE("irc: JOIN: keys pair with channels in order, the last ones may be missing") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "JOIN #a,#b,##c k1,k2") ==
        commands{join_of("a", "k1"), join_of("b", "k2"), join_of("#c")});
  const auto got = client.one("JOIN #Cafe");
  CHECK(got.about.verb == "JOIN");
  CHECK(got.about.subject == "#Cafe");
}

TEST_CASE("irc: JOIN: a key belongs to its channel although that comes twice or is none") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "JOIN #a,#A,bad,#b k1,k2,k3,k4") ==
        commands{join_of("a", "k1"), respond{numeric_line("403 alice bad :No such channel")},
                 join_of("b", "k4")});
}

TEST_CASE("irc: JOIN is 403 without #, 479 for a bad name") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("JOIN a") == numeric_line("403 alice a :No such channel"));
  CHECK(client.answer("JOIN #") == numeric_line("479 alice # :Illegal channel name"));
  CHECK(client.answer("JOIN #\x7F") == numeric_line("479 alice #\x7F :Illegal channel name"));
  CHECK(std::holds_alternative<join_room>(client.one("JOIN #" + std::string(64, 'x')).what));
  const auto longer = "#" + std::string(65, 'x');
  CHECK(client.answer("JOIN " + longer) ==
        numeric_line("479 alice " + longer + " :Illegal channel name"));
  CHECK(client.answer("JOIN :,") == numeric_line("461 alice JOIN :Not enough parameters"));
}

TEST_CASE("irc: JOIN takes as many channels as a line holds") {
  auto client = irc_conversation::logged_in();
  std::string line = "JOIN #a";
  std::size_t count = 1;
  for (char letter = 'b'; letter <= 'z'; ++letter, ++count)
    line.append(",#").append(1, letter);
  CHECK(client.send(line + "\r\n").size() == count);
}

TEST_CASE("irc: JOIN 0 leaves all rooms, one after the other") {
  auto client = irc_conversation::logged_in();
  client.enter("a");
  client.enter("#b");
  const auto got = client.send("JOIN 0\r\nPING x\r\n");
  REQUIRE(got.size() == 3);
  CHECK(got[0].what == command{leave_room{"#b"}});
  CHECK(got[0].about.subject == "##b");
  CHECK(got[1].what == command{leave_room{"a"}});
  CHECK(client.send("JOIN 0\r\n").empty());
}

TEST_CASE("irc: JOIN 0 comes to an end whatever the session does") {
  auto chosen = irc_conversation::default_settings();
  chosen.rooms_per_client_max = 3;
  auto client = irc_conversation::logged_in(chosen);
  for (int index = 0; index < 10; ++index)
    client.enter("same" + std::to_string(index));
  CHECK(client.send("JOIN 0\r\n").size() == 3);
}

TEST_CASE("irc: PART names each channel once, with the reason") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "PART #a,x,#A,#b :so long") ==
        commands{leave_room{"a", "so long"}, respond{numeric_line("403 alice x :No such channel")},
                 leave_room{"b", "so long"}});
  CHECK(client.one("PART #a").what == command{leave_room{"a", ""}});
}

TEST_CASE("irc: TOPIC asks, sets or clears") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("TOPIC #a").what == command{ask_room{"a", room_question::topic}});
  CHECK(client.one("TOPIC #a :t t").what == command{set_topic{"a", "t t"}});
  CHECK(client.one("TOPIC #a :").what == command{set_topic{"a", ""}});
  CHECK(client.answer("TOPIC a :t") == numeric_line("403 alice a :No such channel"));
  const auto limit = isupport_of(irc_conversation::default_settings()).topic_bytes_max;
  CHECK(client.one("TOPIC #a :" + std::string(limit + 1, 'x')).what ==
        command{set_topic{"a", std::string(limit, 'x')}});
}

TEST_CASE("irc: NAMES ends once, with the argument as sent") {
  auto client = irc_conversation::logged_in();
  const auto got = client.send("NAMES #a,bad,#B,#a\r\n");
  REQUIRE(got.size() == 2);
  CHECK(got[0].what == command{ask_room{"a", room_question::names}});
  CHECK(got[0].about.detail.empty());
  CHECK(got[1].what == command{ask_room{"B", room_question::names}});
  CHECK(got[1].about.detail == "#a,bad,#B,#a");
}

TEST_CASE("irc: NAMES without a channel that can be asked about is only an end") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("NAMES") == numeric_line("366 alice * :End of NAMES list"));
  CHECK(client.answer("NAMES invalid") == numeric_line("366 alice invalid :End of NAMES list"));
}

TEST_CASE("irc: NAMES takes 4 channels") {
  auto client = irc_conversation::logged_in();
  const auto got = client.send("NAMES #a,#b,#c,#d,#e\r\n");
  REQUIRE(got.size() == 4);
  CHECK(got[3].about.subject == "#d");
  CHECK(got[3].about.detail == "#a,#b,#c,#d,#e");
}

TEST_CASE("irc: LIST has its filter as sent") {
  auto client = irc_conversation::logged_in();
  const auto got = client.one("LIST >0,C<5");
  CHECK(got.what == command{list_rooms{}});
  CHECK(got.about.detail == ">0,C<5");
}

TEST_CASE("irc: INVITE is about a nick, the channel is the detail, bare it asks") {
  auto client = irc_conversation::logged_in();
  const auto got = client.one("INVITE bob #a");
  CHECK(got.what == command{invite{"bob", "a"}});
  CHECK(got.about.subject == "bob");
  CHECK(got.about.detail == "#a");
  CHECK(client.one("INVITE").what == command{ask_directory{client_question::invitations}});
  CHECK(client.answer("INVITE bob") == numeric_line("461 alice INVITE :Not enough parameters"));
  CHECK(client.answer("INVITE bob a") == numeric_line("403 alice a :No such channel"));
}

TEST_CASE("irc: KICK takes one channel with many nicks, or as many of both") {
  auto client = irc_conversation::logged_in();
  const auto got = client.send("KICK #a bob,bob,carl :bye\r\n");
  REQUIRE(got.size() == 2);
  CHECK(got[0].what == command{kick{"a", "bob", "bye"}});
  CHECK(got[0].about.subject == "#a");
  CHECK(got[0].about.detail == "bob");
  CHECK(got[1].what == command{kick{"a", "carl", "bye"}});
  CHECK(commands_of(client, "KICK #a,#b bob,bob") ==
        commands{kick{"a", "bob", ""}, kick{"b", "bob", ""}});
  CHECK(client.answer("KICK #a,#b bob") == numeric_line("461 alice KICK :Not enough parameters"));
  CHECK(client.answer("KICK a bob") == numeric_line("403 alice a :No such channel"));
}

TEST_CASE("irc: KICK takes 4 nicks") {
  auto client = irc_conversation::logged_in();
  CHECK(client.send("KICK #a b,c,d,e,f\r\n").size() == 4);
}

TEST_CASE("irc: MODE C asks, changes, and asks for lists") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("MODE #a").what == command{ask_room{"a", room_question::modes}});
  CHECK(client.one("MODE #a b").what == command{ask_room{"a", room_question::bans}});
  CHECK(commands_of(client, "MODE #a +oeI bob") == commands{change_modes{"a", {{true, 'o', "bob"}}},
                                                            ask_room{"a", room_question::excepts},
                                                            ask_room{"a", room_question::invexes}});
  CHECK(client.send("MODE #a +\r\n").empty());
  CHECK(client.answer("MODE a") == numeric_line("502 alice :Cannot change mode for other users"));
  CHECK(client.answer("MODE #") == numeric_line("403 alice # :No such channel"));
}

TEST_CASE("irc: MODE C tells mistakes behind the changes: 472, 696") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "MODE #a +Zkil-Z :b d") ==
        commands{change_modes{"a", {{true, 'i', ""}}},
                 respond{numeric_line("472 alice Z :is unknown mode char to me") +
                         numeric_line("696 alice #a k * :Invalid mode parameter") +
                         numeric_line("696 alice #a l * :Invalid mode parameter")}});
  CHECK(client.answer("MODE #a +l 0") == numeric_line("696 alice #a l 0 :Invalid mode parameter"));
}

TEST_CASE("irc: MODE N is 221, changes, or 501, of others 502") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("MODE Alice") == numeric_line("221 alice +"));
  CHECK(commands_of(client, "MODE alice +iZ-w") ==
        commands{set_user_modes{{{true, 'i', ""}, {false, 'w', ""}}},
                 respond{numeric_line("501 alice :Unknown MODE flag")}});
  CHECK(client.send("MODE alice +o\r\n").empty());
  client.become_operator_of_server();
  CHECK(client.answer("MODE alice") == numeric_line("221 alice +o"));
  CHECK(client.answer("MODE bob +i") ==
        numeric_line("502 alice :Cannot change mode for other users"));
}

TEST_CASE("irc: PRIVMSG goes to channels, to those of a rank there, and to nicks") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "PRIVMSG #a,@#a,+#b,bob/tagged :hi all") ==
        commands{say{"hi all", "a"}, say{"hi all", "a", text_kind::message, nullptr, '@'},
                 say{"hi all", "b", text_kind::message, nullptr, '+'},
                 tell{"bob/tagged", "hi all"}});
  const auto got = client.one("PRIVMSG @#A x");
  CHECK(got.about.verb == "PRIVMSG");
  CHECK(got.about.subject == "#A");
}

TEST_CASE("irc: PRIVMSG is told to each target once") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "PRIVMSG bob,Bob,,bob :hi") == commands{tell{"bob", "hi"}});
}

TEST_CASE("irc: PRIVMSG is 411 without a target, 412 without a text, 403 for a bad channel") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("PRIVMSG") == numeric_line("411 alice :No recipient given (PRIVMSG)"));
  CHECK(client.answer("PRIVMSG :") == numeric_line("411 alice :No recipient given (PRIVMSG)"));
  CHECK(client.answer("PRIVMSG #a") == numeric_line("412 alice :No text to send"));
  CHECK(client.answer("PRIVMSG #a :") == numeric_line("412 alice :No text to send"));
  CHECK(client.answer("PRIVMSG # :x") == numeric_line("403 alice # :No such channel"));
}

TEST_CASE("irc: PRIVMSG to more than 4 targets is 407, and none is told") {
  auto client = irc_conversation::logged_in();
  CHECK(client.send("PRIVMSG a,b,c,d :x\r\n").size() == 4);
  CHECK(commands_of(client, "PRIVMSG a,b,c,d,e :x") ==
        commands{respond{numeric_line("407 alice e :Too many targets: nobody was told")}});
}

TEST_CASE("irc: NOTICE: no reply ever") {
  auto client = irc_conversation::logged_in();
  for (const std::string line :
       {"NOTICE", "NOTICE :", "NOTICE #a", "NOTICE #a :", "NOTICE # :x", "NOTICE a,b,c,d,e :x"})
    CHECK(client.send(line + "\r\n").empty());
  CHECK(client.one("NOTICE #a :x").what == command{say{"x", "a", text_kind::notice}});
  CHECK(client.one("NOTICE bob :x").what == command{tell{"bob", "x", text_kind::notice}});
}

TEST_CASE("irc: only +client tags are relayed, as they were sent") {
  auto client = irc_conversation::logged_in();
  client.send("CAP REQ :message-tags\r\n");
  const auto got = client.one("@+a=b\\:c;time=x;+d/e PRIVMSG #a :x");
  const auto tags = std::get<say>(got.what).tags;
  REQUIRE(tags);
  CHECK(*tags == "+a=b\\:c;+d/e");
  CHECK(std::get<say>(client.one("@time=x PRIVMSG #a :x").what).tags == nullptr);
}

TEST_CASE("irc: a client without message-tags has no tags") {
  auto client = irc_conversation::logged_in();
  CHECK(std::get<say>(client.one("@+a=b PRIVMSG #a :x").what).tags == nullptr);
  CHECK(client.send("@+a=b TAGMSG #a\r\n").empty());
}

TEST_CASE("irc: TAGMSG has tags and no text, without tags there is nothing to tell") {
  auto client = irc_conversation::logged_in();
  client.send("CAP REQ :message-tags\r\n");
  const auto got = std::get<tell>(client.one("@+a TAGMSG bob").what);
  CHECK(got.kind == text_kind::tags_only);
  CHECK(got.text.empty());
  CHECK(*got.tags == "+a");
  CHECK(client.send("@a TAGMSG bob\r\n").empty());
  CHECK(client.answer("TAGMSG") == numeric_line("461 alice TAGMSG :Not enough parameters"));
}

TEST_CASE("irc: WHO asks a room or the directory, with the WHOX part as detail") {
  auto client = irc_conversation::logged_in();
  auto got = client.one("WHO #A %tn,12");
  CHECK(got.what == command{ask_room{"A", room_question::who}});
  CHECK(got.about.subject == "#A");
  CHECK(got.about.detail == "%tn,12");
  got = client.one("WHO al* n%t,1");
  CHECK(got.what == command{ask_directory{client_question::who, {"al*"}}});
  CHECK(got.about.detail == "%t,1");
  CHECK(client.one("WHO x o").about.detail.empty());
  CHECK(client.one("WHO 0").what == command{ask_directory{client_question::who, {"*"}}});
  CHECK(client.answer("WHO #") == numeric_line("315 alice # :End of WHO list"));
}

TEST_CASE("irc: WHOIS takes the nick behind the server, and is 431 without one") {
  auto client = irc_conversation::logged_in();
  const command expected{ask_directory{client_question::whois, {"bob"}}};
  CHECK(client.one("WHOIS bob").what == expected);
  CHECK(client.one("WHOIS srv.example bob").what == expected);
  CHECK(client.one("WHOIS bob,carl").what == expected);
  CHECK(client.one("WHOIS bob").about.subject == "bob");
  CHECK(client.answer("WHOIS") == numeric_line("431 alice :No nickname given"));
}

TEST_CASE("irc: WHOWAS: a count of 0 or less is all") {
  auto client = irc_conversation::logged_in();
  const auto asks_for = [](std::size_t count) {
    return command{ask_directory{client_question::whowas, {"bob"}, count}};
  };
  CHECK(client.one("WHOWAS bob").what == asks_for(0));
  CHECK(client.one("WHOWAS bob 2").what == asks_for(2));
  CHECK(client.one("WHOWAS bob 0").what == asks_for(0));
  CHECK(client.one("WHOWAS bob -1").what == asks_for(0));
  CHECK(client.one("WHOWAS bob 99999999999999999999").what == asks_for(0));
  CHECK(client.answer("WHOWAS") == numeric_line("431 alice :No nickname given"));
}

TEST_CASE("irc: USERHOST takes five nicks, ISON all of the line") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("USERHOST a b c d e f").what ==
        command{ask_directory{client_question::userhost, {"a", "b", "c", "d", "e"}}});
  CHECK(client.one("ISON a :b A  c").what ==
        command{ask_directory{client_question::ison, {"a", "b", "c"}}});
}

TEST_CASE("irc: MONITOR + - C L S") {
  auto client = irc_conversation::logged_in();
  using action = watch::action;
  CHECK(client.one("MONITOR + a,bob/tagged,A").what ==
        command{watch{action::add, {"a", "bob/tagged"}}});
  CHECK(client.one("MONITOR - a").what == command{watch{action::remove, {"a"}}});
  CHECK(client.one("MONITOR C").what == command{watch{action::clear}});
  CHECK(client.one("MONITOR l").what == command{watch{action::list}});
  CHECK(client.one("MONITOR S").what == command{watch{action::status}});
  CHECK(client.answer("MONITOR X") == numeric_line("461 alice MONITOR :Not enough parameters"));
  CHECK(client.answer("MONITOR +") == numeric_line("461 alice MONITOR :Not enough parameters"));
}

TEST_CASE("irc: MONITOR takes no masks") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "MONITOR + *!u@h,a") ==
        commands{watch{watch::action::add, {"a"}},
                 respond{numeric_line("432 alice *!u@h :Erroneous nickname")}});
}

TEST_CASE("irc: MONITOR takes no control characters, which would come back") {
  auto client = irc_conversation::logged_in();
  CHECK(commands_of(client, "MONITOR + b,a\rb") ==
        commands{watch{watch::action::add, {"b"}},
                 respond{numeric_line("432 alice * :Erroneous nickname")}});
  for (const std::string nick : {"a\x01",
                                 "\x1f"
                                 "a",
                                 "a\x7f", "a\t"})
    CHECK(client.answer("MONITOR + " + nick).starts_with(":srv.example 432 alice "));
}

TEST_CASE("irc: AWAY with a text, or back") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("AWAY :gone fishing").what == command{set_away{"gone fishing"}});
  CHECK(client.one("AWAY").what == command{set_away{}});
  CHECK(client.one("AWAY :").what == command{set_away{}});
  const auto limit = isupport_settings{}.away_text_bytes_max;
  CHECK(client.one("AWAY :" + std::string(limit + 9, 'x')).what ==
        command{set_away{std::string(limit, 'x')}});
}

TEST_CASE("irc: SETNAME needs a name") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("SETNAME :New Name").what == command{set_real_name{"New Name"}});
  CHECK(client.answer("SETNAME :") ==
        numeric_line("FAIL SETNAME INVALID_REALNAME :The real name is empty"));
}

TEST_CASE("irc: OPER, KILL and WALLOPS") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("OPER root secret").what == command{become_operator{"root", "secret"}});
  client.become_operator_of_server();
  CHECK(client.one("KILL bob").what == command{confab::kill{"bob", ""}});
  CHECK(client.one("KILL bob :spam spam").what == command{confab::kill{"bob", "spam spam"}});
  CHECK(client.one("WALLOPS :all of you").what == command{say_to_all{"all of you"}});
}

TEST_CASE("irc: QUIT tells why") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one("QUIT").what == command{quit{"Quit"}});
  CHECK(client.one("QUIT :").what == command{quit{"Quit"}});
  CHECK(client.one("QUIT :bye bye").what == command{quit{"Quit: bye bye"}});
}

TEST_CASE("irc: PING is answered, PONG is not, PING without a token is 461") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("PING a b") == numeric_line("PONG srv.example :a"));
  CHECK(client.answer("PING :") == numeric_line("461 alice PING :Not enough parameters"));
  CHECK(client.send("PONG a\r\n").empty());
}

TEST_CASE("irc: MOTD is 375 372 376, or 422") {
  auto chosen = irc_conversation::default_settings();
  auto client = irc_conversation::logged_in(chosen);
  CHECK(client.answer("MOTD") == numeric_line("422 alice :There is no message of the day"));
  chosen.motd = "one\r\n\ntwo\n";
  auto other = irc_conversation::logged_in(chosen);
  CHECK(other.answer("MOTD") == numeric_line("375 alice :- srv.example Message of the day -") +
                                    numeric_line("372 alice :- one") +
                                    numeric_line("372 alice :- ") +
                                    numeric_line("372 alice :- two") +
                                    numeric_line("376 alice :End of the message of the day"));
}

TEST_CASE("irc: what the server tells of itself") {
  auto chosen = irc_conversation::default_settings();
  chosen.started_ms = chosen.now_ms() - ((1 * 24 + 2) * 3600 + 3 * 60 + 4) * std::int64_t{1000};
  chosen.version = "confab 2.0";
  auto client = irc_conversation::logged_in(chosen);
  CHECK(client.answer("VERSION").starts_with(numeric_line("351 alice confab-2.0 srv.example :") +
                                             ":srv.example 005 alice "));
  CHECK(client.answer("TIME") ==
        numeric_line("391 alice srv.example 1700000000 0 :2023-11-14 22:13:20 UTC"));
  CHECK(client.answer("ADMIN") ==
        numeric_line("423 alice srv.example :No administrative info available"));
  CHECK(client.answer("STATS u") == numeric_line("242 alice :Server Up 1 days 2:03:04") +
                                        numeric_line("219 alice u :End of STATS report"));
  CHECK(client.answer("STATS") == numeric_line("219 alice * :End of STATS report"));
  CHECK(client.answer("INFO").ends_with(numeric_line("374 alice :End of INFO list")));
  CHECK(client.one("LUSERS").what == command{ask_directory{client_question::census}});
  CHECK(client.one("LINKS").what == command{ask_directory{client_question::nodes}});
}
