#include "io/dialects/irc/mode_changes.hpp"

#include "actors/model/mask.hpp"
#include "io/dialects/irc/line_writer.hpp"
#include "io/dialects/irc/normal_mask.hpp"
#include "io/text/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace confab::irc {
namespace {

bool is_one_of(std::string_view letters, char letter) {
  return letters.find(letter) != std::string_view::npos;
}

bool is_key_byte(char byte) {
  return byte >= '!' && byte <= '~' && byte != ',';
}

// The limit as it is told, or nothing if it is no number of at least 1.
std::optional<std::string_view> normal_limit(std::string_view text) {
  std::uint32_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stopped != end || value == 0)
    return std::nullopt;
  return text.substr(text.find_first_not_of('0'));
}

/// Reads the letters of a MODE command, and takes the parameters that belong to them.
class channel_mode_reader {
 public:
  explicit channel_mode_reader(std::span<const std::string_view> parameters)
      : parameters_(parameters) {}

  mode_request read(std::string_view letters) {
    while (!letters.empty()) {
      const auto bytes = std::max<std::size_t>(first_character(letters).bytes, 1);
      read_character(letters.substr(0, bytes));
      letters.remove_prefix(bytes);
    }
    return std::move(request_);
  }

 private:
  void read_character(std::string_view character) {
    const char letter = character.front();
    if (letter == '+' || letter == '-')
      add_ = letter == '+';
    else if (is_one_of(list_modes, letter))
      read_list(letter);
    else if (is_one_of(key_mode, letter))
      read_key(letter);
    else if (is_one_of(limit_mode, letter))
      read_limit(letter);
    else if (is_one_of(member_modes, letter))
      read_member(letter);
    else if (is_one_of(flag_modes, letter))
      request_.changes.push_back({add_, letter, {}});
    else
      note({mode_mistake::kind::unknown_letter, std::string{character}, {}});
  }

  void read_list(char letter) {
    const auto mask = next_parameter();
    if (!mask)
      ask_for(letter);
    else if (auto normal = normal_mask(*mask))
      change(letter, std::move(*normal));
    else
      note_bad(letter, "*");
  }

  void read_key(char letter) {
    const auto key = next_parameter();
    if (!add_)
      change(letter, std::string{key.value_or("")});
    else if (key && is_valid_key(*key))
      change(letter, std::string{*key});
    else
      note_bad(letter, "*");
  }

  void read_limit(char letter) {
    if (!add_) {
      request_.changes.push_back({add_, letter, {}});
      return;
    }
    const auto given = next_parameter().value_or("");
    if (const auto limit = normal_limit(given))
      change(letter, std::string{*limit});
    else
      note_bad(letter, given);
  }

  void read_member(char letter) {
    const auto nick = next_parameter().value_or("");
    if (nick.empty())
      note_bad(letter, "*");
    else
      change(letter, std::string{nick});
  }

  std::optional<std::string_view> next_parameter() {
    if (parameters_.empty())
      return std::nullopt;
    const auto result = parameters_.front();
    parameters_ = parameters_.subspan(1);
    return result;
  }

  void change(char letter, std::string parameter) {
    if (parameters_used_ == modes_max)
      return;
    ++parameters_used_;
    request_.changes.push_back({add_, letter, std::move(parameter)});
  }

  void ask_for(char letter) {
    if (!is_one_of(request_.list_queries, letter))
      request_.list_queries += letter;
  }

  void note_bad(char letter, std::string_view shown) {
    note({mode_mistake::kind::bad_parameter, std::string(1, letter),
          std::string{shown.empty() ? "*" : shown}});
  }

  void note(mode_mistake mistake) {
    auto& known = request_.mistakes;
    if (std::find(known.begin(), known.end(), mistake) == known.end())
      known.push_back(std::move(mistake));
  }

  std::span<const std::string_view> parameters_;
  mode_request request_;
  std::size_t parameters_used_ = 0;
  bool add_ = true;
};

/// The parameter that a change is told with; empty if none.
std::string_view told_parameter(const mode_change& change) {
  if (change.parameter.empty() && is_one_of(key_mode, change.letter))
    return "*";
  return change.parameter;
}

/// How many of the first changes go into one line, which has room for so many bytes. At least one.
std::size_t count_for_line(std::span<const mode_change> changes, std::size_t room) {
  std::size_t count = 0;
  std::size_t parameters = 0;
  std::size_t bytes = 0;
  for (const auto& each : changes) {
    const auto parameter = told_parameter(each);
    bytes += std::string_view{"+l"}.size();
    if (!parameter.empty()) {
      ++parameters;
      bytes += parameter.size() + 1;
    }
    if (count > 0 && (parameters > modes_max || bytes > room))
      break;
    ++count;
  }
  return count;
}

}  // namespace

mode_request parse_channel_modes(std::span<const std::string_view> arguments) {
  if (arguments.empty())
    return {};
  return channel_mode_reader{arguments.subspan(1)}.read(arguments.front());
}

user_mode_request parse_user_modes(std::string_view letters) {
  user_mode_request result;
  bool add = true;
  for (const char letter : letters)
    if (letter == '+' || letter == '-')
      add = letter == '+';
    else if (!is_one_of(user_modes, letter))
      result.has_unknown_letter = true;
    else if (letter != 'o' || !add)
      result.changes.push_back({add, letter, {}});
  return result;
}

bool is_valid_key(std::string_view key) {
  return !key.empty() && key.size() <= key_bytes_max && key.front() != ':' &&
         std::all_of(key.begin(), key.end(), is_key_byte);
}

std::string mode_letters(std::span<const mode_change> changes) {
  std::string result;
  for (std::size_t index = 0; index < changes.size(); ++index) {
    if (index == 0 || changes[index].add != changes[index - 1].add)
      result += changes[index].add ? '+' : '-';
    result += changes[index].letter;
  }
  return result;
}

void append_mode_lines(std::string_view source, std::string_view target,
                       std::span<const mode_change> changes, std::string& out) {
  const auto room = text_bytes_that_fit(source, "MODE", target);
  while (!changes.empty()) {
    const auto in_line = changes.first(count_for_line(changes, room));
    line_writer line{out, source, "MODE"};
    line.middle(target).middle(mode_letters(in_line));
    for (const auto& each : in_line)
      if (const auto parameter = told_parameter(each); !parameter.empty())
        line.middle(parameter);
    line.end();
    changes = changes.subspan(in_line.size());
  }
}

}  // namespace confab::irc
