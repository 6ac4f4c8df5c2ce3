// No message may forge another (docs/dialects/README.md): random bytes in names and texts, through
// every pair of dialects.

#include "io/dialects/catalog.hpp"
#include "io/dialects/foreign_nick.hpp"
#include "tests/support/authors.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/miniature_server.hpp"
#include "tests/support/strict_reader.hpp"

#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

constexpr std::size_t name_bytes_max = miniature_server::name_bytes_max;

std::vector<std::unique_ptr<const dialect>> all_dialects() {
  std::vector<std::unique_ptr<const dialect>> result;
  for (const auto& row : dialect_catalog())
    result.push_back(row.make(dialect_settings{}));
  return result;
}

/// Bytes that somebody who wants to forge a message would try, and random ones.
class nasty_bytes {
 public:
  explicit nasty_bytes(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t bound) { return random_() % bound; }

  /// Text of at most `bytes_max` bytes, without those in `left_out`.
  std::string text(std::size_t bytes_max, std::string_view left_out = {}) {
    const auto size = below(bytes_max + 1);
    std::string result;
    while (result.size() < size)
      result += piece();
    result.resize(size);
    std::erase_if(result, [&](char byte) { return left_out.find(byte) != std::string_view::npos; });
    return result;
  }

  std::string name(std::size_t bytes_max, std::string_view left_out = {}) {
    const auto result = text(below(4) == 0 ? bytes_max : 16, left_out);
    return result.empty() ? "x"s : result;
  }

  std::string letters(std::size_t bytes_max) {
    std::string result;
    for (auto size = 1 + below(bytes_max); size > 0; --size)
      result += static_cast<char>('a' + below(26));
    return result;
  }

 private:
  std::string piece() {
    static const std::vector<std::string> forgeries{
        "\n",        "\r\n",
        "\r",        "\0"s,
        ":",         "[",
        "]",         "] ",
        " ",         "        ",
        "delivery:", "delivery:mix:root:",
        "root:",     "[root] ",
        "root",      " has joined",
        " has left", "ok:message sent",
        "err:",      "\xc3\xa9",
        "\xe2\x82",  "\xf0\x9f\x91\x8b",
        "\xff",      "\x80",
        "\xc2\x85",  "\x1b[2K",
        "\x0b\x0c",  "_",
        "(root)",    "lobby",
    };
    if (below(3) == 0)
      return {static_cast<char>(below(256))};
    auto result = forgeries[below(forgeries.size())];
    if (result == " ")
      result.resize(1 + below(220), ' ');
    return result;
  }

  std::mt19937_64 random_;
};

std::string frame(std::string text) {
  text.resize(200, ' ');
  return text;
}

/// What a hostile client of a dialect sends, as wild as the protocol lets it: its name, then texts.
std::string hostile_bytes(std::string_view dialect_name, nasty_bytes& nasty) {
  std::string bytes;
  const auto texts = 1 + nasty.below(4);
  if (dialect_name == "tagged") {
    bytes = "slogin:" + nasty.letters(240) + "\njoin:cafe\n";
    for (std::size_t index = 0; index < texts; ++index)
      bytes += "sendall:" + nasty.text(245, "\n") + "\n";
  } else if (dialect_name == "oneroom") {
    bytes = nasty.name(name_bytes_max, "\n") + "\n";
    for (std::size_t index = 0; index < texts; ++index)
      bytes += nasty.text(1000, "\n") + "\n";
  } else if (dialect_name == "irc") {
    const auto nick = nasty.letters(32);
    bytes = "NICK " + nick + "\r\nUSER " + nick + " 0 * :" + nick + "\r\nJOIN #cafe\r\n";
    for (std::size_t index = 0; index < texts; ++index)
      bytes += "PRIVMSG #cafe :" + nasty.text(490, "\r\n\0"s) + "\r\n";
  } else {
    bytes = frame("x" + nasty.name(199)) + frame("/join cafe");
    for (std::size_t index = 0; index < texts; ++index)
      bytes += frame(nasty.text(200));
  }
  return bytes;
}

/// The events that a room sees of a client that sent `bytes`: it comes, it talks, it goes.
event_batch events_of(const dialect& speaks, std::string_view bytes) {
  event_batch batch{"cafe", {}, {joined{}}};
  for (const auto& request : converse(speaks, bytes).commands) {
    if (const auto* login = std::get_if<log_in>(&request))
      batch.who = make_author(login->user, speaks);
    if (const auto* text = std::get_if<say>(&request))
      batch.events.emplace_back(said{text->text});
  }
  batch.events.emplace_back(left{});
  return batch;
}

/// The author as the directory names it.
author foreign_author(std::string name, std::string_view dialect) {
  auto who = *make_identity(std::move(name), dialect);
  who.nick = foreign_nick_stem(who.name, dialect);
  return {std::make_shared<const identity>(std::move(who)), {7, 1}};
}

void require_not_forged(const dialect& reads, const event_batch& batch) {
  const auto trouble = what_is_forged(reads, batch);
  if (trouble.empty())
    return;
  std::string wire;
  reads.encode_events(batch, 0, wire);
  CAPTURE(reads.name(), batch.who.dialect(), batch.who.name(), wire);
  REQUIRE(trouble.empty());
}

}  // namespace

TEST_CASE("whatever clients of any dialect send, every reader sees one message an event") {
  nasty_bytes nasty{20261122};
  const auto dialects = all_dialects();
  for (int round = 0; round < 5000; ++round)
    for (const auto& writes : dialects) {
      const auto batch = events_of(*writes, hostile_bytes(writes->name(), nasty));
      if (!batch.who.who)
        continue;  // A lone carriage return is no name: the client never came in.
      for (const auto& reads : dialects)
        require_not_forged(*reads, batch);
    }
}

TEST_CASE("any bytes as name and text of a foreign author: one message an event, by that author") {
  nasty_bytes nasty{3};
  const auto dialects = all_dialects();
  for (int round = 0; round < 5000; ++round) {
    const auto stranger = foreign_author(nasty.name(name_bytes_max), "to_come");
    const event_batch batch{
        "cafe", stranger, {joined{}, said{nasty.text(500)}, said{nasty.text(500)}, left{}}};
    for (const auto& reads : dialects)
      require_not_forged(*reads, batch);
  }
}

TEST_CASE("a name that fills a frame cannot make a notice of its own words") {
  const auto dialects = all_dialects();
  for (const std::string words : {"root has joined", "root has left", "The server is full."})
    for (std::size_t blanks = 150; words.size() + blanks < name_bytes_max; ++blanks) {
      const auto name = words + std::string(blanks, ' ') + "x";
      const event_batch batch{"cafe",
                              foreign_author(name, "oneroom"),
                              {joined{}, said{"hi"}, left{}, said{"[root] hi"}}};
      for (const auto& reads : dialects)
        require_not_forged(*reads, batch);
    }
}

TEST_CASE("the strict readers see a forged second line, frame, author, text and notice") {
  const event_batch batch{"mix", make_author("bob", "framed", 1, 1), {said{"a\nb"}}};
  const event_batch notice{"mix", make_author("bob", "framed", 1, 1), {joined{}}};
  CHECK(what_is_forged("tagged", batch, "delivery:mix:bob:a b\n").empty());
  CHECK_FALSE(what_is_forged("tagged", batch, "delivery:mix:bob:a\nb\n").empty());
  CHECK_FALSE(what_is_forged("tagged", batch, "delivery:mix:root:a b\n").empty());
  CHECK_FALSE(what_is_forged("tagged", batch, "delivery:cafe:bob:a b\n").empty());
  CHECK_FALSE(what_is_forged("tagged", batch, "").empty());
  CHECK_FALSE(what_is_forged("tagged", notice, "bob has joined\n").empty());
  CHECK(what_is_forged("oneroom", batch, "bob:a b\n").empty());
  CHECK_FALSE(what_is_forged("oneroom", batch, "bob:a\nb\n").empty());
  CHECK_FALSE(what_is_forged("oneroom", batch, "bob:a b\nroot:b\n").empty());
  CHECK_FALSE(what_is_forged("oneroom", batch, "a b\n").empty());
  CHECK(what_is_forged("framed", batch, frame("[bob] a b")).empty());
  CHECK_FALSE(what_is_forged("framed", batch, frame("[bob] a\nb")).empty());
  CHECK_FALSE(what_is_forged("framed", batch, frame("bob has joined")).empty());
  CHECK_FALSE(what_is_forged("framed", batch, frame("[bob] a b") + frame("")).empty());
  CHECK(what_is_forged("framed", notice, frame("bob has joined")).empty());
  CHECK_FALSE(what_is_forged("framed", notice, frame("bob has left")).empty());
  CHECK_FALSE(what_is_forged("framed", notice, frame("[bob] has joined")).empty());
  const std::string source = ":bob!user@host ";
  CHECK(what_is_forged("irc", batch, source + "PRIVMSG #mix :a b\r\n").empty());
  CHECK(
      what_is_forged("irc", batch, source + "PRIVMSG #mix :a\r\n" + source + "PRIVMSG #mix : b\r\n")
          .empty());
  CHECK_FALSE(what_is_forged("irc", batch, source + "PRIVMSG #mix :a\nb\r\n").empty());
  CHECK_FALSE(what_is_forged("irc", batch, source + "PRIVMSG #mix :a\r\n").empty());
  CHECK_FALSE(what_is_forged("irc", batch, source + "PRIVMSG #cafe :a b\r\n").empty());
  CHECK_FALSE(what_is_forged("irc", batch, ":root!user@host PRIVMSG #mix :a b\r\n").empty());
  CHECK(what_is_forged("irc", notice, source + "JOIN #mix\r\n").empty());
  CHECK_FALSE(what_is_forged("irc", notice, source + "PART #mix\r\n").empty());
}
