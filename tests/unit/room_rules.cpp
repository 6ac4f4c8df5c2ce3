// Who may do what in a room: section (b) of docs/dialects/irc.md, rows JOIN, MODE, TOPIC, INVITE.

#include "actors/room_rules.hpp"

#include "tests/support/catch.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

using namespace confab;

namespace {

constexpr std::int64_t now_ms = 1'700'000'000'000;
constexpr room_part outside{};
constexpr room_part member{.inside = true};
constexpr room_part voiced{.inside = true, .has_voice = true};
constexpr room_part oper{.inside = true, .room_operator = true};

author somebody(const std::string& nick, connection_key connection = 1) {
  identity who;
  who.nick = nick;
  who.user = "u";
  who.host = "a1b2.ip";
  return {std::make_shared<const identity>(who), {0, connection}};
}

author server_operator() {
  auto who = *somebody("root").who;
  who.server_operator = true;
  return {std::make_shared<const identity>(who), {0, 99}};
}

room_rules::made apply(room_rules& rules, mode_change change) {
  return rules.apply(change, "alice", now_ms);
}

bool set(room_rules& rules, char letter, const std::string& parameter = {}) {
  return apply(rules, {true, letter, parameter}).changed;
}

bool unset(room_rules& rules, char letter, const std::string& parameter = {}) {
  return apply(rules, {false, letter, parameter}).changed;
}

/// What the members are told of a change; empty if nothing.
std::string told_change(room_rules& rules, mode_change change) {
  if (!rules.apply(change, "alice", now_ms).changed)
    return {};
  return std::string{change.add ? "+" : "-"} + change.letter +
         (change.parameter.empty() ? "" : " ") + change.parameter;
}

/// The modes that are set, such as "kln secret 5".
std::string shown_modes(const room_rules& rules) {
  std::string letters;
  std::string parameters;
  for (const auto& each : rules.modes()) {
    CHECK(each.add);
    letters += each.letter;
    parameters += each.parameter.empty() ? "" : " " + each.parameter;
  }
  return letters + parameters;
}

std::vector<std::string> masks(const room_rules& rules, char letter) {
  std::vector<std::string> result;
  for (const auto& each : rules.list(letter))
    result.push_back(each.mask);
  return result;
}

using refused_entry = std::optional<refusal>;

const refused_entry allowed;

}  // namespace

TEST_CASE("rules: IRC makes rooms +nt, others +n") {
  CHECK(shown_modes(room_rules{true}) == "nt");
  CHECK(shown_modes(room_rules{false}) == "n");
}

TEST_CASE("rules: modes are told in the order of CHANMODES, with key and limit") {
  room_rules rules{true};
  for (const char letter : std::string_view{"tsnmiC"})
    set(rules, letter);
  set(rules, 'l', "5");
  set(rules, 'k', "secret");
  set(rules, 'b', "x!*@*");
  CHECK(shown_modes(rules) == "klCimnst secret 5");
  CHECK(rules.is_secret());
}

TEST_CASE("rules: what changes nothing (mode set already) is no change") {
  room_rules rules{true};
  CHECK_FALSE(set(rules, 'n'));
  CHECK_FALSE(unset(rules, 'm'));
  CHECK(set(rules, 'm'));
  CHECK_FALSE(set(rules, 'm'));
  CHECK(unset(rules, 'm'));
  CHECK_FALSE(unset(rules, 'k', "any"));
  CHECK_FALSE(unset(rules, 'l'));
  CHECK(set(rules, 'k', "one"));
  CHECK_FALSE(set(rules, 'k', "one"));
  CHECK(set(rules, 'l', "3"));
  CHECK_FALSE(set(rules, 'l', "3"));
  CHECK_FALSE(unset(rules, 'b', "x!*@*"));
  CHECK(shown_modes(rules) == "klnt one 3");
}

TEST_CASE("rules: what is no mode of a room changes nothing") {
  room_rules rules{true};
  for (const char letter : std::string_view{"ovxBz+\0 ", 8}) {
    CHECK_FALSE(set(rules, letter, "bob"));
    CHECK_FALSE(unset(rules, letter, "bob"));
  }
  for (const std::string bad : {"", "0", "-1", "abc", "5x", "99999999999999999999999"})
    CHECK_FALSE(set(rules, 'l', bad));
  CHECK_FALSE(set(rules, 'k'));
  CHECK_FALSE(set(rules, 'b'));
  CHECK(shown_modes(rules) == "nt");
}

TEST_CASE("rules: members are told what really changed") {
  room_rules rules{true};
  CHECK(told_change(rules, {true, 'm', {}}) == "+m");
  CHECK(told_change(rules, {true, 'l', "005"}) == "+l 5");
  CHECK(told_change(rules, {true, 'l', "6"}) == "+l 6");
  CHECK(told_change(rules, {false, 'l', {}}) == "-l");
  CHECK(told_change(rules, {true, 'k', "beer"}) == "+k beer");
  CHECK(told_change(rules, {true, 'k', "ale"}) == "+k ale");
  CHECK(told_change(rules, {false, 'k', "some other"}) == "-k");
  CHECK(told_change(rules, {true, 'b', "Bob!*@*"}) == "+b Bob!*@*");
  CHECK(told_change(rules, {false, 'b', "bOB!*@*"}) == "-b Bob!*@*");
}

TEST_CASE("rules: an entry of a list knows who set it and when") {
  room_rules rules{true};
  for (const char letter : std::string_view{"beI"}) {
    CHECK(set(rules, letter, std::string{letter} + "!*@*"));
    REQUIRE(rules.list(letter).size() == 1);
    CHECK(rules.list(letter)[0].mask == std::string{letter} + "!*@*");
    CHECK(rules.list(letter)[0].set_by == "alice");
    CHECK(rules.list(letter)[0].set_ms == now_ms);
  }
}

TEST_CASE("rules: a mask stands in a list once, whatever the case of its letters") {
  room_rules rules{true};
  CHECK(set(rules, 'b', "Bob!*@*"));
  CHECK_FALSE(set(rules, 'b', "bob!*@*"));
  CHECK(set(rules, 'e', "bob!*@*"));
  CHECK(masks(rules, 'b') == std::vector<std::string>{"Bob!*@*"});
  CHECK(unset(rules, 'b', "BOB!*@*"));
  CHECK(masks(rules, 'b').empty());
  CHECK(masks(rules, 'e') == std::vector<std::string>{"bob!*@*"});
}

TEST_CASE("rules: MAXLIST=beI:100 is of all three lists together, and then the list is full") {
  room_rules rules{true};
  const std::string letters = "beI";
  for (std::size_t index = 0; index < 100; ++index)
    REQUIRE(set(rules, letters[index % 3], std::to_string(index) + "!*@*"));
  for (const char letter : letters) {
    const auto outcome = apply(rules, {true, letter, "more!*@*"});
    CHECK_FALSE(outcome.changed);
    CHECK(outcome.refused == refusal::list_full);
  }
  const auto known = apply(rules, {true, 'b', "0!*@*"});
  CHECK_FALSE(known.changed);
  CHECK_FALSE(known.refused);
  CHECK(unset(rules, 'e', "1!*@*"));
  CHECK(set(rules, 'I', "more!*@*"));
}

TEST_CASE("rules: a room that all have left has the rules that it began with") {
  for (const bool protects_topic : {true, false}) {
    room_rules rules{protects_topic};
    const auto version = rules.version();
    for (const char letter : std::string_view{"Cims"})
      set(rules, letter);
    for (const char letter : std::string_view{"beI"})
      set(rules, letter, "*!*@*");
    set(rules, 'k', "key");
    set(rules, 'l', "1");
    rules.set_topic("t", "alice", now_ms);
    rules.invite({0, 1});
    rules.reset();
    CHECK(shown_modes(rules) == (protects_topic ? "nt" : "n"));
    for (const char letter : std::string_view{"beI"})
      CHECK(rules.list(letter).empty());
    CHECK(rules.topic().empty());
    CHECK(rules.topic_by().empty());
    CHECK(rules.topic_ms() == 0);
    CHECK_FALSE(rules.is_invited({0, 1}));
    CHECK(rules.version() != version);
  }
}

TEST_CASE("rules: nobody is kept out of a room without rules") {
  const room_rules rules{true};
  CHECK(rules.may_enter(somebody("bob"), "", 1000) == allowed);
  CHECK(rules.may_enter(somebody("bob"), "needless", 1000) == allowed);
}

TEST_CASE("rules: 475 +k: the key must be the same to the letter") {
  room_rules rules{true};
  set(rules, 'k', "Beer");
  CHECK(rules.may_enter(somebody("bob"), "", 1) == refusal::wrong_key);
  CHECK(rules.may_enter(somebody("bob"), "beer", 1) == refusal::wrong_key);
  CHECK(rules.may_enter(somebody("bob"), "Beer", 1) == allowed);
  unset(rules, 'k', "anything");
  CHECK(rules.may_enter(somebody("bob"), "", 1) == allowed);
}

TEST_CASE("rules: 473 +i: unless a mask of +I matches") {
  room_rules rules{true};
  set(rules, 'i');
  CHECK(rules.may_enter(somebody("Bar"), "", 1) == refusal::invite_only);
  set(rules, 'I', "bar!*@*");
  CHECK(rules.may_enter(somebody("Bar"), "", 1) == allowed);
  CHECK(rules.may_enter(somebody("qux"), "", 1) == refusal::invite_only);
  unset(rules, 'I', "bar!*@*");
  CHECK(rules.may_enter(somebody("Bar"), "", 1) == refusal::invite_only);
}

TEST_CASE("rules: 474 +b: unless a mask of +e matches, +I is of no help") {
  room_rules rules{true};
  set(rules, 'b', "BA*!*@*");
  set(rules, 'I', "bar!*@*");
  CHECK(rules.may_enter(somebody("Bar"), "", 1) == refusal::banned);
  CHECK(rules.may_enter(somebody("qux"), "", 1) == allowed);
  set(rules, 'e', "*ar!*@*");
  CHECK(rules.may_enter(somebody("Bar"), "", 1) == allowed);
  CHECK(rules.may_enter(somebody("baz"), "", 1) == refusal::banned);
}

TEST_CASE("rules: bans by user and host hold, too") {
  room_rules rules{true};
  set(rules, 'b', "*!*@A1B2.ip");
  CHECK(rules.may_enter(somebody("bob"), "", 1) == refusal::banned);
  unset(rules, 'b', "*!*@a1b2.ip");
  set(rules, 'b', "*!u@*");
  CHECK(rules.may_enter(somebody("bob"), "", 1) == refusal::banned);
}

TEST_CASE("rules: 471 +l: no more than so many") {
  room_rules rules{true};
  set(rules, 'l', "2");
  CHECK(rules.may_enter(somebody("bob"), "", 1) == allowed);
  CHECK(rules.may_enter(somebody("bob"), "", 2) == refusal::room_full);
  CHECK(rules.may_enter(somebody("bob"), "", 3) == refusal::room_full);
  set(rules, 'l', "3");
  CHECK(rules.may_enter(somebody("bob"), "", 2) == allowed);
}

TEST_CASE("rules: of several reasons the first is told: key, invitation, ban, limit") {
  room_rules rules{true};
  set(rules, 'k', "key");
  set(rules, 'i');
  set(rules, 'b', "*!*@*");
  set(rules, 'l', "1");
  const auto bob = somebody("bob");
  CHECK(rules.may_enter(bob, "", 1) == refusal::wrong_key);
  CHECK(rules.may_enter(bob, "key", 1) == refusal::invite_only);
  unset(rules, 'i');
  CHECK(rules.may_enter(bob, "key", 1) == refusal::banned);
  unset(rules, 'b', "*!*@*");
  CHECK(rules.may_enter(bob, "key", 1) == refusal::room_full);
}

TEST_CASE("rules: an invitation passes +i +l +b once, and not +k") {
  room_rules rules{true};
  set(rules, 'i');
  set(rules, 'b', "*!*@*");
  set(rules, 'l', "1");
  const auto bob = somebody("bob");
  rules.invite(bob.from);
  CHECK(rules.is_invited(bob.from));
  CHECK(rules.may_enter(bob, "", 1) == allowed);
  set(rules, 'k', "key");
  CHECK(rules.may_enter(bob, "", 1) == refusal::wrong_key);
  CHECK(rules.may_enter(bob, "key", 1) == allowed);
  rules.use_invitation(bob.from);
  CHECK_FALSE(rules.is_invited(bob.from));
  CHECK(rules.may_enter(bob, "key", 1) == refusal::invite_only);
}

TEST_CASE("rules: an invitation is for one client, whatever its nick is") {
  room_rules rules{true};
  set(rules, 'i');
  rules.invite(somebody("bob", 1).from);
  CHECK(rules.may_enter(somebody("bobby", 1), "", 1) == allowed);
  CHECK(rules.may_enter(somebody("bob", 2), "", 1) == refusal::invite_only);
}

TEST_CASE("rules: beyond the limit the oldest invitation is forgotten") {
  room_rules rules{true, {.list_entries_max = 100, .pending_invitations_max = 2}};
  rules.invite({0, 1});
  rules.invite({0, 2});
  rules.invite({0, 1});  // Again: it is the newest now, and still one.
  CHECK(rules.is_invited({0, 2}));
  rules.invite({0, 3});
  CHECK(rules.is_invited({0, 1}));
  CHECK_FALSE(rules.is_invited({0, 2}));
  CHECK(rules.is_invited({0, 3}));
}

TEST_CASE("rules: operators of the server may everything") {
  room_rules rules{true};
  for (const char letter : std::string_view{"Cimns"})
    set(rules, letter);
  set(rules, 'k', "key");
  set(rules, 'b', "*!*@*");
  set(rules, 'l', "1");
  CHECK(rules.may_enter(server_operator(), "", 1) == allowed);
  CHECK(rules.may_speak(server_operator(), outside) == allowed);
  CHECK(rules.may_say(server_operator(), "\x01VERSION\x01") == allowed);
}

TEST_CASE("rules: 404: an outsider and +n") {
  room_rules rules{true};
  CHECK(rules.may_speak(somebody("bob"), outside) == refusal::not_in_room);
  CHECK(rules.may_speak(somebody("bob"), member) == allowed);
  unset(rules, 'n');
  CHECK(rules.may_speak(somebody("bob"), outside) == allowed);
}

TEST_CASE("rules: 404: +m without op or voice") {
  room_rules rules{true};
  set(rules, 'm');
  CHECK(rules.may_speak(somebody("bob"), member) == refusal::may_not_speak);
  CHECK(rules.may_speak(somebody("bob"), voiced) == allowed);
  CHECK(rules.may_speak(somebody("bob"), oper) == allowed);
  unset(rules, 'n');
  CHECK(rules.may_speak(somebody("bob"), outside) == refusal::may_not_speak);
}

TEST_CASE("rules: 404: bans also bite at each text, of whoever has neither op nor voice") {
  room_rules rules{true};
  set(rules, 'b', "BOB!*@*");
  CHECK(rules.may_speak(somebody("bob"), member) == refusal::may_not_speak);
  CHECK(rules.may_speak(somebody("bob"), voiced) == allowed);
  CHECK(rules.may_speak(somebody("bob"), oper) == allowed);
  CHECK(rules.may_speak(somebody("amy"), member) == allowed);
  set(rules, 'e', "*!u@*");
  CHECK(rules.may_speak(somebody("bob"), member) == allowed);
}

TEST_CASE("rules: 404: +C and CTCP other than ACTION, whoever sends it") {
  room_rules rules{true};
  const auto bob = somebody("bob");
  CHECK(rules.may_say(bob, "\x01PING 1\x01") == allowed);
  set(rules, 'C');
  for (const auto& part : {member, voiced, oper})
    CHECK(rules.may_speak(bob, part) == allowed);
  for (const std::string text : {"\x01PING 12345\x01", "\x01VERSION\x01", "\x01VERSION", "\x01",
                                 "\x01\x01", "\x01 ACTION x\x01",
                                 "\x01"
                                 "ACTIONS x\x01"})
    CHECK(rules.may_say(bob, text) == refusal::may_not_speak);
  for (const std::string text : {"\x01"
                                 "ACTION is testing\x01",
                                 "\x01"
                                 "action x\x01",
                                 "\x01"
                                 "ACTION\x01",
                                 "\x01"
                                 "ACTION",
                                 "", "hi", "a \x01PING\x01"})
    CHECK(rules.may_say(bob, text) == allowed);
}

TEST_CASE("rules: the version changes with whatever may_speak depends on, and with nothing else") {
  room_rules rules{true};
  auto version = rules.version();
  const auto moved = [&] { return std::exchange(version, rules.version()) != rules.version(); };
  for (const char letter : std::string_view{"bemn"}) {
    unset(rules, letter);
    version = rules.version();
    set(rules, letter, "x!*@*");
    CHECK(moved());
    set(rules, letter, "x!*@*");
    CHECK_FALSE(moved());
    unset(rules, letter, "X!*@*");
    CHECK(moved());
  }
  for (const char letter : std::string_view{"CIikls"}) {
    set(rules, letter, "5");
    unset(rules, letter, "5");
  }
  rules.set_topic("t", "alice", now_ms);
  rules.invite({0, 1});
  CHECK_FALSE(moved());
}

TEST_CASE("rules: a topic knows who set it and when, an empty one clears it") {
  room_rules rules{true};
  CHECK(rules.topic().empty());
  CHECK(rules.topic_ms() == 0);
  CHECK_FALSE(rules.set_topic("", "alice", 1));
  CHECK(rules.set_topic("one", "alice", 2));
  CHECK_FALSE(rules.set_topic("one", "bob", 3));
  CHECK(rules.topic() == "one");
  CHECK(rules.topic_by() == "alice");
  CHECK(rules.topic_ms() == 2);
  CHECK(rules.set_topic("", "bob", 4));
  CHECK(rules.topic().empty());
  CHECK(rules.topic_by() == "bob");
  CHECK(rules.topic_ms() == 4);
}
