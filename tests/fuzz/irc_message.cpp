// The parser of the irc dialect's lines, and the writer that has to be understood by it.

#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/message.hpp"
#include "io/dialects/irc/tags.hpp"
#include "io/text/line_reader.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::irc;

namespace {

using lines = std::vector<std::optional<std::string>>;

/// The lines of an input that arrives in these pieces; nothing for one that is too long.
lines lines_in(const std::vector<std::string_view>& pieces) {
  line_reader reader{input_line_bytes_max};
  lines result;
  for (auto piece : pieces) {
    for (;;) {
      const auto next = reader.next(piece);
      if (const auto* line = std::get_if<line_reader::line>(&next))
        result.emplace_back(line->text);
      else if (std::holds_alternative<line_reader::too_long>(next))
        result.emplace_back(std::nullopt);
      else
        break;
    }
  }
  return result;
}

std::vector<std::string_view> single_bytes(std::string_view input) {
  std::vector<std::string_view> result;
  for (std::size_t at = 0; at < input.size(); ++at)
    result.push_back(input.substr(at, 1));
  return result;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.find(' ') == std::string_view::npos &&
         text.find('\r') == std::string_view::npos && text.front() != ':';
}

void check_message(const message& found) {
  fuzz::require(!found.command.empty(), "a message has a command");
  fuzz::require(found.parameter_count <= parameters_max, "there are 15 parameters at most");
  const auto parameters = found.parameters();
  for (std::size_t index = 0; index + 1 < parameters.size(); ++index)
    fuzz::require(!parameters[index].empty() && parameters[index].front() != ':' &&
                      parameters[index].find(' ') == std::string_view::npos,
                  "only the last parameter may be empty or hold blanks");
}

/// Writes the message, and reads it again: the same, if all of it can be written.
void check_round_trip(const message& found) {
  const auto words = found.parameters();
  const bool can_be_written =
      is_word(found.command) && (found.source.empty() || is_word(found.source)) &&
      (found.tags.empty() || is_word(found.tags)) && !found.command.starts_with('@');
  if (!can_be_written)
    return;
  std::string wire;
  line_writer writer{wire, found.source, found.command, found.tags};
  for (std::size_t index = 0; index + 1 < words.size(); ++index)
    writer.middle(words[index]);
  if (words.empty())
    writer.end();
  else
    writer.trailing(words.back());
  fuzz::require(wire.find('\n') + 1 == wire.size() && wire.ends_with("\r\n"),
                "one line is written");
  fuzz::require(test::is_utf8(wire), "what is written is UTF-8");
  const auto parsed = parse_line(std::string_view{wire}.substr(0, wire.size() - 2));
  const auto* again = std::get_if<message>(&parsed);
  fuzz::require(again != nullptr, "what is written is a message");
  fuzz::require(
      again->command == found.command && again->source == found.source && again->tags == found.tags,
      "its head comes back");
  const auto tags_bytes = found.tags.empty() ? 0 : found.tags.size() + 2;
  const bool cut = wire.size() - tags_bytes == line_bytes_max;
  const bool altered = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return word.find('\r') != std::string_view::npos;
  });
  if (!cut && !altered)
    fuzz::require(std::equal(words.begin(), words.end(), again->parameters().begin(),
                             again->parameters().end()),
                  "its parameters come back");
}

void check_tags(std::string_view tags) {
  tag_list list;
  list.add_client_tags(tags);
  const auto relayed = list.text();
  fuzz::require(relayed.size() <= tag_data_bytes_max, "relayed tags are bounded");
  fuzz::require(relayed.find_first_of(std::string_view{" \r\n\0", 4}) == std::string::npos,
                "relayed tags are one word");
  fuzz::require(relayed.empty() || (relayed.front() == '+' && !relayed.ends_with(';')),
                "relayed tags begin with a +");
  tag_list second;
  second.add_client_tags(relayed);
  fuzz::require(second.text() == relayed, "what is relayed once is relayed again");
}

void check_escapes(std::string_view value) {
  if (value.find('\0') != std::string_view::npos)
    return;
  std::string raw;
  append_escaped(value, raw);
  fuzz::require(unescaped(raw) == value, "an escaped value comes back");
}

void check_line(std::string_view line) {
  const auto parsed = parse_line(line);
  if (const auto* bad = std::get_if<line_not_utf8>(&parsed)) {
    fuzz::require(!test::is_utf8(line), "UTF-8 is not refused");
    fuzz::require(!bad->command.empty() && test::is_utf8(bad->command), "the command can be told");
  }
  const auto* found = std::get_if<message>(&parsed);
  if (found == nullptr)
    return;
  fuzz::require(test::is_utf8(line), "a message is UTF-8");
  fuzz::require(line.find('\0') == std::string_view::npos, "a message has no NUL");
  check_message(*found);
  check_round_trip(*found);
  check_tags(found->tags);
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  const auto whole = lines_in({input.all});
  fuzz::require(lines_in({input.front(), input.back()}) == whole, "a split changes nothing");
  fuzz::require(lines_in(single_bytes(input.all)) == whole, "in single bytes it is the same");
  for (const auto& line : whole)
    if (line)
      check_line(*line);
  check_tags(input.all);
  check_escapes(input.all);
}
