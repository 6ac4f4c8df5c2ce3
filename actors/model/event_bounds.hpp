#pragma once

#include "actors/model/events.hpp"
#include "actors/model/held_history.hpp"

#include <cstddef>
#include <cstdint>

/// What a history can hold, wherever it comes from: another node, or a file that is imported. What
/// rooms of this server do is far within these bounds.
namespace confab {

/// The year 10000: no later time can be written, in IRC or elsewhere.
inline constexpr std::int64_t kept_time_ms_end = 253'402'300'800'000;
/// Of rooms, and all that an identity says of somebody.
inline constexpr std::size_t kept_name_bytes_max = 1024;
/// Of reasons, topics, tags and parameters of modes.
inline constexpr std::size_t kept_words_bytes_max = 64UL * 1024;
inline constexpr std::size_t kept_text_bytes_max = 16UL * 1024 * 1024;
/// Of one change of modes.
inline constexpr std::size_t kept_changes_max = 1024;
/// No room has had so many events.
inline constexpr std::uint64_t kept_sequence_end = std::uint64_t{1} << 62;
/// Runs and rooms have lower numbers.
inline constexpr std::uint64_t kept_number_end = std::uint64_t{1} << 63;

// What is wrong, in a few words; null: nothing.

const char* problem_of_kept(const event_batch& batch);
const char* problem_of_kept(const event_range& range);
const char* problem_of_kept(const removed_text& text);

}  // namespace confab
