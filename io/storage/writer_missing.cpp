// What a history gets from another one.

#include "actors/model/event_bounds.hpp"
#include "io/storage/event_columns.hpp"
#include "io/storage/writer.hpp"
#include "io/storage/writer_attempt.hpp"

#include <algorithm>

namespace confab::storage {

storage_result<std::uint64_t> sqlite_writer::keep_missing(const missing_events& missing,
                                                          const history_retention& limits,
                                                          std::int64_t now_ms) {
  return attempt([&](open_file& file) {
    transaction all{file.database};
    const auto from_ms = file.limit.of_all(limits, now_ms);
    std::uint64_t events = 0;
    for (const auto& batch : missing.events) {
      if (!is_kept(*batch) || problem_of_kept(*batch) != nullptr)
        continue;
      auto from_here_ms = from_ms;
      for (const auto room : file.lives.rooms_of(batch->at.run, batch->at.room))
        from_here_ms = std::max(from_here_ms, file.limit.of_room(room, limits));
      if (const auto named = file.rows.find_room(batch->room))
        from_here_ms = std::max(from_here_ms, file.limit.of_room(named->id, limits));
      events += keep_late(file, *batch, from_here_ms);
    }
    const auto rooms = file.ledger.write_counts();
    auto gained = events;
    event_remover::outcome gone;
    std::uint64_t rooms_gone = 0;
    for (const auto& text : missing.removed) {
      if (text.time_ms < from_ms || problem_of_kept(text) != nullptr || !remember(file, text))
        continue;
      ++gained;
      const auto removed = take_back(file, text);
      gone.events += removed.events;
      rooms_gone += removed.room_is_empty ? 1 : 0;
    }
    if (gone.events > 0)
      file.upkeep.order_wiping();
    file.authors.write_uses();
    file.digests.write();
    all.commit();
    file.events = file.events + events - gone.events;
    file.rooms = file.rooms + rooms - rooms_gone;
    return gained;
  });
}

/// Keeps those events of a batch that are not here yet, were not taken back, and are not older
/// than that. Returns how many.
std::uint64_t sqlite_writer::keep_late(open_file& file, const event_batch& batch,
                                       std::int64_t from_ms) {
  std::uint64_t events = 0;
  for (std::size_t first = 0, count = 0; first < batch.events.size(); first += count) {
    count = events_of_run(batch, first);
    if (!is_kept(batch.events[first]))
      continue;
    auto begin = first;
    while (begin < first + count && batch.at.time_ms(begin) < from_ms)
      ++begin;
    auto parts = file.lives.missing(
        {batch.at.run, batch.at.room, batch.at.sequence + begin, first + count - begin});
    for (auto& part : parts) {
      while (part.count > 0) {
        const auto place = file.ledger.place_late(batch.room, part);
        const auto index = static_cast<std::size_t>(part.first - batch.at.sequence);
        keep_run(file, batch, index, static_cast<std::size_t>(place.count), place.first_id, true);
        file.words.note(room_of(place.first_id));
        file.removal.note(room_of(place.first_id));
        part.first += place.count;
        part.count -= place.count;
        events += place.count;
      }
    }
  }
  return events;
}

/// Whether that was not known.
bool sqlite_writer::remember(open_file& file, const removed_text& text) {
  {
    auto rows = file.remember_removed.with(
        static_cast<std::int64_t>(text.which.run), static_cast<std::int64_t>(text.which.room),
        static_cast<std::int64_t>(text.which.sequence), text.time_ms, text.room);
    if (!rows.next())
      return false;
    rows.next();
  }
  file.has_removed = true;
  file.digests.note(text.which, text.time_ms, false, true);
  return true;
}

/// Removes the text, if it is here.
event_remover::outcome sqlite_writer::take_back(open_file& file, const removed_text& text) {
  event_remover::outcome result;
  for (const auto id : file.lives.rooms_of(text.which.run, text.which.room)) {
    const auto room = file.rows.find_room(id);
    const auto position = room ? file.rows.find_position(id, text.which) : std::nullopt;
    if (!position)
      continue;
    const auto removed = file.remover.remove_text(*room, *position);
    result.events += removed.events;
    result.room_is_empty = result.room_is_empty || removed.room_is_empty;
    if (removed.room_is_empty)
      file.removal.note(id);
  }
  return result;
}

}  // namespace confab::storage
