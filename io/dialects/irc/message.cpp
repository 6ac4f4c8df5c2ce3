#include "io/dialects/irc/message.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace confab::irc {
namespace {

struct tags_and_rest {
  std::string_view tags;  // with the `@`
  std::string_view rest;
  std::size_t tags_bytes = 0;  // with the `@` and the blank, which a line of tags alone lacks
};

// Only the first blank belongs to the tags.
tags_and_rest split_tags(std::string_view line) {
  if (!line.starts_with('@'))
    return {{}, line, 0};
  const auto blank = std::min(line.find(' '), line.size());
  return {line.substr(0, blank), line.substr(std::min(blank + 1, line.size())), blank + 1};
}

void skip_blanks(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
}

// Takes what stands in front of the next blank, and the blanks.
std::string_view take_word(std::string_view& rest) {
  const auto word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  skip_blanks(rest);
  return word;
}

// `rest` begins behind the blanks that follow the command.
void take_parameters(std::string_view rest, message& into) {
  while (!rest.empty()) {
    auto& slot = into.parameter_slots[into.parameter_count++];
    const bool marked = rest.starts_with(':');
    if (marked || into.parameter_count == parameters_max) {
      slot = rest.substr(marked ? 1 : 0);
      return;
    }
    slot = take_word(rest);
  }
}

message take_apart(std::string_view tags, std::string_view rest) {
  message result;
  result.tags = tags.substr(std::min<std::size_t>(1, tags.size()));
  skip_blanks(rest);
  if (rest.starts_with(':'))
    result.source = take_word(rest).substr(1);
  result.command = upper_cased(take_word(rest));
  take_parameters(rest, result);
  return result;
}

}  // namespace

parsed_line parse_line(std::string_view line) {
  const auto [tags, rest, tags_bytes] = split_tags(line);
  if (tags_bytes > tags_bytes_max || rest.size() > line_text_bytes_max)
    return line_too_long{};
  if (line.find('\0') != std::string_view::npos)
    return line_with_nul{};
  auto result = take_apart(tags, rest);
  if (!is_valid_utf8(line)) {
    const bool repeatable = !result.command.empty() && is_valid_utf8(result.command);
    return line_not_utf8{repeatable ? std::move(result.command) : "*"};
  }
  if (result.command.empty())
    return no_message{};
  return result;
}

}  // namespace confab::irc
