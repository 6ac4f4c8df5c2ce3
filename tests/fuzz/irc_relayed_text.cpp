// Texts between IRC and the other dialects, both ways.

#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/names.hpp"
#include "io/dialects/irc/relayed_text.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <string>

using namespace confab;
using namespace confab::irc;

namespace {

/// Reads the lines by the parser: each is of that author to that channel, and together they hold
/// the text.
void check_lines(const relayed_head& head, std::string_view foreign) {
  std::string wire;
  const auto count = append_foreign_text(head, foreign, wire);
  std::string together;
  std::size_t lines = 0;
  for (std::string_view rest = wire; !rest.empty(); ++lines) {
    const auto end = rest.find("\r\n");
    fuzz::require(end != std::string_view::npos && end + 2 <= line_bytes_max, "lines are whole");
    const auto parsed = parse_line(rest.substr(0, end));
    rest.remove_prefix(end + 2);
    const auto* line = std::get_if<message>(&parsed);
    fuzz::require(line != nullptr, "each line is valid, so it is UTF-8 without NUL");
    fuzz::require(line->source == head.source && line->command == head.command &&
                      line->parameter_count == 2 && line->parameters()[0] == head.target,
                  "each line is of the author, to the target");
    const auto text = line->parameters()[1];
    fuzz::require(!text.empty() && text.find_first_of("\r\n\x01") == std::string_view::npos,
                  "each text can be carried");
    together += text;
  }
  fuzz::require(lines == count && lines > 0, "the lines are counted, and there is one");
  fuzz::require(together == text_for_irc(foreign), "nothing is lost");
  if (test::is_utf8(foreign) &&
      foreign.find_first_of(std::string_view{"\r\n\0\x01", 4}) == std::string_view::npos &&
      !foreign.empty())
    fuzz::require(together == foreign, "a text that IRC can carry stays as it is");
}

void check_other_way(std::string_view text) {
  const auto plain = text_for_other_dialects(text);
  if (!plain)
    return;
  fuzz::require(
      plain->find_first_of("\x01\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f") == std::string::npos,
      "no formatting is left");
  fuzz::require(!plain->empty(), "there is a text");
  fuzz::require(text_for_other_dialects(*plain) == *plain, "what is plain stays as it is");
  fuzz::require(!test::is_utf8(text) || test::is_utf8(*plain), "UTF-8 stays UTF-8");
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  const auto base = foreign_nick_base(input.front());
  fuzz::require(test::is_utf8(base) && !base.empty() && base.size() <= foreign_base_bytes_max,
                "a base is short UTF-8");
  const auto nick = foreign_nick(base, "tagged", 2);
  fuzz::require(!is_valid_nick(nick), "nobody can choose a foreign nick");
  const auto source = nick + "!user@a1b2c3d4e5f6.ip";
  const auto channel = channel_of_room(input.front().substr(0, 64)).value_or("#lobby");
  check_lines({source, "PRIVMSG", channel}, input.back());
  check_lines({source, "NOTICE", "#x"}, input.all);
  check_other_way(input.all);
  check_other_way(text_for_irc(input.all));
}
