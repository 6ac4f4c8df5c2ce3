#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

/// Masks: patterns in which `*` stands for any number of bytes and `?` for one.
namespace confab {

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
/// or one at its end. When it would take more than `steps_max`, it gives up: that is no match.
mask_outcome try_mask(std::string_view mask, std::string_view text,
                      std::size_t steps_max = std::numeric_limits<std::size_t>::max());

/// How many steps `try_mask` takes at most, whatever the mask and the text hold: each byte of the
/// text can be looked at for each byte of the mask, and no more, because of the stars of a mask
/// only the last one that was met is ever tried again.
constexpr std::size_t mask_steps_max(std::size_t mask_bytes, std::size_t text_bytes) {
  return (mask_bytes + 1) * (text_bytes + 1);
}

/// Whether the mask matches the whole text, for example `n!u@h`.
bool matches(std::string_view mask, std::string_view text);

}  // namespace confab
