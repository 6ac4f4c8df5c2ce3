#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace confab::simulation {

/// The name of the simulated server.
inline constexpr const char* irc_server_name = "srv.example";

/// A nick that is chosen is no longer than this.
inline constexpr std::size_t irc_nick_bytes_max = 32;

/// One line from an IRC server, taken apart.
struct irc_line {
  std::string source;
  std::string command;
  std::vector<std::string> parameters;

  /// Who did it.
  std::string nick() const { return source.substr(0, source.find('!')); }
  /// Whether it is an answer with this number.
  bool is(std::string_view word) const { return command == word; }
  /// A parameter; empty if there are fewer.
  std::string parameter(std::size_t index) const {
    return index < parameters.size() ? parameters[index] : std::string{};
  }
};

inline irc_line parse_irc_line(std::string_view line) {
  irc_line result;
  const auto take_word = [&line] {
    const auto end = line.find(' ');
    std::string word{line.substr(0, end)};
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    return word;
  };
  if (line.starts_with(':'))
    result.source = take_word().substr(1);
  result.command = take_word();
  while (!line.empty()) {
    if (line.starts_with(':')) {
      result.parameters.emplace_back(line.substr(1));
      break;
    }
    result.parameters.push_back(take_word());
  }
  return result;
}

/// The nicks of an answer to NAMES, without what stands in front of them.
inline std::vector<std::string> names_of_roster(std::string_view names) {
  std::vector<std::string> result;
  while (!names.empty()) {
    const auto end = std::min(names.find(' '), names.size());
    auto name = names.substr(0, end);
    names.remove_prefix(std::min(end + 1, names.size()));
    name.remove_prefix(std::min(name.find_first_not_of("@+"), name.size()));
    if (!name.empty())
      result.emplace_back(name);
  }
  return result;
}

}  // namespace confab::simulation
