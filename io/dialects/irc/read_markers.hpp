#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::irc {

/// Up to when a client has read each of its channels and private conversations, as it has told on
/// this connection. Names are the same if they differ in the case of A-Z only. Times are in
/// milliseconds since 1970. Holds no memory when it is empty, as there is one for each connection.
class read_markers {
 public:
  /// What was told of this one, if it was.
  std::optional<std::int64_t> of(std::string_view target) const;

  /// Notes a time, unless a later one is known, and returns the one that counts. If there are
  /// `count_max` others, the one that was read the longest ago is forgotten.
  std::int64_t note(std::string_view target, std::int64_t time_ms, std::size_t count_max);

 private:
  struct marker {
    std::string target;  ///< Folded.
    std::int64_t time_ms = 0;
  };

  std::vector<marker> markers_;
};

/// A marker as a parameter of MARKREAD: `timestamp=2026-11-24T04:12:25.246Z`, or `*` for none.
std::string marker_text(std::optional<std::int64_t> time_ms);

}  // namespace confab::irc
