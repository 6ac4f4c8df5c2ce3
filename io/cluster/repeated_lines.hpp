#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace confab {

/// Keeps a log readable in which the same thing would be said again and again: each line is said at
/// most once a minute, and no more than so many lines.
class repeated_lines {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Whether the line is to be said now.
  bool may_say(const std::string& line, time_point now) {
    std::erase_if(said_, [now](const auto& each) { return now - each.second >= span; });
    return said_.size() < lines_max && said_.try_emplace(line, now).second;
  }

 private:
  static constexpr std::chrono::minutes span{1};
  static constexpr std::size_t lines_max = 64;

  std::map<std::string, time_point> said_;  ///< In the last minute.
};

}  // namespace confab
