#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace confab::irc {

/// A mask of a list in the form `n!u@h`, in the letters of whoever set it. A part that is missing
/// or empty is `*`; several `*` in a row are one.
///
/// `nick`, `user@host`, `nick!user` and `nick!user@host` are understood, and one word with a `.` is
/// a host, as no nick has one. Nothing if this is no mask: empty, with a blank, an ASCII control,
/// invalid UTF-8, a `:` in front, an `@` in front of the `!`, or longer than `mask_bytes_max` in
/// the end.
std::optional<std::string> normal_mask(std::string_view mask);

}  // namespace confab::irc
