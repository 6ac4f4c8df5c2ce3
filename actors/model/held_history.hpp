#pragma once

#include "actors/model/events.hpp"
#include "actors/model/history.hpp"
#include "actors/model/message_id.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// How two histories are compared, and what one of them gets from the other one.
///
/// Time is divided into slots. Of each slot there is a digest of the ids of all events that are
/// kept, and of all texts that were taken back. Where digests differ, the ids follow, as ranges of
/// numbers; and then what is missing.
namespace confab {

/// How long a slot is. Part of what nodes say to each other, and of the file.
inline constexpr std::int64_t slot_ms = 600'000;
/// A day.
inline constexpr std::int64_t slots_each_day = 144;
/// More than there will ever be.
inline constexpr std::int64_t all_slots = std::int64_t{1} << 40;

/// No answer has more digests.
inline constexpr std::size_t digests_max = 2048;

/// The slot that a time is in.
constexpr std::int64_t slot_of(std::int64_t time_ms) {
  return time_ms / slot_ms - (time_ms % slot_ms < 0 ? 1 : 0);
}

/// A number for an event, which tells it from others as far as chance goes. Whether its text was
/// taken back makes it another one.
constexpr std::uint64_t digest_of(const message_id& id, bool is_removed) {
  const auto mixed = [](std::uint64_t x) {
    x ^= x >> 30U;
    x *= 0xbf58476d1ce4e5b9U;
    x ^= x >> 27U;
    x *= 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  };
  auto result = mixed(id.run + 0x9e3779b97f4a7c15U);
  result = mixed(result ^ (id.room + (is_removed ? 0x632be59bd9b4e019U : 0U)));
  return mixed(result ^ id.sequence);
}

/// What there is of some successive slots.
struct history_digest {
  std::int64_t slot = 0;     ///< The first one, as far as there is something.
  std::uint64_t events = 0;  ///< How many events are kept, and texts were taken back,
  std::uint64_t digest = 0;  ///< and their digests, combined by exclusive or.
  friend bool operator==(const history_digest&, const history_digest&) = default;
};

/// Which digests are wanted: those of the slots from `begin` on, before `end`, `each` slots
/// together. Those begin at multiples of `each`.
struct digest_question {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  std::int64_t each = 1;
  friend bool operator==(const digest_question&, const digest_question&) = default;
};

/// Events of one life of a room with successive numbers.
struct event_range {
  std::string room;
  std::uint64_t run = 0;     ///< As in `stamp`,
  std::uint64_t number = 0;  ///< `stamp::room`.
  std::uint64_t first = 0;   ///< `stamp::sequence`.
  std::uint64_t count = 1;
  bool is_removed = false;  ///< They are texts that were taken back.
  // When the first and the last of them happened.
  std::int64_t first_ms = 0;
  std::int64_t last_ms = 0;
  friend bool operator==(const event_range&, const event_range&) = default;
};

/// Where to go on within a slot. Only who gave it knows what it means; zeros: at the beginning.
struct held_place {
  std::int64_t room = 0;
  std::int64_t time_ms = 0;
  friend bool operator==(const held_place&, const held_place&) = default;
};

/// Which events of a slot there are.
struct held_question {
  std::int64_t slot = 0;
  held_place from;
  friend bool operator==(const held_question&, const held_question&) = default;
};

/// Some of them. One call returns a bounded number.
struct held_events {
  std::vector<event_range> ranges;
  std::optional<held_place> next;  ///< Where the others begin; nothing: these were all.
};

/// A wish for events: all of these ranges, but the first events of the first one.
struct missing_question {
  std::vector<event_range> ranges;
  std::uint64_t skipped = 0;
};

/// A text that was taken back.
struct removed_text {
  std::string room;
  message_id which;
  std::int64_t time_ms = 0;  ///< When it was said.
  friend bool operator==(const removed_text&, const removed_text&) = default;
};

/// The next part of what was wished for.
struct missing_events {
  history_page events;
  std::vector<removed_text> removed;
  // Up to where it goes: so many ranges are done, and of the next one so many events.
  std::size_t ranges_done = 0;
  std::uint64_t events_done = 0;
};

/// No more ranges than so many are found to be missing at once.
inline constexpr std::size_t lacking_max = 1024;

/// Bounds of what one answer holds, beside one long text.
struct missing_bounds {
  std::size_t ranges_max = 512;
  std::size_t rows_max = 512;  ///< That are looked at: each may be a range of its own.
  std::size_t bytes_max = 64 * 1024;
};

}  // namespace confab
