#pragma once

#include "io/storage/sqlite.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A row of `events` is a run: one event, or texts that one author said in one go.
namespace confab::storage {

/// A run holds no more texts than so many. Part of the format: a larger run is damage.
inline constexpr std::int64_t run_events_max = 256;

/// No text comes to a run that would then have more bytes than so many: who wants one text of a
/// run reads all of it.
inline constexpr std::size_t run_bytes_max = 16 * 1024;

/// What a row holds. Its bytes are those of the row, or of whoever made it.
struct event_run {
  std::int64_t id = 0;       ///< Of the first event; those of the others follow it.
  std::int64_t count = 1;    ///< Of events. Only texts, which have the same kind, are several.
  std::int64_t time_ms = 0;  ///< Of the first event. Each one is a millisecond later,
  std::int64_t span_ms = 0;  ///< but none of them more than so many.
  std::int64_t kind = 0;
  std::int64_t author = 0;
  std::optional<std::int64_t> other;
  std::optional<std::string_view>
      lengths;                           ///< Of each text (`append_length`), if they are several.
  std::optional<std::string_view> tags;  ///< Only one event has any.
  std::string_view text;                 ///< The texts one behind the other.

  /// The columns, as a statement has to select them for `run_of`.
  static constexpr const char* columns =
      "id,count,time_ms,span_ms,kind,author,other,lengths,tags,text";

  std::int64_t end() const { return id + count; }  ///< The id behind the last event.
  std::int64_t last_ms() const { return time_ms + span_ms; }
  std::int64_t time_at(std::int64_t index) const { return time_ms + std::min(index, span_ms); }
  bool holds(std::int64_t event) const { return event >= id && event < end(); }
};

/// The run of a row with all columns; throws if there can be none such.
event_run run_of(const statement::rows& row);

/// The same for a row with the first six columns only.
event_run head_of_run(const statement::rows& row);

/// Some events of a run as a run of their own.
event_run part_of(const event_run& run, std::int64_t index, std::int64_t count);

/// Adds the length of one more text to those of a run: seven bits in a byte, the lowest first, and
/// the eighth says that there are more.
void append_length(std::size_t length, std::string& lengths);

/// The texts of a run.
class run_texts {
 public:
  /// Throws if the lengths are not those of the texts.
  void read(const event_run& run);

  std::string_view at(std::int64_t index) const {
    const auto i = static_cast<std::size_t>(index);
    return text_.substr(begins_[i], begins_[i + 1] - begins_[i]);
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;  ///< One more than there are texts.
};

/// Adds rows.
class run_adder {
 public:
  explicit run_adder(connection& database)
      : add_{database, "INSERT INTO events VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"} {}

  void add(const event_run& run) {
    add_.run(run.id, run.count, run.time_ms, run.span_ms, run.kind, run.author, run.other,
             run.lengths, run.tags, run.text);
  }

 private:
  statement add_;
};

}  // namespace confab::storage
