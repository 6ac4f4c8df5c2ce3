#include "actors/memberships.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/model/compact.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>

namespace confab {

membership* memberships::find(std::string_view name) {
  if (rooms_.empty())
    return nullptr;
  if (name.empty())
    return &rooms_.back();
  const auto found = std::find_if(rooms_.begin(), rooms_.end(), [&](const membership& each) {
    return folds_names_ ? same_name(*each.name, name) : *each.name == name;
  });
  return found != rooms_.end() ? &*found : nullptr;
}

bool memberships::contains(std::string_view name) const {
  return std::any_of(rooms_.begin(), rooms_.end(),
                     [name](const membership& each) { return *each.name == name; });
}

void memberships::add(std::shared_ptr<const std::string> name, room_actor room) {
  append_compactly(rooms_, membership{std::move(name), std::move(room)});
}

room_actor memberships::take(std::string_view name) {
  auto* found = find(name);
  if (found == nullptr)
    return {};
  auto room = std::move(found->room);
  rooms_.erase(rooms_.begin() + (found - rooms_.data()));
  return room;
}

room_actor memberships::take(const caf::actor_addr& room) {
  const auto found = std::find_if(rooms_.begin(), rooms_.end(), [&](const membership& each) {
    return each.room.address() == room;
  });
  if (found == rooms_.end())
    return {};
  auto taken = std::move(found->room);
  rooms_.erase(found);
  return taken;
}

std::vector<room_actor> memberships::take_all() {
  auto result = all();
  rooms_.clear();
  return result;
}

std::vector<room_actor> memberships::all() const {
  std::vector<room_actor> result;
  result.reserve(rooms_.size());
  for (auto each = rooms_.rbegin(); each != rooms_.rend(); ++each)
    result.push_back(each->room);
  return result;
}

std::vector<std::string> memberships::names() const {
  std::vector<std::string> result;
  result.reserve(rooms_.size());
  for (const auto& each : rooms_)
    result.push_back(*each.name);
  return result;
}

}  // namespace confab
