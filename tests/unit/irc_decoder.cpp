// What the decoder makes of lines, whichever command they hold: bytes, limits, labels.

#include "io/dialects/irc/command_table.hpp"
#include "io/dialects/irc/help.hpp"
#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/irc_conversation.hpp"

using namespace confab;
using namespace confab::irc;
using test::irc_conversation;

namespace {

irc_conversation with_labels() {
  auto client = irc_conversation::logged_in();
  client.send("CAP REQ :batch labeled-response message-tags\r\n");
  return client;
}

const std::string* bytes_of(const test::asked_command& each) {
  const auto* answered = std::get_if<respond>(&each.what);
  return answered == nullptr ? nullptr : &answered->bytes;
}

// The commands of a labelled line between the two ends of its batch.
std::vector<test::asked_command> inside_batch(std::vector<test::asked_command> all) {
  REQUIRE(all.size() >= 2);
  const auto opening = bytes_of(all.front());
  REQUIRE(opening != nullptr);
  const std::string start = "@label=x :srv.example BATCH +";
  REQUIRE(opening->starts_with(start));
  const auto reference =
      opening->substr(start.size(), opening->find(' ', start.size()) - start.size());
  CHECK(*opening == start + reference + " labeled-response\r\n");
  CHECK(*bytes_of(all.back()) == ":srv.example BATCH -" + reference + "\r\n");
  for (const auto* end : {&all.front(), &all.back()}) {
    CHECK(end->about.label.empty());
    CHECK(end->about.batch.empty());
  }
  all.pop_back();
  all.erase(all.begin());
  for (const auto& each : all) {
    CHECK(each.about.batch == reference);
    CHECK(each.about.label.empty());
  }
  return all;
}

}  // namespace

TEST_CASE("irc: unknown is 421, too few parameters is 461") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("fooBar x") == ":srv.example 421 alice FOOBAR :Unknown command\r\n");
  CHECK(client.answer("TRACE") == ":srv.example 421 alice TRACE :Unknown command\r\n");
  CHECK(client.answer("join") == ":srv.example 461 alice JOIN :Not enough parameters\r\n");
}

TEST_CASE("irc: where nothing is kept, the commands of history are 421, and HELP leaves them out") {
  auto client = irc_conversation::logged_in();
  for (const auto& row : command_table()) {
    if (!row.needs_history)
      continue;
    CHECK(client.answer(row.name) ==
          ":srv.example 421 alice " + std::string{row.name} + " :Unknown command\r\n");
    CHECK(client.answer("HELP").find(std::string{row.name} + " ") == std::string::npos);
  }
}

TEST_CASE("irc: every row of the table answers its lack of parameters by 461") {
  for (const auto& row : command_table()) {
    if (row.parameters_min == 0)
      continue;
    auto chosen = irc_conversation::default_settings();
    chosen.history_messages_max = 100;
    auto client = irc_conversation::logged_in(chosen);
    client.become_operator_of_server();
    CHECK(client.answer(row.name) ==
          ":srv.example 461 alice " + std::string{row.name} + " :Not enough parameters\r\n");
  }
}

TEST_CASE("irc: commands of server operators are 481 to others") {
  auto client = irc_conversation::logged_in();
  for (const std::string line : {"KILL bob :x", "KILL", "WALLOPS :x", "REHASH"})
    CHECK(client.answer(line).starts_with(":srv.example 481 alice :"));
}

TEST_CASE("irc: a line has up to 512 bytes with CRLF, tags aside, a longer one is 417") {
  auto client = irc_conversation::logged_in();
  const std::string too_long = ":srv.example 417 alice :Input line was too long\r\n";
  const std::string tags = "@" + std::string(tags_bytes_max - 2, 't') + " ";
  const std::string line = "PING " + std::string(line_text_bytes_max - 5, 'x');
  CHECK(client.answer(line).starts_with(":srv.example PONG "));
  CHECK(client.answer(tags + line).starts_with(":srv.example PONG "));
  CHECK(client.answer(line + "x") == too_long);
  CHECK(client.answer("@t" + tags.substr(1) + line) == too_long);
  CHECK(client.answer(std::string(100'000, 'x')) == too_long);
  CHECK(client.answer("PING y") == ":srv.example PONG srv.example :y\r\n");
}

TEST_CASE("irc: a lone LF ends a line, empty lines and lines with NUL are dropped") {
  auto client = irc_conversation::logged_in();
  const auto got = client.send(std::string_view{"\r\n\n  \r\nPING\0 x\r\nPING a\nPING b\r\n", 31});
  REQUIRE(got.size() == 2);
  CHECK(*bytes_of(got[0]) == ":srv.example PONG srv.example :a\r\n");
  CHECK(*bytes_of(got[1]) == ":srv.example PONG srv.example :b\r\n");
}

TEST_CASE("irc: byte by byte and whole give the same") {
  const std::string bytes =
      "CAP LS 302\r\nNICK alice\r\nUSER a 0 * :A\r\nCAP REQ :batch labeled-response\r\nCAP END\r\n"
      "@label=1 JOIN #a,b,#c k\r\n\xFFgarbage\r\nMODE #a +oZ\r\nPRIVMSG #a,bob :hi\r\nQUIT\r\n";
  irc_conversation whole;
  const auto expected = whole.send(bytes);
  irc_conversation pieces;
  std::vector<test::asked_command> got;
  for (const char byte : bytes)
    for (auto& each : pieces.send({&byte, 1}))
      got.push_back(std::move(each));
  REQUIRE(got.size() == expected.size());
  for (std::size_t index = 0; index < got.size(); ++index) {
    CHECK(got[index].what == expected[index].what);
    CHECK(got[index].about.label == expected[index].about.label);
    CHECK(got[index].about.batch == expected[index].about.batch);
    CHECK(got[index].about.subject == expected[index].about.subject);
  }
}

TEST_CASE("irc: UTF8ONLY: invalid UTF-8 anywhere is FAIL, in USER 468") {
  irc_conversation client;
  CHECK(client.answer("USER \xE8 0 * :x").starts_with(":srv.example 468 * :"));
  client.send("NICK alice\r\nUSER a 0 * :A\r\n");
  CHECK(client.answer("PRIVMSG #a :\xAA") ==
        ":srv.example FAIL PRIVMSG INVALID_UTF8 :Message rejected: it is no UTF-8\r\n");
}

TEST_CASE("irc: a source that a client puts in front is passed over") {
  auto client = irc_conversation::logged_in();
  CHECK(client.one(":bob!b@c PRIVMSG #a :x").what == command{say{"x", "a"}});
}

TEST_CASE("irc: commands that one line became need no more input") {
  auto chosen = irc_conversation::default_settings();
  const auto reads = make_decoder(chosen);
  standing now;
  now.who = std::make_shared<identity>();
  std::string_view input = "PART #a,#b\r\n";
  CHECK_FALSE(reads->has_queued());
  CHECK(reads->next(input, now) == command{leave_room{"a"}});
  CHECK(input.empty());
  CHECK(reads->has_queued());
  CHECK(reads->next(input, now) == command{leave_room{"b"}});
  CHECK_FALSE(reads->has_queued());
  CHECK(reads->next(input, now) == std::nullopt);
}

TEST_CASE("labels: a line that becomes one command has its label") {
  auto client = with_labels();
  const auto got = client.one("@label=x JOIN #a");
  CHECK(std::holds_alternative<join_room>(got.what));
  CHECK(got.about.label == "x");
  CHECK(got.about.batch.empty());
  CHECK(client.one("@label=d NONSENSE").about.label == "d");
  CHECK(client.one("@label=q QUIT").about.label == "q");
}

TEST_CASE("labels: a command that has no answer becomes one that can be acknowledged") {
  auto client = with_labels();
  for (const std::string line : {"PONG x", "NICK alice", "NOTICE #a :", "JOIN 0", "CAP END"}) {
    const auto got = client.one("@label=x " + line);
    CHECK(got.what == command{respond{}});
    CHECK(got.about.label == "x");
    CHECK(client.send(line + "\r\n").empty());
  }
}

TEST_CASE("labels: what becomes several commands is put in a batch") {
  auto client = with_labels();
  const auto joins = inside_batch(client.send("@label=x JOIN #valid,inv@lid\r\n"));
  REQUIRE(joins.size() == 2);
  CHECK(std::holds_alternative<join_room>(joins[0].what));
  CHECK(*bytes_of(joins[1]) == ":srv.example 403 alice inv@lid :No such channel\r\n");
  CHECK(inside_batch(client.send("@label=x PRIVMSG a,b,c :hi\r\n")).size() == 3);
}

TEST_CASE("labels: LIST comes in pages, so it is put in a batch") {
  auto client = with_labels();
  const auto got = inside_batch(client.send("@label=x LIST\r\n"));
  REQUIRE(got.size() == 1);
  CHECK(got[0].what == command{list_rooms{}});
}

TEST_CASE("labels: a change of the reading is no answer") {
  auto client = with_labels();
  const auto got = client.send("@label=x CAP REQ :setname\r\n");
  REQUIRE(got.size() == 2);
  CHECK(std::holds_alternative<read_as>(got[0].what));
  CHECK(got[0].about.label.empty());
  CHECK(got[1].about.label == "x");
}

TEST_CASE("labels: a line that is no UTF-8 keeps its label") {
  auto client = with_labels();
  CHECK(client.one("@label=xyz PRIVMSG #a :hi\xAA").about.label == "xyz");
  CHECK(client.one("@label=x\xAA PRIVMSG #a :hi").about.label.empty());
}

TEST_CASE("labels: a line that is too long keeps its label, as long as all of it is kept") {
  auto client = with_labels();
  const auto long_text = client.one("@label=xyz PRIVMSG #a :" + std::string(1000, 'x'));
  CHECK(long_text.about.label == "xyz");
  CHECK(*bytes_of(long_text) == ":srv.example 417 alice :Input line was too long\r\n");
  CHECK(client.one("@label=xyz;" + std::string(tags_bytes_max, 't') + " PING x").about.label ==
        "xyz");
  CHECK(client.one("@label=xyz PING " + std::string(10'000, 'x')).about.label.empty());
}

TEST_CASE("labels: they stay as they were sent, of at most 64 bytes, and without CR") {
  auto client = with_labels();
  CHECK(client.one("@label=a\\:b PING x").about.label == "a\\:b");
  CHECK(client.one("@label=" + std::string(64, 'x') + " PING x").about.label.size() == 64);
  CHECK(client.one("@label=" + std::string(65, 'x') + " PING x").about.label.empty());
  CHECK(client.one("@label=a\rb PING x").about.label.empty());
  CHECK(client.one("@label= PING x").about.label.empty());
}

TEST_CASE("labels: they need both labeled-response and batch") {
  for (const std::string on : {"batch", "labeled-response"}) {
    auto client = irc_conversation::logged_in();
    client.send("CAP REQ :" + on + "\r\n");
    CHECK(client.one("@label=x PING y").about.label.empty());
  }
}

TEST_CASE("irc: there is help on every command") {
  for (const auto& row : command_table())
    CHECK(help_on(row.name).starts_with(row.name));
}

TEST_CASE("irc: HELP is 704, 705 and 706, or 524") {
  auto client = irc_conversation::logged_in();
  CHECK(client.answer("HELPOP privmsg").starts_with(":srv.example 704 alice PRIVMSG :PRIVMSG "));
  CHECK(client.answer("HELP").starts_with(":srv.example 704 alice * :"));
  CHECK(client.answer("HELP").ends_with(":srv.example 706 alice * :End of HELP\r\n"));
  CHECK(client.answer("HELP Foo") == ":srv.example 524 alice Foo :No help on that topic\r\n");
}
