#include "io/dialects/irc/line_writer.hpp"

#include "io/dialects/safe_text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>

namespace confab::irc {
namespace {

bool ends_a_word(char byte) {
  return byte == ' ' || byte == '\r' || byte == '\n' || byte == '\0';
}

bool is_word(std::string_view text) {
  return !text.empty() && text.front() != ':' &&
         std::none_of(text.begin(), text.end(), ends_a_word);
}

// Three searches of the library are faster than one of ours.
bool is_in_one_line(std::string_view text) {
  return text.find('\n') == std::string_view::npos && text.find('\r') == std::string_view::npos &&
         text.find('\0') == std::string_view::npos;
}

std::array<char, 3> digits_of(numeric number) {
  const auto value = static_cast<unsigned>(number);
  const auto digit = [](unsigned of) { return static_cast<char>('0' + of % 10); };
  return {digit(value / 100), digit(value / 10), digit(value)};
}

}  // namespace

line_writer::line_writer(std::string& out, std::string_view source, std::string_view command,
                         std::string_view tags)
    : out_(out) {
  assert(is_word(command));
  assert(source.empty() || is_word(source));
  assert(tags.empty() || is_word(tags));
  if (!tags.empty()) {
    out_ += '@';
    out_ += tags;
    out_ += ' ';
  }
  start_ = out_.size();
  if (!source.empty()) {
    out_ += ':';
    out_ += source;
    out_ += ' ';
  }
  out_ += command;
}

line_writer::line_writer(std::string& out, std::string_view server, numeric number,
                         std::string_view nick, std::string_view tags)
    : line_writer(out, server, std::string_view{digits_of(number).data(), 3}, tags) {
  middle(nick);
}

line_writer::~line_writer() {
  assert(ended_);
}

line_writer& line_writer::middle(std::string_view word) {
  out_ += ' ';
  out_ += is_word(word) ? word : "*";
  return *this;
}

line_writer& line_writer::number(std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out_ += ' ';
  out_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
  return *this;
}

void line_writer::trailing(std::string_view text) {
  out_ += " :";
  if (is_in_one_line(text))
    out_ += text;
  else
    append_in_one_line(text, out_);
  end();
}

void line_writer::end() {
  assert(!ended_);
  ended_ = true;
  const auto line = std::string_view{out_}.substr(start_);
  if (line.size() > line_text_bytes_max)
    out_.resize(start_ + cut_utf8(line, line_text_bytes_max).size());
  out_ += "\r\n";
}

std::size_t text_bytes_that_fit(std::string_view source, std::string_view command,
                                std::string_view target) {
  const auto in_front =
      source.size() + command.size() + target.size() + std::string_view{":   :"}.size();
  return in_front < line_text_bytes_max ? line_text_bytes_max - in_front : 0;
}

}  // namespace confab::irc
