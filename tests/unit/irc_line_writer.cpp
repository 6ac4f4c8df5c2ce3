// How lines are written: one line whatever the parameters hold, within 512 bytes.

#include "io/dialects/irc/line_writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/strict_reader.hpp"

#include <string>

using namespace confab::irc;

namespace {

std::string privmsg(std::string_view text, std::string_view tags = {}) {
  std::string out;
  line_writer{out, "a!b@c", "PRIVMSG", tags}.middle("#x").trailing(text);
  return out;
}

std::string with_middle(std::string_view word) {
  std::string out;
  line_writer{out, "srv", "X"}.middle(word).middle("y").end();
  return out;
}

}  // namespace

TEST_CASE("irc: a line has tags, source, command and parameters, and ends with CR LF") {
  std::string out = "before ";
  line_writer{out, "a!b@c", "JOIN"}.middle("#x").end();
  CHECK(out == "before :a!b@c JOIN #x\r\n");
  CHECK(privmsg("hi", "+k=v;msgid=1") == "@+k=v;msgid=1 :a!b@c PRIVMSG #x :hi\r\n");
  out.clear();
  line_writer{out, "", "ERROR"}.trailing("Closing link");
  CHECK(out == "ERROR :Closing link\r\n");
}

TEST_CASE("irc: free text is always sent with a colon, an absent parameter stays absent") {
  CHECK(privmsg("word") == ":a!b@c PRIVMSG #x :word\r\n");
  CHECK(privmsg("") == ":a!b@c PRIVMSG #x :\r\n");
  CHECK(privmsg(":)") == ":a!b@c PRIVMSG #x ::)\r\n");
  std::string out;
  line_writer{out, "a!b@c", "PART"}.middle("#x").end();
  CHECK(out == ":a!b@c PART #x\r\n");
}

TEST_CASE("irc: a numeric has three digits and the client's nick") {
  std::string out;
  line_writer{out, "srv", numeric::RPL_WELCOME, "bob"}.trailing("Welcome");
  line_writer{out, "srv", numeric::ERR_INVALIDMODEPARAM, "*"}.middle("#x").end();
  line_writer{out, "srv", numeric::RPL_LUSERME, "bob", "label=1"}.trailing("I");
  CHECK(out == ":srv 001 bob :Welcome\r\n:srv 696 * #x\r\n@label=1 :srv 255 bob :I\r\n");
}

TEST_CASE("irc: numbers are parameters") {
  std::string out;
  line_writer{out, "srv", numeric::RPL_LOCALUSERS, "bob"}.number(0).number(~std::uint64_t{0}).end();
  CHECK(out == ":srv 265 bob 0 18446744073709551615\r\n");
}

TEST_CASE("irc: a parameter can never hold CR, LF or NUL") {
  CHECK(privmsg("a\r\nQUIT\n") == ":a!b@c PRIVMSG #x :a  QUIT \r\n");
  CHECK(privmsg(std::string("\0\r\n", 3)) == ":a!b@c PRIVMSG #x :   \r\n");
}

TEST_CASE("irc: what cannot be one word is written as a star") {
  for (const char* word : {"", ":", ":a", "a b", " ", "a\rb", "a\n"})
    CHECK(with_middle(word) == ":srv X * y\r\n");
  CHECK(with_middle(std::string("a\0b", 3)) == ":srv X * y\r\n");
  CHECK(with_middle("a:b") == ":srv X a:b y\r\n");
}

TEST_CASE("irc: a line of 512 bytes goes out whole, a longer one is cut to 512") {
  const auto head = std::string_view{":a!b@c PRIVMSG #x :"}.size();
  const std::string fits(510 - head, 't');
  CHECK(privmsg(fits).size() == 512);
  CHECK(privmsg(fits + "u") == privmsg(fits));
  CHECK(privmsg(std::string(5000, 't')) == privmsg(fits));
}

TEST_CASE("irc: tags are beside the 512 bytes") {
  const std::string tags(8189, 'x');
  const auto line = privmsg(std::string(600, 't'), tags);
  CHECK(line.size() == 8191 + 512);
  CHECK(line.substr(8191) == privmsg(std::string(600, 't')));
}

TEST_CASE("irc: a text is cut at a UTF-8 boundary, wherever the limit falls") {
  for (const char* character : {"é", "€", "👍"}) {
    const std::string_view bytes = character;
    for (std::size_t shift = 0; shift < 8; ++shift) {
      std::string text(shift, 'x');
      while (text.size() < 600)
        text += bytes;
      const auto line = privmsg(text);
      CAPTURE(character, shift);
      CHECK(line.size() <= 512);
      CHECK(line.size() > 512 - bytes.size());
      CHECK(line.ends_with("\r\n"));
      CHECK(confab::test::is_utf8(line));
    }
  }
}

TEST_CASE("irc: words that are too long alone are cut as well") {
  std::string out;
  line_writer{out, "srv", numeric::RPL_ENDOFWHO, "bob"}
      .middle(std::string(600, 'm'))
      .trailing("End of WHO");
  CHECK(out.size() == 512);
  CHECK(out.ends_with("mm\r\n"));
}

TEST_CASE("irc: whatever bytes the parameters hold, one line goes out") {
  for (int value = 0; value < 256; ++value) {
    const std::string bytes(3, static_cast<char>(value));
    std::string out;
    line_writer{out, "srv", "X"}.middle(bytes).trailing(bytes);
    CAPTURE(value);
    CHECK(out.find('\n') == out.size() - 1);
    CHECK(out.find('\r') == out.size() - 2);
    CHECK(out.find('\0') == std::string::npos);
  }
}

TEST_CASE("irc: the bytes that fit behind a head are counted to the byte") {
  const auto room = text_bytes_that_fit("a!b@c", "PRIVMSG", "#x");
  CHECK(privmsg(std::string(room, 't')).size() == 512);
  CHECK(privmsg(std::string(room - 1, 't')).size() == 511);
  CHECK(text_bytes_that_fit(std::string(600, 's'), "PRIVMSG", "#x") == 0);
}
