#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Masks: patterns in which `*` stands for any number of bytes and `?` for one.
namespace confab::irc {

/// A mask of a list (+b, +e, +I) is at most so long; the longest `n!u@h` is shorter.
inline constexpr std::size_t mask_bytes_max = 128;

/// Whether a mask matches, and what it took to find out.
struct mask_outcome {
  bool matches = false;
  std::size_t steps = 0;  ///< How often one byte of the text was looked at.
};

/// Compares the whole text with the mask, byte by byte; A-Z are the same as a-z.
///
/// Takes at most `mask_steps_max` steps, and as many as the text has bytes if the mask has no `*`,
/// or one at its end.
mask_outcome try_mask(std::string_view mask, std::string_view text);

/// How many steps `try_mask` takes at most, whatever the mask and the text hold: each byte of the
/// text can be looked at for each byte of the mask, and no more, because of the stars of a mask
/// only the last one that was met is ever tried again.
constexpr std::size_t mask_steps_max(std::size_t mask_bytes, std::size_t text_bytes) {
  return (mask_bytes + 1) * (text_bytes + 1);
}

/// Whether the mask matches the whole text, for example `n!u@h`.
bool matches(std::string_view mask, std::string_view text);

/// A mask of a list in the form `n!u@h`, in the letters of whoever set it. A part that is missing
/// or empty is `*`; several `*` in a row are one.
///
/// `nick`, `user@host`, `nick!user` and `nick!user@host` are understood, and one word with a `.` is
/// a host, as no nick has one. Nothing if this is no mask: empty, with a blank, an ASCII control,
/// invalid UTF-8, a `:` in front, an `@` in front of the `!`, or longer than `mask_bytes_max` in
/// the end.
std::optional<std::string> normal_mask(std::string_view mask);

}  // namespace confab::irc
