#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace confab::bench {

/// What every text of a load carries, so that a receiver can check it: who sent it, the how many-th
/// text of that sender it is, and when it left.
struct text_stamp {
  std::uint32_t sender = 0;    ///< number of the sender over all rooms, below 2^24
  std::uint32_t sequence = 0;  ///< counts from 0 for each sender, below 2^30
  std::uint64_t time_ns = 0;   ///< nanoseconds since the start of the run, below 2^48 (78 hours)
};

/// Bytes that a stamp takes at the start of a text; the least size of a text.
inline constexpr std::size_t stamp_bytes = 18;

/// Writes `stamp` over the first `stamp_bytes` bytes of `text` (which must be at least as long).
/// Only `@`, letters, digits, `+` and `-` are written: no protocol gives them a meaning in a text.
void write_stamp(std::string& text, const text_stamp& stamp);

/// The stamp at the start of `text`; nothing when there is none.
std::optional<text_stamp> read_stamp(std::string_view text);

}  // namespace confab::bench
