#include "tests/support/strict_reader.hpp"

#include "io/text/printable.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <regex>
#include <utility>
#include <variant>
#include <vector>

namespace confab::test {

namespace {

constexpr std::size_t frame_bytes = 200;
constexpr std::string_view ends_a_line{"\n\r\0", 3};

/// At least this much of any name must be seen; a whole UTF-8 character may be cut off its end.
constexpr std::size_t recognisable_name_bytes =
    frame_bytes - std::string_view{" has joined"}.size() - 3;

bool contains_any(std::string_view text, std::string_view bytes) {
  return text.find_first_of(bytes) != std::string_view::npos;
}

std::string replaced(std::string_view text, std::string_view unsafe, char replacement) {
  std::string result{text};
  for (char& byte : result)
    if (unsafe.find(byte) != std::string_view::npos)
      byte = replacement;
  return result;
}

std::string without_blanks_at_end(std::string_view text) {
  return std::string{text.substr(0, text.find_last_not_of(" \r\n") + 1)};
}

bool is_letter_or_digit(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z');
}

/// Letters, digits, and `_` for everything else: what a tagged name becomes.
std::string tagged_name(std::string_view name) {
  std::string result{name};
  std::replace_if(
      result.begin(), result.end(), [](char byte) { return !is_letter_or_digit(byte); }, '_');
  return result;
}

/// Takes `start` from the front of `text`, or returns false.
bool take(std::string_view& text, std::string_view start) {
  if (!text.starts_with(start))
    return false;
  text.remove_prefix(start.size());
  return true;
}

/// Takes everything up to `end`, and `end` itself, from the front of `text`.
std::optional<std::string_view> take_until(std::string_view& text, std::string_view end) {
  const auto found = text.find(end);
  if (found == std::string_view::npos)
    return std::nullopt;
  const auto taken = text.substr(0, found);
  text.remove_prefix(found + end.size());
  return taken;
}

/// What only clients of IRC make sense of: CTCP's mark, colours, other formatting.
constexpr std::string_view irc_marks{"\x01\x02\x03\x04\x0f\x11\x16\x1d\x1e\x1f"};

std::string without_irc_marks(const std::string& text) {
  static const std::regex marks{
      "\\x03([0-9]{1,2}(,[0-9]{1,2})?)?|\\x04([0-9a-fA-F]{6}(,[0-9a-fA-F]{6})?)?|"
      "[\\x01\\x02\\x0f\\x11\\x16\\x1d-\\x1f]"};
  return std::regex_replace(text, marks, "");
}

/// A text as it is shown outside of the dialect of its author; nothing: it is not shown.
std::optional<std::string> text_abroad(const said& spoken, const author& who) {
  if (who.dialect() != "irc" || !contains_any(spoken.text, irc_marks))
    return spoken.text;
  if (!spoken.text.starts_with('\x01')) {
    const auto plain = without_irc_marks(spoken.text);
    return plain.empty() ? std::nullopt : std::optional{plain};
  }
  static const std::regex action{"\\x01action( [^]*?)?\\x01?", std::regex::icase};
  std::smatch parts;
  if (!std::regex_match(spoken.text, parts, action))
    return std::nullopt;
  const auto words = parts[1].str();
  return "* " + without_irc_marks(words.substr(words.empty() ? 0 : 1));
}

/// The texts of a batch as readers of this dialect know them; nothing: they do not see it.
std::optional<std::string> text_seen(const said& spoken, const author& who,
                                     std::string_view dialect_name) {
  return who.dialect() == dialect_name ? spoken.text : text_abroad(spoken, who);
}

/// A text as a line dialect carries it: untouched at home, in one line abroad.
std::string text_in_line(const std::string& text, const author& who,
                         std::string_view dialect_name) {
  return who.dialect() == dialect_name ? text : replaced(text, ends_a_line, ' ');
}

/// One message that begins with what `take_author` understands, for each text of the batch.
template <class TakeAuthor>
std::string check_lines(std::string_view dialect_name, const event_batch& batch,
                        std::string_view wire, const TakeAuthor& author_trouble) {
  for (const auto& happening : batch.events) {
    const auto* spoken = std::get_if<said>(&happening);
    if (spoken == nullptr)
      continue;  // Line dialects have no notices.
    const auto text = text_seen(*spoken, batch.who, dialect_name);
    if (!text)
      continue;
    auto line = take_until(wire, "\n");
    if (!line)
      return "a text has no line";
    if (std::string trouble = author_trouble(*line); !trouble.empty())
      return trouble;
    if (*line != text_in_line(*text, batch.who, dialect_name))
      return "another text: " + std::string{*line};
  }
  return wire.empty() ? "" : "a line that nobody said: " + std::string{wire};
}

std::string check_tagged(const event_batch& batch, std::string_view wire) {
  return check_lines("tagged", batch, wire, [&](std::string_view& line) -> std::string {
    if (!take(line, "delivery:"))
      return "no delivery: " + std::string{line};
    if (take_until(line, ":") != tagged_name(batch.room))
      return "another room";
    if (take_until(line, ":") != tagged_name(batch.who.name()))
      return "another author";
    return "";
  });
}

std::string check_oneroom(const event_batch& batch, std::string_view wire) {
  return check_lines("oneroom", batch, wire, [&](std::string_view& line) -> std::string {
    const auto author = take_until(line, ":");
    const auto safe =
        without_controls(replaced(batch.who.name(), std::string_view{":\n\r\0", 4}, '_'), '_');
    return author == safe ? "" : "another author: " + std::string{author.value_or("nobody")};
  });
}

/// A name as framed readers see it; a frame may cut it, but not beyond recognition.
std::string framed_name_trouble(std::string_view seen, std::string_view name, bool in_notice) {
  const auto plain = without_controls(replaced(name, ends_a_line, ' '), '_');
  auto safe = replaced(replaced(plain, "[", '('), "]", ')');
  if (in_notice)
    safe = without_blanks(safe, '_');
  const auto least = std::min(safe.size(), recognisable_name_bytes);
  return safe.starts_with(seen) && seen.size() >= least ? ""
                                                        : "another author: " + std::string{seen};
}

std::string check_notice(std::string_view content, std::string_view ending, const author& who) {
  if (content.starts_with('['))
    return "a notice that looks like a text";
  if (!content.ends_with(ending))
    return "a notice without its words: " + std::string{content};
  content.remove_suffix(ending.size());
  if (contains_any(content, " \t"))
    return "a notice of more than one word before its ending";
  return framed_name_trouble(content, who.name(), true);
}

std::string check_said(std::string_view content, const std::string& said_text, const author& who) {
  const auto text = without_blanks_at_end(replaced(said_text, ends_a_line, ' '));
  if (!take(content, "["))
    return "a text that looks like a notice: " + std::string{content};
  const auto author = take_until(content, "]");
  if (!author)
    return "a text without the end of its author";
  if (auto trouble = framed_name_trouble(*author, who.name(), false); !trouble.empty())
    return trouble;
  take(content, " ");  // Gone, with an empty text, as a blank at the end.
  if (author->size() + text.size() + std::string_view{"[] "}.size() <= frame_bytes)
    return content == text ? "" : "another text: " + std::string{content};
  return text.starts_with(content) ? "" : "another start of a text: " + std::string{content};
}

/// Holds for every frame, whatever it says.
std::string frame_trouble(std::string_view frame) {
  return contains_any(frame, ends_a_line) ? "a frame of more than one line" : "";
}

std::string check_frame(std::string_view frame, const event& happening, const author& who) {
  if (auto trouble = frame_trouble(frame); !trouble.empty())
    return trouble;
  const auto content = without_blanks_at_end(frame);
  if (const auto* spoken = std::get_if<said>(&happening))
    return check_said(content, *text_seen(*spoken, who, "framed"), who);
  return check_notice(content,
                      std::holds_alternative<joined>(happening) ? " has joined" : " has left", who);
}

std::string check_framed(const event_batch& batch, std::string_view wire) {
  for (const auto& happening : batch.events) {
    const auto* spoken = std::get_if<said>(&happening);
    if (spoken != nullptr && !text_seen(*spoken, batch.who, "framed"))
      continue;
    if (wire.size() < frame_bytes)
      return "an event has no frame";
    if (auto trouble = check_frame(wire.substr(0, frame_bytes), happening, batch.who);
        !trouble.empty())
      return trouble;
    wire.remove_prefix(frame_bytes);
  }
  return wire.empty() ? "" : "a frame of which nothing happened";
}

/// How many bytes the character at the front of `bytes` has; 0 if there is none.
std::size_t utf8_character_bytes(std::string_view bytes) {
  struct form {
    std::uint8_t mask;
    std::uint8_t lead;
    char32_t least;
  };
  constexpr std::array<form, 4> forms{
      {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}}};
  const auto byte = [&](std::size_t index) { return static_cast<std::uint8_t>(bytes[index]); };
  const auto found = std::find_if(forms.begin(), forms.end(), [&](const form& each) {
    return (byte(0) & each.mask) == each.lead;
  });
  if (found == forms.end())
    return 0;
  const auto length = static_cast<std::size_t>(found - forms.begin()) + 1;
  if (bytes.size() < length)
    return 0;
  char32_t character = static_cast<std::uint8_t>(byte(0) & ~found->mask);
  for (std::size_t index = 1; index < length; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U)
      return 0;
    character = (character << 6U) | (byte(index) & 0x3FU);
  }
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  return character >= found->least && character <= 0x10FFFF && !surrogate ? length : 0;
}

/// The text as IRC can carry it: of IRC as it is, but for what would end the line.
std::string text_in_irc(const said& spoken, const author& who) {
  if (who.dialect() == "irc")
    return replaced(spoken.text, std::string_view{"\r\n\0", 3}, ' ');
  std::string result;
  for (std::string_view rest = spoken.text; !rest.empty();) {
    const auto length = utf8_character_bytes(rest);
    result += length == 0 ? "\xEF\xBF\xBD" : rest.substr(0, length);
    rest.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result.empty() ? " " : replaced(result, std::string_view{"\r\n\0\x01", 4}, ' ');
}

/// Takes one line of IRC by this author from the front of `wire`.
std::optional<std::string_view> take_irc_line(std::string_view& wire, const author& who) {
  constexpr std::size_t line_bytes_max = 510;
  auto line = take_until(wire, "\r\n");
  const auto& by = *who.who;
  if (!line || line->size() > line_bytes_max || contains_any(*line, ends_a_line) ||
      !is_utf8(*line) || !take(*line, ":" + by.nick + "!" + by.user + "@" + by.host + " "))
    return std::nullopt;
  return line;
}

/// A text: of IRC in one line, that may be cut; of others in as many as it takes.
std::string check_irc_text(const said& spoken, const event_batch& batch, std::string_view& wire) {
  auto text = text_in_irc(spoken, batch.who);
  for (std::string_view rest = text; !rest.empty();) {
    auto line = take_irc_line(wire, batch.who);
    if (!line)
      return "a text without its line by its author";
    if (!take(*line, "PRIVMSG #" + batch.room + " :"))
      return "another command or channel: " + std::string{*line};
    if (line->empty() || !take(rest, *line))
      return "another text: " + std::string{*line};
    if (batch.who.dialect() == "irc")
      break;
  }
  return "";
}

std::string check_irc(const event_batch& batch, std::string_view wire) {
  for (const auto& happening : batch.events) {
    if (const auto* spoken = std::get_if<said>(&happening)) {
      if (auto trouble = check_irc_text(*spoken, batch, wire); !trouble.empty())
        return trouble;
      continue;
    }
    const auto* word = std::holds_alternative<joined>(happening) ? "JOIN #" : "PART #";
    const auto line = take_irc_line(wire, batch.who);
    if (!line || *line != word + batch.room)
      return "who comes and goes has no line: " + std::string{line.value_or("")};
  }
  return wire.empty() ? "" : "a line that nobody said: " + std::string{wire};
}

}  // namespace

std::string what_is_forged(std::string_view dialect_name, const event_batch& batch,
                           std::string_view wire) {
  if (dialect_name == "tagged")
    return check_tagged(batch, wire);
  if (dialect_name == "oneroom")
    return check_oneroom(batch, wire);
  if (dialect_name == "framed")
    return check_framed(batch, wire);
  if (dialect_name == "irc")
    return check_irc(batch, wire);
  return "no strict reader for this dialect: write one";
}

std::string what_is_forged(const dialect& reads, const event_batch& batch) {
  std::string wire;
  reads.encode_events(batch, 0, wire);
  return what_is_forged(reads.name(), batch, wire);
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto length = utf8_character_bytes(bytes);
    if (length == 0)
      return false;
    bytes.remove_prefix(length);
  }
  return true;
}

}  // namespace confab::test
