#pragma once

#include "actors/model/events.hpp"
#include "io/storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How an event is written into a row, and read from it.
namespace confab::storage {

/// The column `kind`. Numbers are for ever; those of texts are at most 1 (index `texts`).
enum class row_kind : std::int64_t {
  message = 0,
  notice = 1,
  tags_only = 2,
  joined = 3,
  left = 4,
  quit = 5,
  kicked = 6,
  renamed = 7,
  topic_set = 8,
  modes_set = 9,
};

constexpr bool is_text(std::int64_t kind) {
  return kind <= static_cast<std::int64_t>(row_kind::notice);
}

/// What an event is in columns.
struct event_columns {
  row_kind kind = row_kind::message;
  identity_ptr other;     ///< Whom it is about besides the author; null: nobody.
  std::string_view text;  ///< Words, reason, topic, or changes of modes.
  std::optional<std::string_view> tags;
};

/// The columns of an event that is kept (`is_kept`). They refer to the event or to `buffer`.
event_columns columns_of(const event& happening, std::string& buffer);

/// How many events of a batch are one row, from this one on.
std::size_t events_of_run(const event_batch& batch, std::size_t first);

/// The event of a row; throws if no event has such columns.
event event_of(std::int64_t kind, const identity_ptr& other, std::string_view text,
               const std::optional<std::string_view>& tags);

}  // namespace confab::storage
