#include "io/storage/life_finder.hpp"

#include "io/storage/schema.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace confab::storage {
namespace {

/// Numbers in the file have a sign.
constexpr std::uint64_t sequence_max = std::numeric_limits<std::int64_t>::max();

std::int64_t stored(std::uint64_t number) {
  return static_cast<std::int64_t>(number);
}

std::optional<segment_row> read_segment(statement::rows& rows, std::uint64_t run,
                                        std::uint64_t number) {
  if (!rows.next())
    return std::nullopt;
  return segment_row{rows.integer(0), run, number, static_cast<std::uint64_t>(rows.integer(1))};
}

}  // namespace

life_finder::life_finder(connection& database)
    : next_room_{database,
                 "SELECT room FROM segments WHERE run=?1 AND number=?2 AND room>?3 "
                 "ORDER BY room LIMIT 1"},
      before_{database,
              "SELECT first_position, first_sequence FROM segments "
              "WHERE room=?1 AND run=?2 AND number=?3 AND first_sequence<=?4 "
              "ORDER BY first_sequence DESC LIMIT 1"},
      behind_{database,
              "SELECT first_position, first_sequence FROM segments "
              "WHERE room=?1 AND run=?2 AND number=?3 AND first_sequence>?4 "
              "ORDER BY first_sequence LIMIT 1"},
      next_position_{database,
                     "SELECT first_position FROM segments "
                     "WHERE room=?1 AND first_position>?2 ORDER BY first_position LIMIT 1"},
      run_before_{database, "SELECT id, count FROM events WHERE id<=?1 ORDER BY id DESC LIMIT 1"},
      runs_{database, "SELECT id, count FROM events WHERE id>=?1 AND id<?2 ORDER BY id"},
      removed_{database,
               "SELECT sequence FROM removed "
               "WHERE run=?1 AND number=?2 AND sequence>=?3 AND sequence<?4 ORDER BY sequence"} {}

bool life_finder::has_removed(const life_part& part) {
  if (part.first >= sequence_max || part.count > sequence_max - part.first)
    return false;
  auto rows =
      removed_.with(stored(part.run), stored(part.number), stored(part.first), stored(part.end()));
  return rows.next();
}

bool life_finder::is_removed(const message_id& id) {
  return has_removed({id.run, id.room, id.sequence, 1});
}

std::vector<std::int64_t> life_finder::rooms_of(std::uint64_t run, std::uint64_t number) {
  std::vector<std::int64_t> result;
  std::int64_t last = 0;
  for (;;) {
    auto rows = next_room_.with(stored(run), stored(number), last);
    if (!rows.next())
      return result;
    last = rows.integer(0);
    result.push_back(last);
  }
}

std::optional<segment_row> life_finder::segment_before(std::int64_t room, const message_id& id) {
  auto rows = before_.with(room, stored(id.run), stored(id.room),
                           stored(std::min(id.sequence, sequence_max)));
  return read_segment(rows, id.run, id.room);
}

std::optional<segment_row> life_finder::segment_behind(std::int64_t room, const message_id& id) {
  auto rows = behind_.with(room, stored(id.run), stored(id.room),
                           stored(std::min(id.sequence, sequence_max)));
  return read_segment(rows, id.run, id.room);
}

std::optional<std::int64_t> life_finder::end_of_segment(std::int64_t room,
                                                        std::int64_t first_position) {
  auto rows = next_position_.with(room, first_position);
  return rows.next() ? std::optional{rows.integer(0)} : std::nullopt;
}

void life_finder::walk(std::int64_t room, const life_part& wanted, const take_kept& take) {
  const auto end = std::min(wanted.end(), sequence_max);
  auto segment = segment_before(room, {wanted.run, wanted.number, wanted.first});
  if (!segment)
    segment = segment_behind(room, {wanted.run, wanted.number, wanted.first});
  while (segment && segment->first_sequence < end) {
    const auto next = segment_behind(room, {wanted.run, wanted.number, segment->first_sequence});
    const auto first = std::max(wanted.first, segment->first_sequence);
    const auto until = next ? std::min(end, next->first_sequence) : end;
    if (first < until && !walk_segment(room, *segment, first, until, take))
      return;
    segment = next;
  }
}

/// Whether to go on.
bool life_finder::walk_segment(std::int64_t room, const segment_row& segment, std::uint64_t first,
                               std::uint64_t end, const take_kept& take) {
  const auto last = end_of_segment(room, segment.first_position).value_or(position_max);
  const auto room_left = static_cast<std::uint64_t>(last - segment.first_position);
  const auto offset = first - segment.first_sequence;
  if (offset >= room_left)
    return true;
  const auto begin_id = event_id(room, segment.first_position + static_cast<std::int64_t>(offset));
  const auto end_id = event_id(
      room, segment.first_position +
                static_cast<std::int64_t>(std::min(end - segment.first_sequence, room_left)));
  auto from = begin_id;
  {
    auto rows = run_before_.with(begin_id);
    if (rows.next() && rows.integer(0) + rows.integer(1) > begin_id)
      from = rows.integer(0);
  }
  auto rows = runs_.with(from, end_id);
  while (rows.next()) {
    const auto begin = std::max(rows.integer(0), begin_id);
    const auto behind = std::min(rows.integer(0) + rows.integer(1), end_id);
    if (begin < behind && !take(begin, behind - begin, segment.sequence_at(position_of(begin))))
      return false;
  }
  return true;
}

std::vector<life_part> life_finder::missing(const life_part& wanted) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> present;
  const auto end = wanted.first >= sequence_max
                       ? wanted.first
                       : wanted.first + std::min(wanted.count, sequence_max - wanted.first);
  const life_part bounded{wanted.run, wanted.number, wanted.first, end - wanted.first};
  if (bounded.count == 0)
    return {};
  for (const auto room : rooms_of(wanted.run, wanted.number))
    walk(room, bounded, [&](std::int64_t, std::int64_t count, std::uint64_t first) {
      present.emplace_back(first, first + static_cast<std::uint64_t>(count));
      return true;
    });
  {
    auto rows =
        removed_.with(stored(wanted.run), stored(wanted.number), stored(wanted.first), stored(end));
    while (rows.next()) {
      const auto sequence = static_cast<std::uint64_t>(rows.integer(0));
      present.emplace_back(sequence, sequence + 1);
    }
  }
  std::sort(present.begin(), present.end());
  std::vector<life_part> result;
  auto next = wanted.first;
  const auto add_until = [&](std::uint64_t until) {
    if (next < until)
      result.push_back({wanted.run, wanted.number, next, until - next});
  };
  for (const auto& [first, behind] : present) {
    add_until(first);
    next = std::max(next, behind);
  }
  add_until(end);
  return result;
}

}  // namespace confab::storage
