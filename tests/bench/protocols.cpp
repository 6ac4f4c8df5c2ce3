// bench: what each protocol's adapter writes, and what it reads however the bytes are cut.

#include "apps/bench/protocol_adapter.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace confab::bench {
namespace {

/// What a whole stream held. The texts of a parsed_input are views, these are copies.
struct parse_summary {
  std::vector<std::string> texts;
  std::uint32_t answers = 0;
  std::string reply;
  std::string error;

  bool operator==(const parse_summary&) const = default;
};

/// Feeds `stream` in chunks of `size` bytes, as a connection set does: what is not used comes
/// again.
parse_summary feed(const protocol_adapter& protocol, std::string_view stream, std::size_t size) {
  parse_summary summary;
  parsed_input parsed;
  std::string pending;
  for (std::size_t start = 0; start < stream.size(); start += size) {
    pending += stream.substr(start, size);
    parsed.clear();
    const auto used = protocol.parse(pending, parsed);
    summary.texts.insert(summary.texts.end(), parsed.texts.begin(), parsed.texts.end());
    summary.answers += parsed.answers;
    summary.reply += parsed.reply;
    summary.error = summary.error.empty() ? parsed.error : summary.error;
    pending.erase(0, used);
  }
  CHECK(pending.empty());
  return summary;
}

/// Expects the same of the stream in every size of chunk, and unchanged when it comes twice.
void expect(std::string_view name, const std::string& stream, const parse_summary& expected) {
  const auto protocol = make_protocol(name);
  REQUIRE(protocol != nullptr);
  for (std::size_t size = 1; size <= stream.size(); ++size) {
    INFO(name << " in chunks of " << size << " bytes");
    const auto summary = feed(*protocol, stream, size);
    CHECK(summary.texts == expected.texts);
    CHECK(summary.answers == expected.answers);
    CHECK(summary.reply == expected.reply);
    CHECK(summary.error == expected.error);
  }
  CHECK(feed(*protocol, stream + stream, 2 * stream.size()).answers == 2 * expected.answers);
}

std::string frame(std::string text) {
  text.resize(200, ' ');
  return text;
}

std::string opened(std::string_view name, client_role role, std::size_t step = 0) {
  std::string out;
  make_protocol(name)->open({role, "ann", "cafe"}, step, out);
  return out;
}

std::string said(std::string_view name) {
  std::string out;
  make_protocol(name)->say({client_role::sender, "ann", "cafe"}, "hello", out);
  return out;
}

}  // namespace

TEST_CASE("every listed protocol has an adapter and no other name has one") {
  for (const auto& name : protocol_names())
    CHECK(make_protocol(name) != nullptr);
  CHECK(make_protocol("smtp") == nullptr);
}

TEST_CASE("tagged: logs in, joins and sends in lines of tag and payload") {
  CHECK(opened("tagged", client_role::sender) == "slogin:ann\njoin:cafe\n");
  CHECK(opened("tagged", client_role::receiver) == "rlogin:ann\njoin:cafe\n");
  CHECK(said("tagged") == "sendall:hello\n");
}

TEST_CASE("tagged: reads replies and deliveries, whose text may hold colons") {
  expect("tagged", "ok:logged in as ann\r\nok:welcome\ndelivery:cafe:bob:a:b\n",
         {{"a:b"}, 2, "", ""});
  expect("tagged", "err:not in a room\nok:x\n", {{}, 1, "", "err:not in a room"});
}

TEST_CASE("oneroom: a greeting shows that the server knows the client, any other line is a text") {
  CHECK(opened("oneroom", client_role::sender) == "ann\nhello ann\n");
  CHECK(said("oneroom") == "hello\n");
  expect("oneroom", "ann:hello ann\nbob:@text: x\n", {{"@text: x"}, 1, "", ""});
}

TEST_CASE("framed: every message is 200 bytes") {
  CHECK(opened("framed", client_role::sender) ==
        frame("ann") + frame("/create cafe") + frame("/join cafe") + frame("/ready"));
  CHECK(said("framed") == frame("hello"));
}

TEST_CASE("framed: reads texts, passes over notices and takes the probe's error for an answer") {
  expect("framed",
         frame("Room cafe already exists, so cannot be created.") + frame("bob has joined") +
             frame("/ready is not a valid control message.") + frame("[bob] a b"),
         {{frame("[bob] a b").substr(6)}, 1, "", ""});
  expect("framed", frame("No channel named cafe exists."),
         {{}, 0, "", "No channel named cafe exists."});
}

TEST_CASE("redis: subscribes and publishes in RESP arrays") {
  CHECK(opened("redis", client_role::receiver) == "*2\r\n$9\r\nSUBSCRIBE\r\n$4\r\ncafe\r\n");
  CHECK(opened("redis", client_role::sender) == "PING\r\n");
  CHECK(said("redis") == "*3\r\n$7\r\nPUBLISH\r\n$4\r\ncafe\r\n$5\r\nhello\r\n");
}

TEST_CASE("redis: reads subscriptions, messages (newlines in them too), counts and errors") {
  expect("redis",
         "*3\r\n$9\r\nsubscribe\r\n$4\r\ncafe\r\n:1\r\n"
         "*3\r\n$7\r\nmessage\r\n$4\r\ncafe\r\n$6\r\nhe\r\nlo\r\n:100\r\n+PONG\r\n",
         {{"he\r\nlo"}, 3, "", ""});
  expect("redis", "-ERR no\r\n", {{}, 0, "", "-ERR no"});
}

TEST_CASE("nats: senders are verbose, receivers are not") {
  CHECK(opened("nats", client_role::sender).find("\"verbose\":true") != std::string::npos);
  CHECK(opened("nats", client_role::receiver).find("\"verbose\":false") != std::string::npos);
  CHECK(opened("nats", client_role::receiver).ends_with("\r\nSUB cafe 1\r\nPING\r\n"));
  CHECK(said("nats") == "PUB cafe 5\r\nhello\r\n");
}

TEST_CASE("nats: reads messages (newlines in them too), answers and pings") {
  expect("nats", "INFO {\"a\":1}\r\n+OK\r\nPONG\r\nMSG cafe 1 6\r\nhe\r\nlo\r\nPING\r\n",
         {{"he\r\nlo"}, 2, "PONG\r\n", ""});
  expect("nats", "-ERR 'Slow Consumer'\r\n", {{}, 0, "", "-ERR 'Slow Consumer'"});
}

TEST_CASE("irc: registers, then joins, and each text is followed by a ping") {
  CHECK(make_protocol("irc")->steps(client_role::receiver) == 2);
  CHECK(make_protocol("irc")->steps(client_role::sender) == 2);
  CHECK(opened("irc", client_role::receiver, 0) == "NICK ann\r\nUSER ann 0 * :bench\r\n");
  CHECK(opened("irc", client_role::receiver, 1) == "JOIN #cafe\r\n");
  CHECK(said("irc") == "PRIVMSG #cafe :hello\r\nPING b\r\n");
}

TEST_CASE("irc: reads texts, answers, pings and refusals among all the other lines") {
  expect("irc",
         ":s 001 ann :Welcome\r\n:s 422 ann :no motd\r\n:bob!b@h JOIN :#cafe\r\n"
         ":s 353 ann = #cafe :ann bob\r\n:s 366 ann #cafe :End\r\nPING :s\r\n"
         ":bob!b@h PRIVMSG #cafe ::a: b\r\n:s PONG s :b\r\n",
         {{":a: b"}, 3, "PONG :s\r\n", ""});
  expect("irc", ":s 404 ann #cafe :no\r\n", {{}, 0, "", "404 ann #cafe :no"});
  expect("irc", "ERROR :Closing link\r\n", {{}, 0, "", "ERROR :Closing link"});
}

}  // namespace confab::bench
