#pragma once

#include <string>

namespace confab {

/// One change of a room's rules, or of the part that a member plays, asked for or made. The letters
/// are those that IRC has for them: docs/dialects/irc.md.
struct mode_change {
  bool add = true;
  char letter = 0;
  std::string parameter;  ///< Empty if the change has none.

  bool operator==(const mode_change&) const = default;
};

/// Whether the change is one of the part that a member plays: operator, or with voice.
inline bool is_change_of_part(const mode_change& change) {
  return change.letter == 'o' || change.letter == 'v';
}

}  // namespace confab
