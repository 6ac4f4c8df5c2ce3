#include "io/dialects/irc/read_markers.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/message_id.hpp"

#include <algorithm>

namespace confab::irc {

std::optional<std::int64_t> read_markers::of(std::string_view target) const {
  for (const auto& each : markers_)
    if (same_name(each.target, target))
      return each.time_ms;
  return std::nullopt;
}

std::int64_t read_markers::note(std::string_view target, std::int64_t time_ms,
                                std::size_t count_max) {
  for (auto& each : markers_)
    if (same_name(each.target, target))
      return each.time_ms = std::max(each.time_ms, time_ms);
  if (!markers_.empty() && markers_.size() >= count_max)
    markers_.erase(std::ranges::min_element(markers_, {}, &marker::time_ms));
  markers_.push_back({folded(target), time_ms});
  return time_ms;
}

std::string marker_text(std::optional<std::int64_t> time_ms) {
  if (!time_ms)
    return "*";
  std::string result = "timestamp=";
  append_server_time(*time_ms, result);
  return result;
}

}  // namespace confab::irc
