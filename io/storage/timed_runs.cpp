#include "io/storage/timed_runs.hpp"

namespace confab::storage {
namespace {

/// No room has this number.
constexpr std::int64_t no_room = -1;

}  // namespace

// Of events of one time, those that were kept first come first.
timed_runs::timed_runs(connection& database)
    : first_texts_{database,
                   "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                   "FROM events INDEXED BY texts WHERE kind<=1 AND id>>40=?1 "
                   "AND time_ms+span_ms>=?2 AND time_ms+span_ms<=?3 ORDER BY time_ms+span_ms, id"},
      last_texts_{database,
                  "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                  "FROM events INDEXED BY texts WHERE kind<=1 AND id>>40=?1 "
                  "AND time_ms+span_ms>=?2 AND time_ms+span_ms<=?3 "
                  "ORDER BY time_ms+span_ms DESC, id DESC"},
      first_others_{database,
                    "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                    "FROM events INDEXED BY others WHERE kind>1 AND id>>40=?1 "
                    "AND time_ms+span_ms>=?2 AND time_ms+span_ms<=?3 "
                    "ORDER BY time_ms+span_ms, id"},
      last_others_{database,
                   "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                   "FROM events INDEXED BY others WHERE kind>1 AND id>>40=?1 "
                   "AND time_ms+span_ms>=?2 AND time_ms+span_ms<=?3 "
                   "ORDER BY time_ms+span_ms DESC, id DESC"} {}

timed_runs::walk::walk(timed_runs& owner, std::int64_t room, std::int64_t from_ms,
                       std::int64_t until_ms, kinds which, order direction)
    : texts_{(direction == order::oldest_first ? owner.first_texts_ : owner.last_texts_)
                 .with(room, from_ms, until_ms)},
      others_{(direction == order::oldest_first ? owner.first_others_ : owner.last_others_)
                  .with(which == kinds::all ? room : no_room, from_ms, until_ms)},
      direction_(direction) {}

std::int64_t timed_runs::walk::end_of(const statement::rows& row) {
  return row.integer(2) + row.integer(3);
}

bool timed_runs::walk::next() {
  if (is_first_ || current_ == &texts_)
    has_text_ = texts_.next();
  if (is_first_ || current_ == &others_)
    has_other_ = others_.next();
  is_first_ = false;
  if (has_text_ && has_other_) {
    const auto text_ms = end_of(texts_);
    const auto other_ms = end_of(others_);
    bool text_is_first = text_ms < other_ms;
    if (text_ms == other_ms)
      text_is_first = texts_.integer(0) < others_.integer(0);
    if (direction_ == order::newest_first)
      text_is_first = !text_is_first;
    current_ = text_is_first ? &texts_ : &others_;
  } else {
    current_ = has_text_ ? &texts_ : &others_;
  }
  return has_text_ || has_other_;
}

}  // namespace confab::storage
