#include "io/storage/slot_digests.hpp"

#include "io/storage/schema.hpp"

namespace confab::storage {
namespace {

/// What a walk over all events and all texts that were taken back finds.
template <class Take>
void walk_all(connection& database, event_rows& rows, Take take) {
  statement all{database, "SELECT id,count,time_ms,span_ms,kind,author FROM events ORDER BY id"};
  event_rows::segment_range life;
  std::int64_t room = -1;
  auto each = all.with();
  while (each.next()) {
    const auto run = head_of_run(each);
    const auto position = position_of(run.id);
    if (room_of(run.id) != room || position >= life.end) {
      room = room_of(run.id);
      life = rows.segment_at(room, position);
    }
    for (std::int64_t i = 0; i < run.count; ++i)
      take(
          message_id{life.segment.run, life.segment.number, life.segment.sequence_at(position + i)},
          run.time_at(i), false);
  }
  statement removed{database, "SELECT run, number, sequence, time_ms FROM removed"};
  auto text = removed.with();
  while (text.next())
    take(message_id{static_cast<std::uint64_t>(text.integer(0)),
                    static_cast<std::uint64_t>(text.integer(1)),
                    static_cast<std::uint64_t>(text.integer(2))},
         text.integer(3), true);
}

}  // namespace

// SQLite has no exclusive or: what is in one of the two is what is in any of them without what is
// in both.
slot_digests::slot_digests(connection& database)
    : add_{database,
           "INSERT INTO slots VALUES(?1, ?2, ?3) ON CONFLICT(slot) DO UPDATE SET "
           "events=events+excluded.events, "
           "digest=(digest|excluded.digest)-(digest&excluded.digest)"},
      remove_empty_{database, "DELETE FROM slots WHERE slot=?1 AND events=0"},
      is_ordered_{database, "SELECT value FROM chores WHERE name='count slots'"},
      done_{database, "DELETE FROM chores WHERE name='count slots'"},
      clear_{database, "DELETE FROM slots"} {}

void slot_digests::note(const message_id& id, std::int64_t time_ms, bool is_removal,
                        bool is_of_removed) {
  auto& slot = changes_[slot_of(time_ms)];
  slot.events += is_removal ? -1 : 1;
  slot.digest ^= digest_of(id, is_of_removed);
}

void slot_digests::note(const event_run& run, const segment_row& life, bool is_removal) {
  const auto first = life.sequence_at(position_of(run.id));
  for (std::int64_t i = 0; i < run.count; ++i)
    note({life.run, life.number, first + static_cast<std::uint64_t>(i)}, run.time_at(i),
         is_removal);
}

void slot_digests::write() {
  for (const auto& [slot, changed] : changes_) {
    add_.run(slot, changed.events, static_cast<std::int64_t>(changed.digest));
    if (changed.events <= 0)
      remove_empty_.run(slot);
  }
  changes_.clear();
}

void slot_digests::count_all(event_rows& rows, connection& database) {
  {
    auto ordered = is_ordered_.with();
    if (!ordered.next())
      return;
  }
  transaction all{database};
  clear_.run();
  changes_.clear();
  walk_all(database, rows, [this](const message_id& id, std::int64_t time_ms, bool is_removed) {
    note(id, time_ms, false, is_removed);
  });
  write();
  done_.run();
  all.commit();
}

std::map<std::int64_t, history_digest> counted_digests(connection& database, event_rows& rows) {
  std::map<std::int64_t, history_digest> result;
  walk_all(database, rows, [&](const message_id& id, std::int64_t time_ms, bool is_removed) {
    auto& each = result[slot_of(time_ms)];
    each.slot = slot_of(time_ms);
    ++each.events;
    each.digest ^= digest_of(id, is_removed);
  });
  return result;
}

}  // namespace confab::storage
