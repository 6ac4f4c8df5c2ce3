#include "io/cluster/dial_plan.hpp"

#include <algorithm>
#include <utility>

namespace confab {

dial_plan::dial_plan(std::string own_name, std::uint64_t seed, redial_limits limits)
    : own_name_(std::move(own_name)), random_(seed), limits_(limits) {}

void dial_plan::add(const std::string& node, time_point now) {
  if (dials(node))
    targets_.try_emplace(node).first->second.due = now;
}

std::vector<dial_plan::attempt> dial_plan::take_due(time_point now) {
  std::vector<attempt> result;
  for (auto& [node, each] : targets_) {
    if (each.now != stage::waiting || each.due > now)
      continue;
    each.now = stage::dialling;
    each.attempt = ++last_attempt_;
    result.push_back({node, each.attempt});
  }
  return result;
}

std::optional<dial_plan::time_point> dial_plan::next_due() const {
  std::optional<time_point> result;
  for (const auto& [node, each] : targets_)
    if (each.now == stage::waiting && (!result || each.due < *result))
      result = each.due;
  return result;
}

bool dial_plan::is_current(const attempt& which) const {
  const auto found = targets_.find(which.node);
  return found != targets_.end() && found->second.now == stage::dialling &&
         found->second.attempt == which.number;
}

dial_plan::target* dial_plan::target_of(const attempt& which) {
  return is_current(which) ? &targets_.at(which.node) : nullptr;
}

bool dial_plan::fail(const attempt& which, time_point now) {
  auto* found = target_of(which);
  if (found != nullptr)
    wait(*found, now);
  return found != nullptr;
}

bool dial_plan::succeed(const attempt& which) {
  auto* found = target_of(which);
  if (found == nullptr)
    return false;
  found->now = stage::linked;
  found->failures = 0;
  return true;
}

void dial_plan::lose(const std::string& node, time_point now) {
  const auto found = targets_.find(node);
  if (found != targets_.end() && found->second.now != stage::waiting)
    wait(found->second, now);
}

void dial_plan::wait(target& which, time_point now) {
  which.now = stage::waiting;
  which.due = now + span_after(which.failures);
  ++which.failures;
}

std::chrono::milliseconds dial_plan::span_after(unsigned failures) {
  constexpr unsigned doublings_max = 16;
  const auto whole =
      std::min(limits_.most, limits_.first * (1 << std::min(failures, doublings_max)));
  std::uniform_int_distribution<std::chrono::milliseconds::rep> span{whole.count() / 2,
                                                                     whole.count()};
  return std::chrono::milliseconds{span(random_)};
}

}  // namespace confab
