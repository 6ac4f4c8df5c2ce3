#include "apps/server/start_wait.hpp"

#include <algorithm>

namespace confab::server {

namespace {

bool is_news(const link_report& now, const link_report& before) {
  return now.made != before.made || now.lost != before.lost || now.ended != before.ended ||
         now.steps != before.steps;
}

}  // namespace

start_wait::start_wait(const std::vector<std::string>& nodes, time_point now,
                       start_wait_limits limits)
    : begun_(now), limits_(limits) {
  for (const auto& each : nodes)
    others_[each].changed = now;
}

bool start_wait::goes_on(const std::vector<link_report>& links, time_point now) {
  for (const auto& each : links) {
    auto& other = others_[each.node];
    if (is_news(each, other.last))
      other.changed = now;
    other.last = each;
    // It stays so when the link is lost: what is said there from then on is nobody's fault here.
    other.has_caught_up = other.has_caught_up || each.has_caught_up;
  }
  return std::any_of(others_.begin(), others_.end(),
                     [&](const auto& each) { return waits_for(each.second, now); });
}

bool start_wait::waits_for(const other_node& other, time_point now) const {
  return !other.has_caught_up && now - begun_ < limits_.most &&
         now - other.changed < limits_.silence;
}

std::optional<std::string> start_wait::complaint() const {
  std::string nodes;
  for (const auto& [name, other] : others_) {
    if (other.has_caught_up)
      continue;
    nodes += nodes.empty() ? "" : ", ";
    nodes += name;
    if (!other.last.up)
      nodes += " (there is no link)";
    else if (other.last.texts_to_catch_up == 0)
      nodes += " (it is slow)";
    else
      nodes += " (about " + std::to_string(other.last.texts_to_catch_up) + " texts are missing)";
  }
  if (nodes.empty())
    return std::nullopt;
  return "clients are let in although this node has not caught up with " + nodes;
}

}  // namespace confab::server
