#include "actors/registry.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>

namespace confab {

namespace {

/// How many names a page of the list of rooms holds.
constexpr std::size_t names_per_page = 256;

}  // namespace

registry_state::registry_state(self_pointer<registry_actor> self, room_spawner spawn_room,
                               room_limits limits)
    : self_(self), spawn_room_(spawn_room), limits_(limits) {}

void registry_state::join(join_request request) {
  const auto refuse = [&](refusal why) {
    self_->send(request.member.session, refuse_atom::value, why);
  };
  const bool exists = rooms_.contains(request.room);
  if (exists && request.mode == join_mode::must_not_exist)
    return refuse(refusal::room_exists);
  if (!exists && request.mode == join_mode::must_exist)
    return refuse(refusal::no_such_room);
  if (!exists && rooms_.size() >= limits_.rooms_max)
    return refuse(refusal::too_many_rooms);
  auto& to = find_or_make(request.room, request.member.who.gateway);
  if (request.mode == join_mode::must_not_exist)
    to.kept = true;
  ++to.sent;
  const auto from = rooms_.find(request.from);
  if (from == rooms_.end()) {
    self_->send(to.room, join_atom::value, std::move(request.member));
    return;
  }
  // By way of the room it leaves: so it is out of the one before it is in the other, and neither
  // room can end while the member is on the way.
  ++from->second.sent;
  self_->send(from->second.room, move_atom::value, std::move(request.member), joined_room{to.room});
}

void registry_state::list(const session_actor& session, const std::string& behind) {
  room_page page;
  auto next = rooms_.upper_bound(behind);
  for (; next != rooms_.end() && page.names.size() < names_per_page; ++next)
    page.names.push_back(next->first);
  page.last = next == rooms_.end();
  self_->send(session, list_atom::value, std::move(page));
}

void registry_state::vacant(const std::string& room_name, caf::actor_id room,
                            std::size_t arrivals) {
  const auto found = rooms_.find(room_name);
  if (found == rooms_.end() || found->second.room.id() != room || found->second.sent != arrivals)
    return;  // Ended already, or somebody is on the way: it will say so again.
  if (found->second.kept)
    keep_vacant(room_name, found->second);
  else
    end(found);
}

registry_report registry_state::report() const {
  registry_report result;
  for (const auto& [room_name, room] : rooms_)
    ++result.rooms[room.made_by];
  result.vacant_kept_rooms = vacant_kept_.size();
  return result;
}

void registry_state::close() {
  for (const auto& [room_name, room] : rooms_)
    self_->send(room.room, close_atom::value);
  rooms_.clear();
}

registry_state::row& registry_state::find_or_make(const std::string& room_name, gateway_id maker) {
  const auto [found, made] = rooms_.try_emplace(room_name);
  auto& room = found->second;
  if (made) {
    room.room = spawn_room_(self_->system(), room_name, handle_of<registry_actor>(self_));
    room.made_by = maker;
  }
  if (room.vacant) {
    room.vacant = false;
    std::erase(vacant_kept_, room_name);
  }
  return room;
}

void registry_state::keep_vacant(const std::string& room_name, row& room) {
  if (room.vacant)
    return;
  room.vacant = true;
  vacant_kept_.push_back(room_name);
  if (vacant_kept_.size() <= limits_.kept_vacant_max)
    return;
  const auto longest_vacant = std::move(vacant_kept_.front());
  vacant_kept_.pop_front();
  end(rooms_.find(longest_vacant));
}

void registry_state::end(table::iterator room) {
  self_->send(room->second.room, close_atom::value);
  rooms_.erase(room);
}

}  // namespace confab
