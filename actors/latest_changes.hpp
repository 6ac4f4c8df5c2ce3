#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <tuple>
#include <utility>

namespace confab {

/// The latest changes of the rules of a room, by what they are about and with when they were
/// decided.
///
/// Two nodes may change the same thing at once, each before it hears of the other one: then the two
/// changes cross each other on their way, and the later one has to hold on both.
class latest_changes {
 public:
  /// Whether this is older than what is known of the same thing. Of two of the same time, the one
  /// with the smaller value counts as older.
  bool is_older(const std::string& about, std::int64_t ms, const std::string& value) const {
    return std::any_of(changes_.begin(), changes_.end(), [&](const change& each) {
      return each.about == about && std::tie(ms, value) < std::tie(each.decided_ms, each.value);
    });
  }

  /// It holds now.
  void note(const std::string& about, std::int64_t ms, std::string value) {
    std::erase_if(changes_, [&](const change& each) { return each.about == about; });
    if (changes_.size() == known_max)
      changes_.pop_front();
    changes_.push_back({about, ms, std::move(value)});
  }

  /// The room begins anew.
  void clear() { changes_.clear(); }

 private:
  /// What crosses each other is on its way at the same time, so the latest few are enough.
  static constexpr std::size_t known_max = 64;

  struct change {
    std::string about;
    std::int64_t decided_ms;
    std::string value;
  };

  std::deque<change> changes_;  ///< The latest one at the end.
};

}  // namespace confab
