#pragma once

#include <algorithm>
#include <cstdint>

/// How many texts of one author travel together.
namespace confab {

/// A batch should cost no more work than this: bytes times readers.
inline constexpr std::uint64_t work_bytes_per_batch = 1024 * 1024;

/// As long as nobody knows what a text of this author costs.
inline constexpr std::uint32_t texts_per_batch_at_first = 64;

/// However little they cost.
inline constexpr std::uint32_t texts_per_batch_limit = 1024;

/// How many texts the next batch of an author may hold, by what the last one cost.
inline std::uint32_t texts_in_next_batch(std::uint64_t work_bytes, std::size_t texts) {
  const auto bytes_per_text = work_bytes / std::max<std::size_t>(texts, 1);
  if (bytes_per_text == 0)
    return texts_per_batch_limit;
  return static_cast<std::uint32_t>(
      std::clamp<std::uint64_t>(work_bytes_per_batch / bytes_per_text, 1, texts_per_batch_limit));
}

}  // namespace confab
