#include "io/dialects/irc/message_id.hpp"

#include "io/dialects/irc/civil_time.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace confab::irc {
namespace {

constexpr int id_base = 36;
constexpr std::size_t id_digits_max = 13;  // of 64 bits, in that base

void append_number(std::uint64_t value, std::string& out) {
  std::array<char, id_digits_max> digits{};
  const auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), value, id_base).ptr;
  out.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

// So many digits of `value`, the last ones, to `at`.
void put_digits(std::uint64_t value, std::size_t count, char* at) {
  while (count-- > 0) {
    at[count] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

// What stands for a digit in the form of a time.
constexpr char any_digit = '0';
constexpr std::string_view form_of_time = "0000-00-00T00:00:00.000Z";

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool has_form_of_time(std::string_view text) {
  return std::equal(text.begin(), text.end(), form_of_time.begin(), form_of_time.end(),
                    [](char given, char wanted) {
                      return wanted == any_digit ? is_digit(given) : given == wanted;
                    });
}

// So many digits of `text`, which are digits.
unsigned digits_at(std::string_view text, std::size_t begin, std::size_t count) {
  unsigned result = 0;
  for (const char digit : text.substr(begin, count))
    result = result * 10 + static_cast<unsigned>(digit - '0');
  return result;
}

}  // namespace

void append_message_id(const stamp& at, std::size_t index, std::string& out) {
  append_number(at.run, out);
  out += '-';
  append_number(at.room, out);
  out += '-';
  append_number(at.sequence + index, out);
}

std::string message_id_text(const message_id& which) {
  stamp at;
  at.run = which.run;
  at.room = which.room;
  at.sequence = which.sequence;
  std::string result;
  append_message_id(at, 0, result);
  return result;
}

std::optional<message_id> parse_message_id(std::string_view text) {
  const auto whole = text;
  message_id result;
  std::uint64_t* const parts[] = {&result.run, &result.room, &result.sequence};
  for (auto* part : parts) {
    if (part != &result.run) {
      if (!text.starts_with('-'))
        return std::nullopt;
      text.remove_prefix(1);
    }
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), *part, id_base);
    if (parsed.ec != std::errc{})
      return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(parsed.ptr - text.data()));
  }
  // Numbers can be written in several ways, of which one is the id.
  return text.empty() && message_id_text(result) == whole ? std::optional{result} : std::nullopt;
}

void append_server_time(std::int64_t time_ms, std::string& out) {
  const auto time = civil_time_of(time_ms);
  std::array<char, form_of_time.size()> text{};
  std::copy(form_of_time.begin(), form_of_time.end(), text.begin());
  put_digits(time.year, 4, &text[0]);
  put_digits(time.month, 2, &text[5]);
  put_digits(time.day, 2, &text[8]);
  put_digits(time.hour, 2, &text[11]);
  put_digits(time.minute, 2, &text[14]);
  put_digits(time.second, 2, &text[17]);
  put_digits(time.millisecond, 3, &text[20]);
  out.append(text.data(), text.size());
}

std::optional<std::int64_t> parse_server_time(std::string_view text) {
  if (!has_form_of_time(text))
    return std::nullopt;
  civil_time time;
  time.year = digits_at(text, 0, 4);
  time.month = digits_at(text, 5, 2);
  time.day = digits_at(text, 8, 2);
  time.hour = digits_at(text, 11, 2);
  time.minute = digits_at(text, 14, 2);
  time.second = digits_at(text, 17, 2);
  time.millisecond = digits_at(text, 20, 3);
  return ms_of_civil_time(time);
}

}  // namespace confab::irc
