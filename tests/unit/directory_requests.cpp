// The directory, one message at a time: private texts, questions and wishes.

#include "actors/directory.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/directory_world.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

using strings = std::vector<std::string>;

// -- private texts ----------------------------------------------------------------

TEST_CASE("a private text goes to its target and to its author, under the target's own nick") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "Bob");
  all.log_in(101, "dan");
  all.forget_wire();
  all.tell(1, "bOB", "hi");
  CHECK(all.heard(2) == "alice>Bob: hi;");
  CHECK(all.heard(1) == "alice>Bob: hi;[done]");
  all.forget_wire();
  all.tell(101, "alice", "yo");
  CHECK(all.heard(1) == "dan>alice: yo;");
  CHECK(all.heard(101) == "dan>alice: yo;[done]");
  CHECK(all.awaited() == 1);
}

TEST_CASE("who speaks to itself is in the audience once") {
  directory_world all;
  all.log_in(1, "alice");
  all.forget_wire();
  all.tell(1, "alice", "note");
  CHECK(all.heard(1) == "alice>alice: note;[done]");
}

TEST_CASE("a text to nobody, or to a client of another protocol, is refused") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in_numbered(2, "bob/tagged");
  all.forget_wire();
  all.tell(1, "nobody", "hi");
  all.tell(1, "BOB/tagged", "hi");
  CHECK(all.heard(1) == "no_such_nick nobody;[done]takes_no_messages BOB/tagged;[done]");
  CHECK(all.heard(2).empty());
}

TEST_CASE("who is away is reported to who sends it a message, and never to who sends a notice") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.set_away(2, "lunch");
  all.forget_wire();
  all.tell(1, "bob", "hi");
  CHECK(all.heard(1) == "alice>bob: hi;away bob lunch;[done]");
  all.forget_wire();
  all.tell(1, "bob", "hi", text_kind::notice);
  CHECK(all.heard(1) == "alice>bob: hi;[done]");
}

TEST_CASE("private texts are stamped with numbers and times that grow") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.tell(1, "bob", "a");
  all.tell(2, "alice", "b");
  const auto stamps = all.stamps();
  REQUIRE(stamps.size() == 2);
  CHECK(stamps[0].room == 0);
  CHECK(stamps[1].sequence > stamps[0].sequence);
  CHECK(stamps[1].first_ms > stamps[0].first_ms);
}

// -- questions ----------------------------------------------------------------------

TEST_CASE(
    "whois tells the rooms with the client's prefixes, and secret ones only to who is there") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.log_in(3, "carol");
  all.log_in(4, "oper", [](identity& who) { who.server_operator = true; });
  all.enter(1, "open", {.room_operator = true});
  all.enter(1, "hidden", {.has_voice = true, .secret = true});
  all.enter(2, "hidden", {.secret = true});
  const ask_directory question{client_question::whois, {"Alice"}};
  CHECK(all.ask(1, question) == "whois alice @open +hidden;");
  CHECK(all.ask(2, question) == "whois alice @open +hidden;");
  CHECK(all.ask(3, question) == "whois alice @open;");
  CHECK(all.ask(4, question) == "whois alice @open +hidden;");
  all.leave(1, "open");
  CHECK(all.ask(3, question) == "whois alice;");
  CHECK(all.ask(3, {client_question::whois, {"nobody"}}) == "no_such_nick nobody;");
}

TEST_CASE("a room that stops being secret is told to all") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.enter(1, "r", {.secret = true});
  CHECK(all.ask(2, {client_question::whois, {"alice"}}) == "whois alice;");
  all.enter(1, "r", {.room_operator = true});
  CHECK(all.ask(2, {client_question::whois, {"alice"}}) == "whois alice @r;");
}

TEST_CASE("a room that becomes secret is told to outsiders no more, whoever is in it") {
  directory_world all;
  for (const connection_key key : {1U, 2U, 3U})
    all.log_in(key, "n" + std::to_string(key));
  all.enter(1, "r", {.room_operator = true});
  all.enter(2, "r", {.has_voice = true});
  all.make_secret("r", true);
  all.make_secret("nowhere", true);
  CHECK(all.ask(3, {client_question::whois, {"n1"}}) == "whois n1;");
  CHECK(all.ask(3, {client_question::whois, {"n2"}}) == "whois n2;");
  CHECK(all.ask(1, {client_question::whois, {"n2"}}) == "whois n2 +r;");
  all.make_secret("r", false);
  CHECK(all.ask(3, {client_question::whois, {"n1"}}) == "whois n1 @r;");
  CHECK(all.ask(3, {client_question::whois, {"n2"}}) == "whois n2 +r;");
  CHECK(all.counts().rooms == 1);
}

TEST_CASE("whowas tells who has quit or was renamed, newest first") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob", [](identity& who) { who.user = "one"; });
  all.quit(2);
  all.log_in(3, "Bob", [](identity& who) { who.user = "two"; });
  const auto before = all.who(3).who;
  all.claim(3, "robert");
  all.rename_settles(3, "robert", before);
  CHECK(all.ask(1, {client_question::whowas, {"bob"}}) == "whowas two one;");
  CHECK(all.ask(1, {client_question::whowas, {"bob"}, 1}) == "whowas two;");
  CHECK(all.ask(1, {client_question::whowas, {"alice"}}) == "was_no_such_nick alice;");
}

TEST_CASE("ison and userhost tell who is there, in the order of the question") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  const strings nicks{"BOB", "nobody", "alice"};
  CHECK(all.ask(1, {client_question::ison, nicks}) == "present bob alice;");
  CHECK(all.ask(1, {client_question::userhost, nicks}) == "present bob alice;");
}

TEST_CASE("a mask finds nick, user, host and real name, a nick finds one client only") {
  directory_world all;
  all.log_in(1, "alice", [](identity& who) { who.user = "u1"; });
  all.log_in(2, "bob", [](identity& who) { who.host = "far.ip"; });
  all.log_in(3, "bobby", [](identity& who) { who.real_name = "Robert B"; });
  CHECK(all.ask(1, {client_question::who, {"b*"}}) == "who bob bobby;");
  CHECK(all.ask(1, {client_question::who, {"BOB"}}) == "who bob;");
  CHECK(all.ask(1, {client_question::who, {"U1"}}) == "who alice;");
  CHECK(all.ask(1, {client_question::who, {"far.*"}}) == "who bob;");
  CHECK(all.ask(1, {client_question::who, {"rob*"}}) == "who bobby;");
  CHECK(all.ask(1, {client_question::who, {"x"}}) == "who ;");
  CHECK(all.ask(1, {client_question::who, {"0"}}) == "who alice bob bobby;");
}

TEST_CASE("a mask skips invisible users without a room in common, a nick does not") {
  const auto hide = [](identity& who) { who.invisible = true; };
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob", hide);
  all.log_in(3, "oper", [](identity& who) { who.server_operator = true; });
  CHECK(all.counts().invisible == 1);
  CHECK(all.counts().operators == 1);
  CHECK(all.ask(1, {client_question::who, {"b*"}}) == "who ;");
  CHECK(all.ask(2, {client_question::who, {"b*"}}) == "who bob;");
  CHECK(all.ask(3, {client_question::who, {"b*"}}) == "who bob;");
  CHECK(all.ask(1, {client_question::who, {"bob"}}) == "who bob;");
  all.enter(1, "r");
  all.enter(2, "other");
  CHECK(all.ask(1, {client_question::who, {"b*"}}) == "who ;");
  all.enter(2, "r", {.room_operator = true});
  CHECK(all.ask(1, {client_question::who, {"b*"}}) == "who bob(@r);");
  CHECK(all.ask(1, {client_question::who, {"bob"}}) == "who bob(@r);");
}

TEST_CASE("the answer to a mask has a limited number of rows") {
  directory_world all;
  for (connection_key key = 0; key < who_rows_max + 5; ++key)
    all.log_in(1000 + key, "n" + std::to_string(key));
  const auto rows = [&](std::size_t count_max) {
    const auto told = all.ask(1000, {client_question::who, {"*"}, count_max});
    return static_cast<std::size_t>(std::count(told.begin(), told.end(), ' '));
  };
  CHECK(rows(0) == who_rows_max);
  CHECK(rows(7) == 7);
}

TEST_CASE("the census counts sessions and rooms") {
  directory_world all;
  all.arrive(9);
  all.log_in(1, "alice");
  all.enter(1, "r");
  CHECK(all.ask(1, {client_question::census}) == "census 1 users 1 unregistered 1 rooms;");
  all.fail(9);
  CHECK(all.ask(1, {client_question::census}) == "census 1 users 0 unregistered 1 rooms;");
}

// -- watching -----------------------------------------------------------------------

TEST_CASE("who begins to watch a nick is told whether it is there") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "Bob");
  CHECK(all.watch(1, watch::action::add, {"bob", "carol"}) == "online Bob;offline carol;");
  CHECK(all.watch(1, watch::action::list) == "watched bob carol;");
  CHECK(all.watch(1, watch::action::status) == "online Bob;offline carol;");
  CHECK(all.watch(1, watch::action::remove, {"BOB"}).empty());
  CHECK(all.watch(1, watch::action::list) == "watched carol;");
  CHECK(all.watch(1, watch::action::clear).empty());
  CHECK(all.watch(1, watch::action::list) == "watched ;");
  CHECK(all.watch(1, watch::action::status).empty());
}

TEST_CASE("what does not fit on the list of a watcher is refused, the rest is added") {
  directory_world all;
  all.log_in(1, "alice");
  strings nicks;
  for (std::size_t i = 1; i < watched_nicks_max; ++i)
    nicks.push_back("n" + std::to_string(i));
  all.watch(1, watch::action::add, nicks);
  CHECK(all.watch(1, watch::action::add, {"x", "y", "n1", "z"}) ==
        "offline x n1;watch_list_full y,z;");
}

// -- server operators ------------------------------------------------------------------

TEST_CASE("only a server operator ends the connection of another client, whose nick must exist") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "oper", [](identity& who) { who.server_operator = true; });
  CHECK(all.want(1, kill{"oper", "why"}) == "not_server_operator oper;");
  CHECK(all.want(2, kill{"nobody", "why"}) == "no_such_nick nobody;");
  CHECK(all.told(2).back() == "named oper, 2 users");
}

TEST_CASE("a killer's receipt waits until all have heard of the end of its victim") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "oper", [](identity& who) { who.server_operator = true; });
  all.forget_wire();
  CHECK(all.want(2, kill{"Alice", "why"}).empty());
  CHECK(all.told(1).back() == "killed Killed (oper (why))");
  CHECK(all.heard(2).empty());
  all.quit(1);
  CHECK(all.heard(2) == "[done]");
}

TEST_CASE("a killer goes on also when its victim fails, and waits for one victim only") {
  directory_world all;
  for (const connection_key key : {1U, 2U})
    all.log_in(key, "n" + std::to_string(key));
  all.log_in(3, "oper", [](identity& who) { who.server_operator = true; });
  all.forget_wire();
  all.want(3, kill{"n1", "why"});
  all.want(3, kill{"n2", "why"});
  CHECK(all.heard(3) == "[done]");
  all.fail(2);
  CHECK(all.heard(3) == "[done][done]");
  all.fail(1);
  CHECK(all.heard(3) == "[done][done]");
}

TEST_CASE("a server operator that kills itself gets the one receipt of its end") {
  directory_world all;
  all.log_in(1, "oper", [](identity& who) { who.server_operator = true; });
  all.forget_wire();
  all.want(1, kill{"oper", "why"});
  all.quit(1);
  CHECK(all.heard(1) == "[done]");
}

TEST_CASE("what a server operator says to all reaches whoever listens to that, once") {
  const auto listen = [](identity& who) { who.hears_wallops = true; };
  directory_world all;
  all.log_in(1, "oper", [](identity& who) { who.server_operator = true; });
  all.log_in(2, "bob", listen);
  all.log_in(3, "carol");
  all.log_in(101, "dan", listen);
  all.forget_wire();
  CHECK(all.want(3, say_to_all{"no"}) == "not_server_operator ;");
  all.forget_wire();
  all.want(1, say_to_all{"hear"});
  CHECK(all.heard(1) == "[done]");
  CHECK(all.heard(2) == "oper to all: hear;");
  CHECK(all.heard(3).empty());
  CHECK(all.heard(101) == "oper to all: hear;");
}

// -- invitations --------------------------------------------------------------------------

TEST_CASE("an invitation goes on to the registry, with the client that it is for") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(101, "Bob");
  CHECK(all.invite(1, "bob", "R") == "passed on: Bob at 101 into R;");
  CHECK(all.invite(1, "nobody", "R") == "no_such_nick nobody;");
}

TEST_CASE("a client sees the rooms that it was invited to until it enters them or they end") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  const ask_directory question{client_question::invitations};
  for (const char* room : {"a", "b", "c"}) {
    all.enter(1, room);
    all.accept_invitation(2, room);
  }
  all.accept_invitation(2, "a");
  CHECK(all.ask(2, question) == "invited to b c a;");
  all.enter(2, "b");
  CHECK(all.ask(2, question) == "invited to c a;");
  all.leave(1, "c");
  all.enter(1, "c");
  CHECK(all.ask(2, question) == "invited to a;");
  CHECK(all.ask(1, question) == "invited to ;");
}

TEST_CASE("an invitation that the room has not accepted is not remembered, nor one for a member") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.log_in(3, "oper", [](identity& who) { who.server_operator = true; });
  all.enter(2, "r");
  all.enter(3, "s");
  all.invite(1, "bob", "r");
  all.invite(2, "alice", "r");
  all.invite(3, "alice", "r");
  all.accept_invitation(2, "r");
  all.accept_invitation(1, "nowhere");
  all.accept_invitation(9, "r");
  CHECK(all.ask(1, {client_question::invitations}) == "invited to ;");
  CHECK(all.ask(2, {client_question::invitations}) == "invited to ;");
  all.accept_invitation(1, "r");
  CHECK(all.ask(1, {client_question::invitations}) == "invited to r;");
}

TEST_CASE("of many invitations the oldest is forgotten, whatever rooms refuse meanwhile") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  for (std::size_t i = 0; i <= invitations_max; ++i) {
    const auto room = "r" + std::to_string(i);
    all.enter(1, room);
    all.accept_invitation(2, room);
    all.enter(1, "not" + room);
    all.invite(1, "bob", "not" + room);
  }
  const auto told = all.ask(2, {client_question::invitations});
  CHECK(told.starts_with("invited to r1 r2 "));
  CHECK(told.ends_with(" r100;"));
}

TEST_CASE("texts and other visible deeds update when a client was last active") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  const auto active_ms = [&] {
    all.ask(2, {client_question::whois, {"alice"}});
    return all.last_view().active_ms - all.last_view().login_ms;
  };
  CHECK(active_ms() == 0);
  all.pass(1000);
  CHECK(active_ms() == 0);
  all.tell(1, "bob", "hi");
  CHECK(active_ms() == 1000);
  all.pass(500);
  all.touch(1);
  CHECK(active_ms() == 1500);
}

TEST_CASE("a question ends when it has looked at enough, whatever its mask is made for") {
  const std::string slow = "*" + std::string(200, 'a') + "b";
  directory_world all;
  for (connection_key key = 1000; key < 1300; ++key)
    all.log_in(key, "n" + std::to_string(key),
               [](identity& who) { who.real_name = std::string(400, 'a'); });
  all.log_in(2000, "late", [](identity& who) { who.real_name = std::string(200, 'a') + "b"; });
  CHECK(all.ask(2000, {client_question::who, {slow}}) == "who ;");
  CHECK(all.ask(2000, {client_question::who, {"*b"}}) == "who late;");
}
