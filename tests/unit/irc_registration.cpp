// NICK, USER, PASS and CAP: from the first byte to the login.

#include "io/dialects/irc/reader.hpp"
#include "io/dialects/irc/registration.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_conversation.hpp"

using namespace confab;
using namespace confab::irc;
using test::irc_conversation;

namespace {

constexpr role both{.speaks = true, .listens = true};

irc_conversation with_password(std::string password) {
  auto chosen = irc_conversation::default_settings();
  chosen.password = std::move(password);
  return irc_conversation{std::move(chosen)};
}

bool asks_for_login(const std::vector<test::asked_command>& all) {
  return !all.empty() && std::holds_alternative<log_in>(all.back().what);
}

std::string capabilities_told(irc_conversation& client) {
  return client.answer("CAP LIST");
}

}  // namespace

TEST_CASE("irc: a client is registered when NICK and USER are in") {
  irc_conversation client;
  CHECK(client.send("NICK alice\r\n").empty());
  const auto got = client.one("USER ally 0 * :Alice A.");
  CHECK(got.what == command{log_in{"alice", both, "ally", "Alice A."}});
  CHECK(got.about.verb == "NICK");
  CHECK(got.about.subject == "alice");
  CHECK(got.about.nick == "*");
}

TEST_CASE("irc: USER may come in front of NICK") {
  irc_conversation client;
  CHECK(client.send("USER ally 0 * :Alice\r\n").empty());
  CHECK(client.one("NICK alice").what == command{log_in{"alice", both, "ally", "Alice"}});
}

TEST_CASE("irc: before registration all but a few commands get 451") {
  irc_conversation client;
  CHECK(client.answer("JOIN :") == ":srv.example 451 * :You have not registered\r\n");
  CHECK(client.answer("NONSENSE") == ":srv.example 451 * :You have not registered\r\n");
  CHECK(client.answer("WALLOPS :x") == ":srv.example 451 * :You have not registered\r\n");
  CHECK(client.answer("PING x") == ":srv.example PONG srv.example :x\r\n");
  CHECK(client.send("PONG x\r\n").empty());
  CHECK(client.one("QUIT :bye").what == command{quit{"Quit: bye"}});
}

TEST_CASE("irc: NICK is 431 without a nick, 432 with one that is none") {
  irc_conversation client;
  CHECK(client.answer("NICK") == ":srv.example 431 * :No nickname given\r\n");
  CHECK(client.answer("NICK :") == ":srv.example 431 * :No nickname given\r\n");
  CHECK(client.answer("NICK 1x") == ":srv.example 432 * 1x :Erroneous nickname\r\n");
  CHECK(client.answer("NICK bob/tagged") ==
        ":srv.example 432 * bob/tagged :Erroneous nickname\r\n");
  CHECK(client.answer("NICK :a b") == ":srv.example 432 * * :Erroneous nickname\r\n");
}

TEST_CASE("irc: USER is 461 when short or the real name is empty, and 462 the second time") {
  irc_conversation client;
  const std::string too_short = ":srv.example 461 * USER :Not enough parameters\r\n";
  CHECK(client.answer("USER ally") == too_short);
  CHECK(client.answer("USER ally 0 *") == too_short);
  CHECK(client.answer("USER ally 0 * :") == too_short);
  CHECK(client.answer("USER ally 0 * :Alice").empty());
  CHECK(client.answer("USER ally 0 * :Alice") ==
        ":srv.example 462 * :You may not register again\r\n");
}

TEST_CASE("irc: of the user name the letters, digits and ._- are kept, 10 bytes") {
  irc_conversation client;
  client.send("NICK alice\r\n");
  CHECK(client.one("USER \xF0\x9F\x98\x8A 0 * :A").what ==
        command{log_in{"alice", both, "user", "A"}});
}

TEST_CASE("irc: a real name that is too long is cut between two characters") {
  irc_conversation client;
  client.send("NICK alice\r\n");
  const auto name = std::string(real_name_bytes_max - 1, 'x');
  const auto got = client.one("USER a 0 * :" + name + "\xC3\xA4");
  CHECK(std::get<log_in>(got.what).real_name == name);
}

TEST_CASE("irc: NICK refused in registration does not end it") {
  irc_conversation client;
  client.refuses_logins = true;
  CHECK(asks_for_login(client.send("NICK alice\r\nUSER a 0 * :A\r\n")));
  CHECK(client.answer("JOIN #a") == ":srv.example 451 * :You have not registered\r\n");
  CHECK(asks_for_login(client.send("NICK alice\r\n")));
  client.refuses_logins = false;
  CHECK(client.one("NICK alice_").what == command{log_in{"alice_", both, "a", "A"}});
  CHECK(client.one("JOIN #a").about.nick == "alice_");
}

TEST_CASE("irc: the right PASS in front lets a client in") {
  auto client = with_password("secret");
  CHECK(client.send("PASS secret\r\nNICK alice\r\n").empty());
  CHECK(asks_for_login(client.send("USER a 0 * :A\r\n")));
}

TEST_CASE("irc: PASS wrong or missing is 464, ERROR and the end") {
  for (const std::string pass : {"", "PASS secre\r\n", "PASS secrets\r\n", "PASS :\r\n"}) {
    auto client = with_password("secret");
    const auto got = client.send(pass + "NICK alice\r\nUSER a 0 * :A\r\n");
    REQUIRE(got.size() == 1);
    CHECK(std::get<hang_up>(got[0].what).bytes ==
          ":srv.example 464 * :Password incorrect\r\n"
          "ERROR :Closing link: [Password incorrect]\r\n");
  }
}

TEST_CASE("irc: PASS is passed over if the server has no password") {
  irc_conversation client;
  CHECK(asks_for_login(client.send("PASS x\r\nNICK alice\r\nUSER a 0 * :A\r\n")));
}

TEST_CASE("irc: after registration PASS and USER are 462") {
  auto client = irc_conversation::logged_in();
  const std::string refusal = ":srv.example 462 alice :You may not register again\r\n";
  CHECK(client.answer("PASS x") == refusal);
  CHECK(client.answer("USER a 0 * :A") == refusal);
  CHECK(client.answer("PASS") == ":srv.example 461 alice PASS :Not enough parameters\r\n");
}

TEST_CASE("irc: registration waits for CAP END if CAP LS or REQ came") {
  for (const std::string opening :
       {"CAP LS\r\n", "CAP LS 302\r\n", "CAP REQ :batch\r\n", "CAP REQ :nonsense\r\n"}) {
    irc_conversation client;
    const auto got = client.send(opening + "NICK alice\r\nUSER a 0 * :A\r\n");
    CHECK_FALSE(asks_for_login(got));
    CHECK(asks_for_login(client.send("CAP END\r\n")));
  }
}

TEST_CASE("irc: CAP LIST alone holds nothing up") {
  irc_conversation client;
  CHECK(client.answer("CAP LIST") == ":srv.example CAP * LIST :\r\n");
  CHECK(asks_for_login(client.send("NICK alice\r\nUSER a 0 * :A\r\n")));
}

TEST_CASE("irc: CAP LS 302 turns cap-notify on, and it stays on") {
  irc_conversation client;
  const auto got = client.send("CAP LS 302\r\n");
  REQUIRE(got.size() == 2);
  CHECK(got[0].what == command{read_as{event_class_of({capability::cap_notify})}});
  CHECK(std::get<respond>(got[1].what).bytes.starts_with(":srv.example CAP * LS :away-notify "));
  CHECK(client.send("CAP LS 302\r\n").size() == 1);
  CHECK(client.answer("CAP REQ :-cap-notify") == ":srv.example CAP * NAK :-cap-notify\r\n");
  CHECK(capabilities_told(client) == ":srv.example CAP * LIST :cap-notify\r\n");
}

TEST_CASE("irc: CAP REQ is read_as and ACK, and takes effect at once") {
  irc_conversation client;
  const auto got = client.send("CAP REQ :multi-prefix userhost-in-names\r\n");
  REQUIRE(got.size() == 2);
  const capability_set on{capability::multi_prefix, capability::userhost_in_names};
  CHECK(got[0].what == command{read_as{event_class_of(on)}});
  CHECK(got[1].what ==
        command{respond{":srv.example CAP * ACK :multi-prefix userhost-in-names\r\n"}});
  CHECK(got[1].about.reader == class_of(on));
  CHECK(client.answer("CAP REQ :-multi-prefix") == ":srv.example CAP * ACK :-multi-prefix\r\n");
  CHECK(capabilities_told(client) == ":srv.example CAP * LIST :userhost-in-names\r\n");
}

TEST_CASE("irc: CAP REQ is all or nothing, and NAK repeats it byte for byte") {
  irc_conversation client;
  CHECK(client.answer("CAP REQ :foo multi-prefix  bar") ==
        ":srv.example CAP * NAK :foo multi-prefix  bar\r\n");
  CHECK(capabilities_told(client) == ":srv.example CAP * LIST :\r\n");
}

TEST_CASE("irc: CAP REQ works after registration, too") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("CAP REQ :setname") == ":srv.example CAP alice ACK :setname\r\n");
  CHECK(client.one("JOIN #a").about.reader == class_of({capability::setname}));
  CHECK(client.send("CAP END\r\n").empty());
}

TEST_CASE("irc: another word behind CAP is 410, none is 461") {
  irc_conversation client;
  CHECK(client.answer("CAP FOO") == ":srv.example 410 * FOO :Invalid CAP command\r\n");
  CHECK(client.answer("CAP") == ":srv.example 461 * CAP :Not enough parameters\r\n");
}

TEST_CASE("irc: after registration NICK is a rename, also of the case only") {
  auto client = irc_conversation::logged_in();
  const auto got = client.one("NICK bob");
  CHECK(got.what == command{confab::rename{"bob"}});
  CHECK(got.about.subject == "bob");
  CHECK(got.about.nick == "alice");
  CHECK(client.one("NICK Alice").what == command{confab::rename{"Alice"}});
  CHECK(client.send("NICK alice\r\n").empty());
  CHECK(client.answer("NICK :") == ":srv.example 431 alice :No nickname given\r\n");
}
