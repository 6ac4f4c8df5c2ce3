#pragma once

#include "actors/model/answers.hpp"

#include <string_view>

namespace confab::irc {

/// What stands in front of a member's nick: its highest prefix, or all of them for clients with
/// multi-prefix. They are those of `member_prefixes`.
constexpr std::string_view prefixes_of(bool room_operator, bool has_voice, bool all) {
  if (room_operator)
    return all && has_voice ? "@+" : "@";
  return has_voice ? "+" : "";
}

inline std::string_view prefixes_of(const member_view& member, bool all) {
  return prefixes_of(member.room_operator, member.has_voice, all);
}

}  // namespace confab::irc
