// A line of an IRC client, taken apart.

#include "io/dialects/irc/message.hpp"
#include "io/text/line_reader.hpp"
#include "tests/support/catch.hpp"

#include <optional>
#include <string>
#include <vector>

using namespace confab::irc;

namespace {

using strings = std::vector<std::string>;

template <class Kind>
bool is(const parsed_line& line) {
  return std::holds_alternative<Kind>(line);
}

message message_in(std::string_view line) {
  auto parsed = parse_line(line);
  REQUIRE(is<message>(parsed));
  return std::get<message>(parsed);
}

strings parameters_of(std::string_view line) {
  const auto found = message_in(line);
  return {found.parameters().begin(), found.parameters().end()};
}

std::string command_that_fails(std::string_view line) {
  const auto parsed = parse_line(line);
  REQUIRE(is<line_not_utf8>(parsed));
  return std::get<line_not_utf8>(parsed).command;
}

// What becomes of each line of an input, shown as text.
std::string shown(const parsed_line& line) {
  if (is<no_message>(line))
    return "none";
  if (is<line_too_long>(line))
    return "417";
  if (is<line_with_nul>(line))
    return "NUL";
  if (const auto* bad = std::get_if<line_not_utf8>(&line))
    return "FAIL " + bad->command;
  const auto& found = std::get<message>(line);
  auto result =
      std::string{found.tags}.append("|").append(found.source).append("|").append(found.command);
  for (const auto parameter : found.parameters())
    result.append("|").append(parameter);
  return result;
}

strings lines_of(std::string_view input, std::size_t first, std::size_t others) {
  confab::line_reader reader{input_line_bytes_max};
  strings result;
  for (auto piece = first; !input.empty(); piece = others) {
    auto chunk = input.substr(0, piece);
    input.remove_prefix(chunk.size());
    for (;;) {
      const auto next = reader.next(chunk);
      if (const auto* line = std::get_if<confab::line_reader::line>(&next))
        result.push_back(shown(parse_line(line->text)));
      else if (std::holds_alternative<confab::line_reader::too_long>(next))
        result.emplace_back("417");
      else
        break;
    }
  }
  return result;
}

}  // namespace

TEST_CASE("irc: a message is a command and its parameters, the last one behind a colon") {
  CHECK(message_in("JOIN #a").command == "JOIN");
  CHECK(parameters_of("JOIN #a key") == strings{"#a", "key"});
  CHECK(parameters_of("PRIVMSG #a :hello  all : of you ") == strings{"#a", "hello  all : of you "});
  CHECK(parameters_of("PRIVMSG #a ::)") == strings{"#a", ":)"});
  CHECK(parameters_of("PRIVMSG #a b:c") == strings{"#a", "b:c"});
  CHECK(parameters_of("QUIT").empty());
}

TEST_CASE("irc: an empty last parameter is there, an absent one is not") {
  CHECK(parameters_of("JOIN :") == strings{""});
  CHECK(parameters_of("TOPIC #a :") == strings{"#a", ""});
  CHECK(parameters_of("TOPIC #a") == strings{"#a"});
  CHECK(parameters_of("TOPIC #a ") == strings{"#a"});
}

TEST_CASE("irc: blanks in a row separate like one") {
  CHECK(parameters_of("  MODE   #a  +o   bob  ") == strings{"#a", "+o", "bob"});
  CHECK(message_in(":me   PING  x").command == "PING");
  CHECK(message_in("@a=b   PING x").command == "PING");
}

TEST_CASE("irc: a command counts in upper case, of ASCII only") {
  CHECK(message_in("privMsg x :y").command == "PRIVMSG");
  CHECK(message_in("caféz").command == "CAFéZ");
  CHECK(message_in(std::string(300, 'x')).command == std::string(300, 'X'));
}

TEST_CASE("irc: a source in front of the command is passed over") {
  const auto found = message_in(":alice!a@h PRIVMSG bob :hi");
  CHECK(found.source == "alice!a@h");
  CHECK(found.command == "PRIVMSG");
  CHECK(found.parameter_count == 2);
  CHECK(message_in(": PING x").command == "PING");
}

TEST_CASE("irc: tags are what stands between @ and the first blank") {
  const auto found = message_in("@+k=v;label=x :me TAGMSG bob");
  CHECK(found.tags == "+k=v;label=x");
  CHECK(found.source == "me");
  CHECK(found.command == "TAGMSG");
  CHECK(message_in("@ PING x").tags.empty());
  CHECK(message_in("PING @x").tags.empty());
}

TEST_CASE("irc: there are 15 parameters at most, and the rest belongs to the last one") {
  CHECK(parameters_of("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15").back() == "15");
  CHECK(parameters_of("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 :17").back() == "15 16 :17");
  CHECK(parameters_of("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 :15 16").back() == "15 16");
  CHECK(parameters_of("X 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16").size() == 15);
}

TEST_CASE("irc: a line without a command is skipped") {
  for (const char* line :
       {"", " ", "   ", ":", ":source", ":source ", "@a=b", "@a=b ", "@", "@ :s "})
    CHECK(is<no_message>(parse_line(line)));
}

TEST_CASE("irc: up to 512 bytes with CR LF, a longer line is 417") {
  const auto line_of = [](std::size_t bytes) {
    return "PRIVMSG #a :" + std::string(bytes - 12, 'x');
  };
  CHECK(message_in(line_of(510)).parameters()[1].size() == 498);
  CHECK(is<line_too_long>(parse_line(line_of(511))));
  CHECK(is<line_too_long>(parse_line(std::string(511, ' '))));
}

TEST_CASE("irc: from @ to the blank at most 4096 bytes, beside the full 512") {
  const auto tags_of = [](std::size_t bytes) { return "@+k=" + std::string(bytes - 5, 'v') + ' '; };
  const auto text = "PRIVMSG #a :" + std::string(498, 'x');
  CHECK(message_in(tags_of(4096) + text).tags.size() == tag_data_bytes_max);
  CHECK(is<line_too_long>(parse_line(tags_of(4097) + text)));
  CHECK(is<line_too_long>(parse_line(tags_of(4096) + text + 'x')));
  CHECK(is<line_too_long>(parse_line(tags_of(5) + text + 'x')));
  CHECK(is<line_too_long>(parse_line("@" + std::string(4095, 'x'))));
  CHECK(is<no_message>(parse_line("@" + std::string(4094, 'x'))));
}

TEST_CASE("irc: a line with NUL is dropped, wherever it stands") {
  const std::string line = "@+k=v :me PRIVMSG #a :hello";
  for (std::size_t at = 0; at <= line.size(); ++at) {
    auto with_nul = line;
    with_nul.insert(at, 1, '\0');
    CAPTURE(at);
    CHECK(is<line_with_nul>(parse_line(with_nul)));
  }
}

TEST_CASE("irc: invalid UTF-8 anywhere is told with the command") {
  CHECK(command_that_fails("privmsg #a :\xff") == "PRIVMSG");
  CHECK(command_that_fails("@+k=\xc3 TAGMSG #a") == "TAGMSG");
  CHECK(command_that_fails(":\xff USER a 0 * :b") == "USER");
  CHECK(command_that_fails("NICK \xed\xa0\x80") == "NICK");  // a surrogate
  CHECK(command_that_fails("NICK a\xC0\x80") == "NICK");     // a longer form of NUL
  CHECK(command_that_fails("PRIVMSG #a :12345678901234567\xe2\x82") == "PRIVMSG");  // cut off
  CHECK(is<message>(parse_line("PRIVMSG #a :Grüße, 日本語 👍")));
}

TEST_CASE("irc: a command that is no UTF-8 itself is told as a star") {
  CHECK(command_that_fails("\xff") == "*");
  CHECK(command_that_fails("JOI\xff #a") == "*");
  CHECK(command_that_fails("@\xff") == "*");
}

TEST_CASE("irc: the length counts before a NUL, and a NUL before the encoding") {
  CHECK(is<line_too_long>(parse_line(std::string(511, '\0'))));
  CHECK(is<line_with_nul>(parse_line(std::string("X \0\xff", 4))));
}

TEST_CASE("irc: byte by byte, in two pieces and whole, an input has the same lines") {
  const std::string input = "NICK a\nUSER a 0 * :A\r\n\r\n@+k=v PRIVMSG #a :\xC3\xA9\nX \xff\r\n" +
                            std::string(600, 'y') + "\r\nPING\n@" + std::string(5000, 'z') +
                            " PING\nQUIT\n" + std::string("N\0L\n", 4);
  const auto whole = lines_of(input, input.size(), 1);
  CHECK(whole == strings{"||NICK|a", "||USER|a|0|*|A", "none", "+k=v||PRIVMSG|#a|é", "FAIL X",
                         "417", "||PING", "417", "||QUIT", "NUL"});
  CHECK(lines_of(input, 1, 1) == whole);
  for (std::size_t at = 1; at < input.size(); at += at < 100 ? 1 : 37)
    CHECK(lines_of(input, at, input.size()) == whole);
}
