// The directory, one message at a time: who is who, and who hears of whom.

#include "actors/directory.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/directory_world.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

using strings = std::vector<std::string>;

// -- nicks ----------------------------------------------------------------------

TEST_CASE("the first claim of a client is its login, and no nick is given twice") {
  directory_world all;
  all.arrive(1);
  CHECK(all.counts().unregistered == 1);
  CHECK(all.log_in(1, "alice") == "named alice, 1 users");
  CHECK(all.log_in(2, "ALICE") == "refused nick_in_use");
  CHECK(all.log_in(2, "bob") == "named bob, 2 users");
  CHECK(all.counts().unregistered == 0);
  CHECK(all.counts().users == 2);
}

TEST_CASE("of clients that only have a stem, the second one gets a number, which it keeps") {
  directory_world all;
  CHECK(all.log_in_numbered(1, "bob/tagged") == "named bob/tagged, 1 users");
  CHECK(all.log_in_numbered(2, "bob/tagged") == "named bob/tagged2, 2 users");
  all.quit(1);
  CHECK(all.log_in_numbered(3, "bob/tagged") == "named bob/tagged, 2 users");
  CHECK(all.ask(3, {client_question::ison, {"bob/tagged2"}}) == "present bob/tagged2;");
}

TEST_CASE("who renames itself is found under both nicks until all were told") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  const auto before = all.who(1).who;
  CHECK(all.claim(1, "carol") == "named carol, 2 users");
  CHECK(all.claim(2, "alice") == "refused nick_in_use");
  CHECK(all.claim(2, "carol") == "refused nick_in_use");
  CHECK(all.ask(2, {client_question::ison, {"carol"}}) == "present alice;");
  CHECK(all.watch(2, watch::action::add, {"carol"}) == "offline carol;");
  all.rename_settles(1, "carol", before);
  CHECK(all.ask(2, {client_question::ison, {"carol"}}) == "present carol;");
  CHECK(all.ask(2, {client_question::ison, {"alice"}}) == "present ;");
  CHECK(all.claim(2, "alice") == "named alice, 2 users");
}

TEST_CASE("the own nick in another case is always allowed, and those who watch do not hear of it") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.watch(2, watch::action::add, {"alice"});
  const auto before = all.who(1).who;
  CHECK(all.claim(1, "ALICE") == "named ALICE, 2 users");
  all.forget_wire();
  all.rename_settles(1, "ALICE", before);
  CHECK(all.heard(2).empty());
  CHECK(all.ask(2, {client_question::ison, {"alice"}}) == "present ALICE;");
}

TEST_CASE("a nick is free at once after its client has quit or failed, or was not renamed to it") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.claim(1, "carol");
  all.quit(1);
  CHECK(all.log_in(3, "carol") == "named carol, 2 users");
  CHECK(all.log_in(4, "alice") == "named alice, 3 users");
  all.fail(3);
  CHECK(all.log_in(5, "carol") == "named carol, 3 users");
  all.claim(5, "dave");
  all.claim(5, "erin");
  CHECK(all.log_in(6, "dave") == "named dave, 4 users");
}

// -- what concerns all ------------------------------------------------------------

TEST_CASE("a client in no room hears of its own new nick, with its receipt") {
  directory_world all;
  all.log_in(1, "alice");
  const auto before = all.who(1).who;
  all.claim(1, "carol");
  all.forget_wire();
  all.rename_settles(1, "carol", before);
  CHECK(all.heard(1) == "alice is carol;[done]");
}

TEST_CASE("a client that was told in a room is not told again") {
  directory_world all;
  all.log_in(1, "alice");
  const auto before = all.who(1).who;
  all.claim(1, "carol");
  all.forget_wire();
  all.rename_settles(1, "carol", before, {1});
  CHECK(all.heard(1) == "[done]");
}

TEST_CASE("those who watch a client and share no room with it hear once that it is away") {
  directory_world all;
  for (const connection_key key : {1U, 2U, 3U, 101U})
    all.log_in(key, "n" + std::to_string(key));
  for (const connection_key key : {1U, 2U, 3U, 101U})
    all.watch(key, watch::action::add, {"n1"});
  all.forget_wire();
  all.set_away(1, "lunch", {1, 2});
  CHECK(all.heard(1) == "[done]");
  CHECK(all.heard(2).empty());
  CHECK(all.heard(3) == "watched: n1 away lunch;");
  CHECK(all.heard(101) == "watched: n1 away lunch;");
  CHECK(all.order() == strings{"101", "3", "1"});
  CHECK(all.awaited() == 1);
}

TEST_CASE("the receipt comes with the last events for its gateway, when all others have theirs") {
  directory_world all;
  for (const connection_key key : {1U, 2U, 101U})
    all.log_in(key, "n" + std::to_string(key));
  for (const connection_key key : {2U, 101U})
    all.watch(key, watch::action::add, {"n1"});
  all.forget_wire();
  all.set_real_name(1, "Real");
  CHECK(all.heard(1) == "n1 is called Real;[done]");
  CHECK(all.heard(2) == "watched: n1 is called Real;");
  CHECK(all.heard(101) == "watched: n1 is called Real;");
  CHECK(all.awaited() == 1);
}

TEST_CASE("who watches itself is told of itself once") {
  directory_world all;
  all.log_in(1, "alice");
  all.watch(1, watch::action::add, {"alice"});
  all.forget_wire();
  all.set_away(1, "lunch");
  CHECK(all.heard(1) == "alice away lunch;[done]");
}

TEST_CASE("who is watched is announced when it comes, goes, and changes its nick") {
  directory_world all;
  all.log_in(1, "alice");
  all.watch(1, watch::action::add, {"bob", "carol"});
  all.forget_wire();
  all.log_in(2, "Bob");
  CHECK(all.heard(1) == "to alice: online Bob;");
  all.forget_wire();
  const auto before = all.who(2).who;
  all.claim(2, "Carol");
  CHECK(all.heard(1).empty());
  all.rename_settles(2, "Carol", before);
  CHECK(all.heard(1) == "to alice: offline Bob;to alice: online Carol;");
  all.forget_wire();
  all.quit(2);
  CHECK(all.heard(1) == "to alice: offline Carol;");
  all.log_in(3, "bob");
  all.forget_wire();
  all.fail(3);
  CHECK(all.heard(1) == "to alice: offline bob;");
}

TEST_CASE("nothing of a client stays behind: it watches nobody and is in no room any more") {
  directory_world all;
  all.log_in(1, "alice");
  all.log_in(2, "bob");
  all.watch(2, watch::action::add, {"alice"});
  all.enter(2, "r");
  CHECK(all.counts().rooms == 1);
  all.quit(2);
  all.enter(2, "r");
  all.forget_wire();
  all.quit(1);
  CHECK(all.heard(2).empty());
  const auto counts = all.counts();
  CHECK(counts.rooms == 0);
  CHECK(counts.users == 0);
  CHECK(counts.users_max == 2);
  all.log_in(2, "bob");
  CHECK(all.watch(2, watch::action::list) == "watched ;");
}

TEST_CASE("the receipt of a client that is unknown takes effect, and a silent one is not sent") {
  directory_world all;
  all.quit(1);
  CHECK(all.heard(1) == "[done]");
  all.log_in(2, "bob");
  all.forget_wire();
  all.quit_silently(2);
  CHECK(all.wire().empty());
}

TEST_CASE("who claims the stem of its number again keeps the number") {
  directory_world all;
  all.log_in_numbered(1, "bob/tagged");
  all.log_in_numbered(2, "bob/tagged");
  CHECK(all.claim_numbered(2, "bob/tagged") == "named bob/tagged2, 2 users");
  CHECK(all.claim_numbered(2, "eve/tagged") == "named eve/tagged, 2 users");
}
