#pragma once

#include "actors/model/events.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

/// What is kept of what happened in rooms, and how it is asked for.
namespace confab {

/// Whether events of this kind are kept. What says nothing of a room itself is not.
inline bool is_kept(const event& happening) {
  return !std::holds_alternative<invited>(happening) &&
         !std::holds_alternative<away_set>(happening) &&
         !std::holds_alternative<real_name_set>(happening) &&
         !std::holds_alternative<wall>(happening) && !std::holds_alternative<redacted>(happening);
}

/// Whether something of the batch is kept: it was for all members of a room.
inline bool is_kept(const event_batch& batch) {
  return batch.to == audience_kind::room && batch.to_prefix == 0 &&
         std::any_of(batch.events.begin(), batch.events.end(),
                     [](const event& each) { return is_kept(each); });
}

/// The beginning of what was kept, or the end of it.
struct history_edge {
  friend bool operator==(const history_edge&, const history_edge&) = default;
};

/// A place in the history of a room: an event, a time in milliseconds since 1970, or its edge.
using history_point = std::variant<history_edge, message_id, std::int64_t>;

/// Which part of what was kept is wanted.
enum class history_part : std::uint8_t {
  latest,   ///< The last ones, but none that is not after `from`, unless that is the edge.
  before,   ///< The last ones before `from`.
  after,    ///< The first ones after `from`.
  around,   ///< Those around `from`: as many before it as after it, and itself.
  between,  ///< Those between `from` and `to`, from the side of `from`.
};

/// A wish for a page of the history of one room.
struct history_query {
  history_part part = history_part::latest;
  history_point from = history_edge{};
  history_point to = history_edge{};  ///< For `between` only.
  std::size_t count_max = 0;
  bool texts_only = true;  ///< Else all that is kept, which takes joins and leaves as well.
  friend bool operator==(const history_query&, const history_query&) = default;
};

/// A wish for texts of one room that hold all of these words.
struct history_search {
  std::string words;      ///< As somebody wrote them; no syntax.
  std::string from_nick;  ///< Only by this author; empty: by anybody. The case of A-Z is the same.
  std::int64_t after_ms = 0;   ///< Only later ones; 0: all.
  std::int64_t before_ms = 0;  ///< Only earlier ones; 0: all.
  std::size_t count_max = 0;   ///< The newest of them.
  friend bool operator==(const history_search&, const history_search&) = default;
};

/// What somebody can want to read of a room.
using history_wish = std::variant<history_query, history_search>;

/// Part of what was kept, oldest first. Each batch holds one event, with the stamp that it had.
using history_page = std::vector<std::shared_ptr<const event_batch>>;

/// When something was last said in a room.
struct history_target {
  std::string room;
  std::int64_t latest_ms = 0;
  friend bool operator==(const history_target&, const history_target&) = default;
};

}  // namespace confab
