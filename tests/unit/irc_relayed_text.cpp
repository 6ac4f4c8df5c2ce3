// Texts on their way between IRC and the other dialects.

#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/relayed_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace confab::irc;
using namespace std::string_view_literals;

namespace {

constexpr relayed_head head{.source = "bob/tagged!user@h", .command = "PRIVMSG", .target = "#x"};
constexpr std::string_view head_bytes = ":bob/tagged!user@h PRIVMSG #x :";

std::string lines_for(std::string_view foreign) {
  std::string out;
  append_foreign_text(head, foreign, out);
  return out;
}

// The texts of the lines, after checking that each is a whole line of the right author.
std::vector<std::string> texts_in(std::string_view wire) {
  std::vector<std::string> result;
  while (!wire.empty()) {
    const auto end = wire.find("\r\n");
    REQUIRE(end != std::string_view::npos);
    REQUIRE(end + 2 <= line_bytes_max);
    const auto line = wire.substr(0, end);
    REQUIRE(line.starts_with(head_bytes));
    result.emplace_back(line.substr(head_bytes.size()));
    wire.remove_prefix(end + 2);
  }
  return result;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string result;
  for (const auto& text : texts)
    result += text;
  return result;
}

bool is_harmless(std::string_view text) {
  return confab::test::is_utf8(text) &&
         text.find_first_of(std::string_view{"\r\n\0\x01", 4}) == std::string_view::npos;
}

std::string random_bytes(std::minstd_rand& dice) {
  constexpr auto awkward = "\r\n\0\x01 a:é€👍\xff\xc3\xe2\x82"sv;
  std::string result(dice() % 3000, 'a');
  for (auto& byte : result)
    byte = dice() % 4 == 0 ? static_cast<char>(dice() % 256) : awkward[dice() % awkward.size()];
  return result;
}

}  // namespace

TEST_CASE("irc: a text of another dialect is one line, as it was said") {
  CHECK(lines_for("hello: Grüße 👍") == std::string{head_bytes} + "hello: Grüße 👍\r\n");
  CHECK(lines_for(":)") == std::string{head_bytes} + ":)\r\n");
}

TEST_CASE("irc: from other dialects CR, LF and NUL become blanks, and 0x01 too") {
  CHECK(text_for_irc(std::string_view{"a\rb\nc\0d\x01", 8}) == "a b c d ");
  CHECK(text_for_irc("\x01"
                     "DCC SEND x 1 2\x01") == " DCC SEND x 1 2 ");
  CHECK(text_for_irc("\x02\x03"
                     "4x\t") ==
        "\x02\x03"
        "4x\t");
}

TEST_CASE("irc: an empty text of another dialect is one blank") {
  CHECK(text_for_irc("") == " ");
  CHECK(lines_for("") == std::string{head_bytes} + " \r\n");
}

TEST_CASE("irc: each invalid byte of another dialect becomes U+FFFD") {
  CHECK(text_for_irc("a\xff") == "a\uFFFD");
  CHECK(text_for_irc("\xe2\x82x") == "\uFFFD\uFFFDx");
  CHECK(text_for_irc("\xC0\x80") == "\uFFFD\uFFFD");
  CHECK(text_for_irc("\xed\xa0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(text_for_irc("\xef\xbf\xbd") == "\uFFFD");
}

TEST_CASE("irc: long texts of other dialects become several lines and lose nothing") {
  const auto room = line_text_bytes_max - head_bytes.size();
  for (const auto bytes : {room - 1, room, room + 1, 2 * room, 2 * room + 1, std::size_t{4096}}) {
    std::string text(bytes, 'x');
    text.back() = 'y';
    std::string out;
    CAPTURE(bytes);
    CHECK(append_foreign_text(head, text, out) == (bytes + room - 1) / room);
    CHECK(joined(texts_in(out)) == text);
  }
}

TEST_CASE("irc: long texts are cut between characters, wherever the limit falls") {
  for (const char* character : {"é", "€", "👍"}) {
    for (std::size_t shift = 0; shift < 4; ++shift) {
      std::string text(shift, 'x');
      while (text.size() < 2000)
        text += character;
      const auto texts = texts_in(lines_for(text));
      CAPTURE(character, shift);
      CHECK(joined(texts) == text);
      CHECK(std::all_of(texts.begin(), texts.end(), is_harmless));
    }
  }
}

TEST_CASE("irc: each line of a text has the tags") {
  auto with_tags = head;
  with_tags.tags = "msgid=1";
  std::string out;
  CHECK(append_foreign_text(with_tags, std::string(600, 'x'), out) == 2);
  CHECK(out.starts_with("@msgid=1 :bob"));
  CHECK(out.find("\r\n@msgid=1 :bob") != std::string::npos);
}

TEST_CASE("irc: behind a head without end there are lines all the same, whole and bounded") {
  const std::string target(600, 't');
  std::string out;
  CHECK(append_foreign_text({"a!b@c", "PRIVMSG", target, {}}, "12345678", out) == 2);
  CHECK(out.size() == 2 * line_bytes_max);
}

TEST_CASE("irc: whatever bytes a foreign text holds, whole lines come out, harmless and complete") {
  std::minstd_rand dice{1};
  for (int round = 0; round < 300; ++round) {
    const auto text = random_bytes(dice);
    const auto texts = texts_in(lines_for(text));
    CHECK(std::all_of(texts.begin(), texts.end(), is_harmless));
    CHECK(joined(texts) == text_for_irc(text));
  }
}

TEST_CASE("irc: to other dialects ACTION goes as * text, other CTCP not at all") {
  CHECK(text_for_other_dialects("\x01"
                                "ACTION waves\x01") == "* waves");
  CHECK(text_for_other_dialects("\x01"
                                "ACTION waves") == "* waves");
  CHECK(text_for_other_dialects("\x01"
                                "action  waves \x01") == "*  waves ");
  CHECK(text_for_other_dialects("\x01"
                                "ACTION\x01") == "* ");
  for (const char* ctcp : {"\x01"
                           "VERSION\x01",
                           "\x01"
                           "ACTIONS x\x01",
                           "\x01", "\x01\x01",
                           "\x01"
                           "DCC SEND x 1 2",
                           "\x01 ACTION x\x01"})
    CHECK(!text_for_other_dialects(ctcp));
}

TEST_CASE("irc: formatting bytes are taken out for other dialects") {
  CHECK(text_for_other_dialects("\x02"
                                "a\x0f"
                                "b\x11"
                                "c\x16"
                                "d\x1d"
                                "e\x1e"
                                "f\x1f"
                                "g") == "abcdefg");
  CHECK(text_for_other_dialects("\x01"
                                "ACTION \x02waves\x02\x01") == "* waves");
  CHECK(text_for_other_dialects("a\x01"
                                "b") == "ab");
  CHECK(text_for_other_dialects("a\tb\x1b\x05") == "a\tb\x1b\x05");
}

TEST_CASE("irc: 0x03 goes with its digits, two at most, and two behind a comma") {
  CHECK(text_for_other_dialects("\x03"
                                "4red") == "red");
  CHECK(text_for_other_dialects("\x03"
                                "04,12red") == "red");
  CHECK(text_for_other_dialects("\x03"
                                "04,1red") == "red");
  CHECK(text_for_other_dialects("\x03"
                                "123") == "3");
  CHECK(text_for_other_dialects("\x03"
                                "4,red") == ",red");
  CHECK(text_for_other_dialects("\x03,5") == ",5");
  CHECK(text_for_other_dialects("\x03red\x03") == "red");
  CHECK(text_for_other_dialects("\x03"
                                "1,234") == "4");
}

TEST_CASE("irc: 0x04 goes with its six hex digits, and six behind a comma") {
  CHECK(text_for_other_dialects("\x04"
                                "ff00AAred") == "red");
  CHECK(text_for_other_dialects("\x04"
                                "FF0000,00ff00red") == "red");
  CHECK(text_for_other_dialects("\x04"
                                "ff00") == "ff00");
  CHECK(text_for_other_dialects("\x04"
                                "FF0000,00ff0") == ",00ff0");
  CHECK(text_for_other_dialects("\x04"
                                "0123456") == "6");
}

TEST_CASE("irc: a text of formatting only has nothing for other dialects") {
  CHECK(
      !text_for_other_dialects("\x02\x03"
                               "04"));
  CHECK(!text_for_other_dialects(""));
  CHECK(text_for_other_dialects(" ") == " ");
}
