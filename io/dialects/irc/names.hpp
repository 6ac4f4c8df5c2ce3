#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Names of users and channels, and how they are written for those who come by other dialects.
namespace confab::irc {

/// The longest nick that a client may choose.
inline constexpr std::size_t nick_bytes_max = 32;

/// The longest user name (the `u` of `n!u@h`).
inline constexpr std::size_t user_bytes_max = 10;

/// The longest `n!u@h` of a client of IRC; the host stands for an address: 12 digits and `.ip`.
inline constexpr std::size_t hostmask_bytes_max =
    nick_bytes_max + 1 + user_bytes_max + 1 + std::string_view{"0123456789ab.ip"}.size();

/// No nick is longer, those of other dialects included.
inline constexpr std::size_t any_nick_bytes_max = 64;

/// What is kept of a user's name in the nick of one who comes by another dialect.
inline constexpr std::size_t foreign_base_bytes_max = 24;

/// Whether a client may choose this nick: at most 32 bytes, first a letter or one of `[]\^{|}_` or
/// a backquote, then also digits and `-`.
bool is_valid_nick(std::string_view nick);

/// The user name that is shown for one that a client sent: what it holds of `A-Za-z0-9._-`, at most
/// 10 bytes of it; `user` if nothing is left.
std::string clean_user(std::string_view user);

/// The longest name of a channel, for rooms whose names have at most `room_bytes_max` bytes.
constexpr std::size_t channel_bytes_max(std::size_t room_bytes_max) {
  return room_bytes_max + 1;
}

/// Whether the name of a room can be the name of a channel: it is not empty, valid UTF-8, and
/// without a blank, `,`, or an ASCII control. Other rooms cannot be seen from IRC.
bool is_seen_from_irc(std::string_view room);

/// The room that a channel is: `x` for `#x`, `#x` for `##x`. Nothing if this is no channel's name;
/// its length is not checked. Refers to `channel`.
std::optional<std::string_view> room_of_channel(std::string_view channel);

/// The channel that a room is; nothing if the room cannot be seen from IRC.
std::optional<std::string> channel_of_room(std::string_view room);

/// The base of the nick of a user of another dialect, whatever the name holds: each character that
/// is neither one of a chosen nick nor a printable one beyond ASCII (a letter, mark, number, symbol
/// or punctuation), and each byte that is no UTF-8, is `_`; at most 24 bytes, cut between two
/// characters. `_` for an empty name.
std::string foreign_nick_base(std::string_view name);

/// The nick of a user of another dialect: `base/dialect`, with the number behind it from 2 on. No
/// client can choose it, because of the `/`.
std::string foreign_nick(std::string_view base, std::string_view dialect, std::size_t number);

}  // namespace confab::irc
