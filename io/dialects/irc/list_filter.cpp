#include "io/dialects/irc/list_filter.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/model/mask.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace confab::irc {
namespace {

constexpr std::int64_t ms_per_minute = 60'000;

// A number of minutes or members; no age is so great that more would make a difference.
constexpr std::int64_t number_max = 1'000'000'000'000;

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc::invalid_argument || stopped != end)
    return std::nullopt;
  if (error == std::errc::result_out_of_range || value > number_max)
    return number_max;
  return static_cast<std::int64_t>(value);
}

bool is_within(std::int64_t value, bool more, std::int64_t than) {
  return more ? value > than : value < than;
}

/// Whether one of the masks matches. Uses up `steps_left`.
bool match_one_of(const std::vector<std::string_view>& masks, std::string_view channel,
                  std::size_t& steps_left) {
  return std::any_of(masks.begin(), masks.end(), [&](std::string_view mask) {
    const auto tried = try_mask(mask, channel, steps_left);
    steps_left -= tried.steps;
    return tried.matches;
  });
}

}  // namespace

list_filter::list_filter(std::string_view argument, std::int64_t now_ms) : now_ms_(now_ms) {
  while (!argument.empty()) {
    const auto comma = std::min(argument.find(','), argument.size());
    add(argument.substr(0, comma));
    argument.remove_prefix(std::min(comma + 1, argument.size()));
  }
}

bool list_filter::takes(const room_summary& room, std::string_view channel) const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [&](const condition& each) { return meets(room, each); }) &&
         masks_take(channel);
}

/// A channel about which nothing is known when the steps are used up is not taken.
bool list_filter::masks_take(std::string_view channel) const {
  auto steps_left = list_steps_per_channel_max;
  return (masks_.empty() || match_one_of(masks_, channel, steps_left)) &&
         !match_one_of(excluded_, channel, steps_left) && steps_left > 0;
}

void list_filter::add(std::string_view part) {
  if (part.empty() || add_condition(part))
    return;
  if (part.starts_with('!'))
    excluded_.push_back(part.substr(1));
  else
    masks_.push_back(part);
}

// Returns whether it was one.
bool list_filter::add_condition(std::string_view part) {
  condition result;
  const char letter = folded(part.front());
  if (letter == 'c' || letter == 't') {
    result.what = letter == 'c' ? quantity::minutes_since_made : quantity::minutes_since_topic;
    part.remove_prefix(1);
  }
  if (!part.starts_with('>') && !part.starts_with('<'))
    return false;
  result.more = part.front() == '>';
  const auto number = parse_number(part.substr(1));
  if (!number)
    return false;
  result.than = *number;
  conditions_.push_back(result);
  return true;
}

bool list_filter::meets(const room_summary& room, const condition& each) const {
  switch (each.what) {
    case quantity::minutes_since_made:
      return is_within(now_ms_ - room.made_ms, each.more, each.than * ms_per_minute);
    case quantity::minutes_since_topic:
      return room.topic_ms != 0 &&
             is_within(now_ms_ - room.topic_ms, each.more, each.than * ms_per_minute);
    case quantity::members:
      break;
  }
  return is_within(static_cast<std::int64_t>(room.members), each.more, each.than);
}

}  // namespace confab::irc
