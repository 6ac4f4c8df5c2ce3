// The side of the simulated storage that other nodes ask.

#include "tests/simulation/storage.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

namespace {

storage_failure unreadable() {
  return {storage_trouble::failed, "the simulated disk cannot be read"};
}

/// A place is the number of an arrival, so that what comes or goes meanwhile moves no other one.
constexpr std::int64_t from_begin = 0;

std::string folded(std::string name) {
  for (auto& each : name)
    each = each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  return name;
}

std::string words_of(const message_id& which) {
  return std::to_string(which.run) + "." + std::to_string(which.room) + "." +
         std::to_string(which.sequence);
}

message_id id_of(const event_batch& row) {
  return {row.at.run, row.at.room, row.at.sequence};
}

event_range range_of(const event_batch& row) {
  event_range result{row.room, row.at.run, row.at.room, row.at.sequence};
  result.first_ms = result.last_ms = row.at.first_ms;
  return result;
}

event_range range_of(const removed_text& text) {
  event_range result{text.room, text.which.run, text.which.room, text.which.sequence};
  result.is_removed = true;
  result.first_ms = result.last_ms = text.time_ms;
  return result;
}

/// Whether the one goes on where the other one ends.
bool extend(event_range& range, const event_range& by) {
  if (range.room != by.room || range.run != by.run || range.number != by.number ||
      range.is_removed || by.is_removed || range.first + range.count != by.first)
    return false;
  ++range.count;
  range.last_ms = by.last_ms;
  return true;
}

/// Which slots count together, by the first of them.
std::int64_t group_of(std::int64_t slot, std::int64_t each) {
  return slot / each * each;
}

}  // namespace

/// Shows what it holds and what was taken back, by arrival, until `take` has enough.
template <class Take>
void simulated_storage::for_each_from(std::int64_t arrival, Take take) const {
  auto row = rows_.lower_bound(arrival);
  auto text = removed_.lower_bound(arrival);
  while (row != rows_.end() || text != removed_.end()) {
    const bool is_row = text == removed_.end() || (row != rows_.end() && row->first < text->first);
    if (is_row ? !take(row->first, range_of(*row->second))
               : !take(text->first, range_of(text->second)))
      return;
    is_row ? static_cast<void>(++row) : static_cast<void>(++text);
  }
}

storage_result<std::vector<history_digest>> simulated_storage::digests(
    const digest_question& which) {
  if (cannot_be_read())
    return unreadable();
  std::map<std::int64_t, history_digest> found;
  for_each_from(from_begin, [&](std::int64_t, const event_range& each) {
    const auto slot = slot_of(each.first_ms);
    if (slot < which.begin || slot >= which.end)
      return true;
    auto& digest = found[group_of(slot, which.each)];
    ++digest.events;
    digest.digest ^= digest_of({each.run, each.number, each.first}, each.is_removed);
    return true;
  });
  std::vector<history_digest> result;
  for (auto& [slot, digest] : found) {
    digest.slot = slot;
    if (result.size() < digests_max)
      result.push_back(digest);
  }
  return result;
}

storage_result<held_events> simulated_storage::held(const held_question& which) {
  if (cannot_be_read())
    return unreadable();
  held_events result;
  std::size_t rows = 0;
  for_each_from(which.from.time_ms, [&](std::int64_t arrival, const event_range& each) {
    if (slot_of(each.first_ms) != which.slot)
      return true;
    if (rows >= pieces_->rows_max || result.ranges.size() >= pieces_->ranges_max) {
      result.next = held_place{0, arrival};
      return false;
    }
    ++rows;
    if (result.ranges.empty() || !extend(result.ranges.back(), each))
      result.ranges.push_back(each);
    return true;
  });
  return result;
}

storage_result<std::vector<event_range>> simulated_storage::missing(
    const std::vector<event_range>& there) {
  if (cannot_be_read())
    return unreadable();
  std::vector<event_range> result;
  for (const auto& each : there)
    for (std::uint64_t i = 0; i < each.count && result.size() < lacking_max; ++i) {
      const auto known = arrival_of_.find({each.run, each.number, each.first + i});
      if (known != arrival_of_.end() && (!each.is_removed || removed_.contains(known->second)))
        continue;
      auto one = each;
      one.first += i;
      one.count = 1;
      if (result.empty() || !extend(result.back(), one))
        result.push_back(std::move(one));
    }
  return result;
}

storage_result<missing_events> simulated_storage::fetch(const missing_question& which) {
  if (cannot_be_read())
    return unreadable();
  missing_events result;
  result.events_done = which.skipped;
  std::size_t rows = 0;
  for (const auto& each : which.ranges) {
    for (auto i = result.events_done; i < each.count; ++i) {
      if (rows++ >= pieces_->rows_max)
        return result;
      result.events_done = i + 1;
      const auto known = arrival_of_.find({each.run, each.number, each.first + i});
      if (known == arrival_of_.end())
        continue;
      if (const auto row = rows_.find(known->second); row != rows_.end())
        result.events.push_back(row->second);
      else if (each.is_removed)
        result.removed.push_back(removed_.at(known->second));
    }
    ++result.ranges_done;
    result.events_done = 0;
  }
  return result;
}

storage_result<std::uint64_t> simulated_storage::keep_missing(const missing_events& missing) {
  if (fails_now())
    return storage_failure{storage_trouble::full, "the simulated disk is full"};
  std::uint64_t gained = 0;
  for (const auto& batch : missing.events)
    for (std::size_t i = 0; i < batch->events.size(); ++i)
      if (is_kept(batch->events[i]))
        gained += add(std::make_shared<const event_batch>(part_of(*batch, i, 1))) ? 1 : 0;
  for (const auto& text : missing.removed)
    gained += remember(text) ? 1 : 0;
  return gained;
}

std::vector<held_event> simulated_storage::contents() const {
  std::vector<held_event> result;
  for (const auto& [arrival, row] : rows_) {
    const auto& happening = row->events.front();
    const auto* text = std::get_if<said>(&happening);
    result.push_back(
        {folded(row->room), words_of(id_of(*row)), row->at.first_ms,
         text != nullptr ? "said " + text->text : "event " + std::to_string(happening.index())});
  }
  for (const auto& [arrival, text] : removed_)
    result.push_back({folded(text.room), words_of(text.which), text.time_ms, "taken back"});
  return result;
}

}  // namespace confab::simulation
