#include "io/dialects/irc/relayed_text.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/safe_text.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>

namespace confab::irc {
namespace {

constexpr char ctcp_mark = '\x01';
constexpr std::string_view replacement_character = "\xEF\xBF\xBD";
constexpr std::size_t character_bytes_max = 4;

constexpr std::string_view become_blanks{"\r\n\0\x01", 4};

bool holds(std::string_view text, char byte) {
  return text.find(byte) != std::string_view::npos;
}

// Most texts are: the searches of the library make this fast.
bool is_carried_as_it_is(std::string_view text) {
  return !text.empty() && is_valid_utf8(text) &&
         std::none_of(become_blanks.begin(), become_blanks.end(),
                      [text](char byte) { return holds(text, byte); });
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool is_hex_digit(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

// How many bytes at the start of `text` are of the kind, at most `most`.
std::size_t count_leading(std::string_view text, bool (*is_of_kind)(char), std::size_t most) {
  const auto start = text.substr(0, most);
  const auto end = std::find_if_not(start.begin(), start.end(), is_of_kind);
  return static_cast<std::size_t>(end - start.begin());
}

// The length of a foreground colour of so many digits, and of a background behind a comma.
std::size_t colour_bytes(std::string_view text, bool (*is_of_kind)(char), std::size_t least,
                         std::size_t most) {
  const auto front = count_leading(text, is_of_kind, most);
  if (front < least)
    return 0;
  if (!text.substr(front).starts_with(','))
    return front;
  const auto back = count_leading(text.substr(front + 1), is_of_kind, most);
  return back < least ? front : front + 1 + back;
}

// How many bytes of formatting `text`, which is not empty, begins with.
std::size_t formatting_bytes(std::string_view text) {
  switch (text.front()) {
    case '\x03':  // Up to two digits.
      return 1 + colour_bytes(text.substr(1), is_digit, 1, 2);
    case '\x04':  // Six hexadecimal digits.
      return 1 + colour_bytes(text.substr(1), is_hex_digit, 6, 6);
    case ctcp_mark:
    case '\x02':  // bold
    case '\x0F':  // reset
    case '\x11':  // monospace
    case '\x16':  // reverse
    case '\x1D':  // italic
    case '\x1E':  // struck through
    case '\x1F':  // underlined
      return 1;
    default:
      return 0;
  }
}

std::string without_formatting(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto bytes = formatting_bytes(text);
    if (bytes == 0)
      result += text.front();
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return result;
}

// What a CTCP ACTION says; nothing if `ctcp`, which begins with the mark, is another one.
std::optional<std::string_view> words_of_action(std::string_view ctcp) {
  ctcp.remove_prefix(1);
  if (ctcp.ends_with(ctcp_mark))
    ctcp.remove_suffix(1);
  const auto word = ctcp.substr(0, ctcp.find(' '));
  if (!same_name(word, "ACTION"))
    return std::nullopt;
  return ctcp.substr(std::min(word.size() + 1, ctcp.size()));
}

}  // namespace

std::string text_for_irc(std::string_view foreign) {
  if (foreign.empty())
    return " ";
  std::string result;
  while (!foreign.empty()) {
    const auto bytes = first_character(foreign).bytes;
    if (bytes == 0)
      result += replacement_character;
    else if (holds(become_blanks, foreign.front()))
      result += ' ';
    else
      result += foreign.substr(0, bytes);
    foreign.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return result;
}

std::size_t append_foreign_text(const relayed_head& head, std::string_view foreign,
                                std::string& out) {
  std::string cleaned;
  if (!is_carried_as_it_is(foreign)) {
    cleaned = text_for_irc(foreign);
    foreign = cleaned;
  }
  // A line always takes a character; line_writer cuts what does not fit behind a head without end.
  const auto room =
      std::max(text_bytes_that_fit(head.source, head.command, head.target), character_bytes_max);
  std::size_t lines = 0;
  while (!foreign.empty()) {
    const auto piece = cut_utf8(foreign, room);
    line_writer{out, head.source, head.command, head.tags}.middle(head.target).trailing(piece);
    foreign.remove_prefix(piece.size());
    ++lines;
  }
  return lines;
}

std::optional<std::string> text_for_other_dialects(std::string_view text) {
  if (text.starts_with(ctcp_mark)) {
    const auto words = words_of_action(text);
    if (!words)
      return std::nullopt;
    return "* " + without_formatting(*words);
  }
  auto plain = without_formatting(text);
  if (plain.empty())
    return std::nullopt;
  return plain;
}

}  // namespace confab::irc
