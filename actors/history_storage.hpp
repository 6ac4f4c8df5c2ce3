#pragma once

#include "actors/model/events.hpp"
#include "actors/model/held_history.hpp"
#include "actors/model/history.hpp"
#include "actors/model/identity.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

/// Where the history is kept, as the actors see it. The server has a database
/// (io/storage/), the simulation something that fails at will.
namespace confab {

/// Why something was not kept, or could not be read.
enum class storage_trouble : std::uint8_t {
  full,       ///< No room on the disk, or the quota is used up.
  read_only,  ///< The file may not be written, any more.
  damaged,    ///< The file does not hold what it should.
  failed,     ///< Any other error of input or output.
};

struct storage_failure {
  storage_trouble what = storage_trouble::failed;
  std::string detail;  ///< For the log: what the database or the system said.
};

/// A value, or why there is none.
template <class Value>
using storage_result = std::variant<Value, storage_failure>;

/// Nothing, or what went wrong.
using storage_outcome = std::optional<storage_failure>;

/// How much there is.
struct storage_size {
  std::uint64_t events = 0;
  std::uint64_t rooms = 0;
  std::uint64_t bytes = 0;  ///< That the events take; not those of the file that are free.
};

/// How long what was said is kept. 0: no limit.
struct history_retention {
  std::int64_t age_ms_max = 0;
  std::uint64_t events_per_room_max = 0;
  std::uint64_t bytes_max = 0;  ///< Of all, as in `storage_size`.
  friend bool operator==(const history_retention&, const history_retention&) = default;
};

/// Where a text comes from.
struct text_origin {
  identity_ptr who;  ///< Null: there is no such text.
  std::int64_t said_ms = 0;
};

/// Writes the history. Used by one thread; calls block until the disk has answered. No call throws,
/// and after any failure the next call tries again: what failed has changed nothing.
class history_writer {
 public:
  virtual ~history_writer() = default;

  /// Keeps all events of these batches that are to be kept (`is_kept`), in this order. All or
  /// nothing; when it returns without a failure, they survive the end of the process, and the loss
  /// of power if the storage was opened so. Each batch has a room and a stamp.
  virtual storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> batches) = 0;

  /// Who said this in the room of this name, and when; `who` is null if nothing of this id is kept
  /// there, or it is no text.
  virtual storage_result<text_origin> origin_of(const std::string& room, const message_id& id) = 0;

  /// Removes a text, words and all, so that nothing finds it again. Returns whether it was there.
  virtual storage_result<bool> redact(const std::string& room, const message_id& id) = 0;

  /// Does a small part, a few milliseconds, of what can wait: makes texts findable, and removes
  /// what is too old or too much. Returns whether there is more to do.
  virtual storage_result<bool> tidy(const history_retention& limits, std::int64_t now_ms) = 0;

  virtual storage_size size() const = 0;

  /// Keeps what another history has: all events that are not here, wherever their place is, and
  /// that texts were taken back, which goes for those that are here. Nothing that was taken back is
  /// kept, and nothing that the limits would remove at once. All or nothing. Returns how much of it
  /// was new. A storage that cannot do that keeps nothing.
  virtual storage_result<std::uint64_t> keep_missing(const missing_events&,
                                                     const history_retention&,
                                                     std::int64_t /*now_ms*/) {
    return std::uint64_t{0};
  }
};

/// Reads the history. Used by one thread, beside that of the writer; sees all that was kept before
/// the call. No call throws.
class history_reader {
 public:
  virtual ~history_reader() = default;

  /// A page of a room; empty if nothing is kept of it, or if `from` or `to` is an event that is not
  /// known there.
  virtual storage_result<history_page> page(const std::string& room,
                                            const history_query& query) = 0;

  /// Which of these rooms have texts whose latest one is between the two times, which themselves
  /// are left out, whichever is the earlier: the earliest first, no more than `count_max`.
  virtual storage_result<std::vector<history_target>> targets(std::span<const std::string> rooms,
                                                              std::int64_t from_ms,
                                                              std::int64_t to_ms,
                                                              std::size_t count_max) = 0;

  /// Texts of a room that hold words, oldest first. Ends with what it has found when `is_over`
  /// says so, which is asked again and again.
  virtual storage_result<history_page> search(const std::string& room, const history_search& query,
                                              const std::function<bool()>& is_over) = 0;

  // What follows compares this history with another one. A storage that cannot do that says that
  // it has nothing and misses nothing.

  /// Digests of what there is, by time; none of slots of which there is nothing.
  virtual storage_result<std::vector<history_digest>> digests(const digest_question&) {
    return std::vector<history_digest>{};
  }

  /// Some events of a slot.
  virtual storage_result<held_events> held(const held_question&, const missing_bounds&) {
    return held_events{};
  }

  /// Which of these events, of one slot, are not here, and may be kept for some time to come. No
  /// more ranges than that.
  virtual storage_result<std::vector<event_range>> missing(const std::vector<event_range>&,
                                                           std::int64_t /*slot*/,
                                                           const history_retention&,
                                                           std::int64_t /*now_ms*/) {
    return std::vector<event_range>{};
  }

  /// The next events of a wish, as many as are within the bounds.
  virtual storage_result<missing_events> fetch(const missing_question&, const missing_bounds&) {
    return missing_events{};
  }
};

}  // namespace confab
