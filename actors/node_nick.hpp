#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Nicks of clients who cannot have the one they want, as a client of another node has it.
namespace confab {

/// No such nick is longer, so that it fits where nicks fit that clients choose: NICKLEN of IRC.
inline constexpr std::size_t node_nick_bytes_max = 32;

/// No name of a node is longer: so some of the nick stays.
inline constexpr std::size_t node_name_bytes_max = 20;

/// `nick/node`; the nick is cut if that is too long, between two characters. All nodes come to the
/// same, so a client is known by one nick on all of them. Nobody can choose it, because of the `/`.
std::string nick_with_node(std::string_view nick, std::string_view node);

}  // namespace confab
