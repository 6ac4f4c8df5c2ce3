// MODE: the input is its arguments, separated by line ends.

#include "actors/model/mask.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/mode_changes.hpp"
#include "io/dialects/irc/normal_mask.hpp"
#include "tests/fuzz/input.hpp"
#include "tests/fuzz/invariant.hpp"
#include "tests/support/strict_reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::irc;

namespace {

using words = std::vector<std::string_view>;

words split(std::string_view bytes) {
  words result;
  for (;;) {
    const auto end = bytes.find('\n');
    result.push_back(bytes.substr(0, end));
    if (end == std::string_view::npos)
      return result;
    bytes.remove_prefix(end + 1);
  }
}

bool takes_parameter(const mode_change& change) {
  return list_modes.find(change.letter) != std::string_view::npos ||
         member_modes.find(change.letter) != std::string_view::npos ||
         key_mode.find(change.letter) != std::string_view::npos ||
         (limit_mode.find(change.letter) != std::string_view::npos && change.add);
}

void check_change(const mode_change& change) {
  const bool removes_key = change.letter == 'k' && !change.add;
  fuzz::require(removes_key || takes_parameter(change) == !change.parameter.empty(),
                "a change has a parameter if its letter takes one");
  if (change.letter == 'k' && change.add)
    fuzz::require(is_valid_key(change.parameter), "a key that is set is valid");
  if (list_modes.find(change.letter) != std::string_view::npos)
    fuzz::require(normal_mask(change.parameter) == change.parameter, "a mask is normal");
}

/// Nicks and the old key come from the client as they are, and so may be no words.
bool can_be_told(const mode_change& change) {
  const auto& word = change.parameter;
  return word.find_first_of(std::string_view{" \r\n\0", 4}) == std::string::npos &&
         !word.starts_with(':') && word.size() <= mask_bytes_max;
}

/// Tells the changes as if all had been made, and reads them again: the same.
void check_round_trip(std::vector<mode_change> changes) {
  std::erase_if(changes, [](const mode_change& each) { return !can_be_told(each); });
  std::string wire;
  append_mode_lines("a!b@c", "#x", changes, wire);
  std::vector<mode_change> again;
  for (std::string_view rest = wire; !rest.empty();) {
    const auto end = rest.find("\r\n");
    fuzz::require(end != std::string_view::npos && end + 2 <= line_bytes_max, "lines are whole");
    const auto parsed = parse_line(rest.substr(0, end));
    rest.remove_prefix(end + 2);
    const auto* line = std::get_if<message>(&parsed);
    fuzz::require(line != nullptr && line->command == "MODE" && line->parameters()[0] == "#x",
                  "each line is a MODE");
    const auto read = parse_channel_modes(line->parameters().subspan(1));
    fuzz::require(read.mistakes.empty() && read.list_queries.empty(), "what is told is understood");
    again.insert(again.end(), read.changes.begin(), read.changes.end());
  }
  for (auto& each : changes)
    if (each.letter == 'k' && each.parameter.empty())
      each.parameter = "*";
  fuzz::require(again == changes, "what is told is what changed");
}

void check_user_modes(std::string_view letters) {
  const auto found = parse_user_modes(letters);
  for (const auto& each : found.changes)
    fuzz::require(!(each.letter == 'o' && each.add), "nobody makes himself an operator");
  const auto again = parse_user_modes(mode_letters(found.changes));
  fuzz::require(again.changes == found.changes && !again.has_unknown_letter,
                "a user's modes come back");
}

}  // namespace

void fuzz::try_input(const split_input& input) {
  // Only lines that are UTF-8 come so far.
  if (!test::is_utf8(input.all))
    return;
  const auto arguments = split(input.all);
  const auto found = parse_channel_modes(arguments);
  for (const auto& each : found.changes)
    check_change(each);
  fuzz::require(
      std::count_if(found.changes.begin(), found.changes.end(), takes_parameter) <=
          static_cast<std::ptrdiff_t>(modes_max) +
              std::count(found.changes.begin(), found.changes.end(), mode_change{false, 'k', ""}),
      "at most six changes have a parameter");
  fuzz::require(found.list_queries.size() <= list_modes.size(), "a list is asked for once");
  for (const auto& each : found.mistakes)
    fuzz::require(test::is_utf8(each.letter) && !each.letter.empty(), "a letter is a character");
  check_round_trip(found.changes);
  check_user_modes(arguments[0]);
}
