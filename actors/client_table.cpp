#include "actors/client_table.hpp"

#include "actors/model/compact.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace confab {

known_client& client_table::add(known_client client) {
  const auto id = client.who.from;
  unregistered_.erase(id);
  count(*client.who.who, true);
  counts_.users_max = std::max(counts_.users_max, counts_.users);
  counts_.users_here_max = std::max(counts_.users_here_max, counts_.users_here);
  return clients_.emplace(id, std::move(client)).first->second;
}

void client_table::remove(const client_id& whom) {
  unregistered_.erase(whom);
  const auto found = clients_.find(whom);
  if (found == clients_.end())
    return;
  for (const auto& part : found->second.parts)
    drop_member(*part.room);
  count(*found->second.who.who, false);
  clients_.erase(found);
}

known_client* client_table::find(const client_id& whom) {
  const auto found = clients_.find(whom);
  return found != clients_.end() ? &found->second : nullptr;
}

const known_client* client_table::find(const client_id& whom) const {
  const auto found = clients_.find(whom);
  return found != clients_.end() ? &found->second : nullptr;
}

void client_table::set_identity(known_client& client, identity_ptr who) {
  count(*client.who.who, false);
  client.who.who = std::move(who);
  count(*client.who.who, true);
}

bool client_table::note(const presence& news) {
  auto* client = find(news.who.from);
  if (client == nullptr)
    return false;
  if (news.inside)
    enter(*client, news);
  else
    leave(*client, news.room);
  return true;
}

void client_table::note_secrecy(const std::string& room, bool secret) {
  if (const auto found = rooms_.find(room); found != rooms_.end())
    found->second.secret = secret;
}

void client_table::note_invitation(const client_id& whom, const std::string& room) {
  auto* invited = find(whom);
  const auto* where = find_room(room);
  if (invited == nullptr || where == nullptr || part_in(*invited, where) != nullptr)
    return;
  auto& list = invited->invitations;
  std::erase_if(list, [&](const known_invitation& each) { return each.room == room; });
  if (list.size() >= invitations_each_max_)
    list.erase(list.begin());
  list.push_back({room, where->life});
}

std::vector<std::string> client_table::invitations_of(const known_client& client) const {
  std::vector<std::string> result;
  for (const auto& each : client.invitations)
    if (const auto* room = find_room(each.room); room != nullptr && room->life == each.life)
      result.push_back(each.room);
  return result;
}

const known_room* client_table::find_room(const std::string& name) const {
  const auto found = rooms_.find(name);
  return found != rooms_.end() ? &found->second : nullptr;
}

census client_table::counts() const {
  auto result = counts_;
  result.unregistered = unregistered_.size();
  result.rooms = rooms_.size();
  return result;
}

void client_table::enter(known_client& client, const presence& news) {
  const auto [found, made] = rooms_.try_emplace(news.room);
  auto& room = found->second;
  if (made) {
    room.room = news.where;
    room.name = news.room;
    room.life = ++lives_;
  }
  room.secret = news.secret;
  auto part = std::find_if(client.parts.begin(), client.parts.end(),
                           [&](const known_part& each) { return each.room == &room; });
  if (part == client.parts.end()) {
    append_compactly(client.parts, known_part{&room});
    part = std::prev(client.parts.end());
    ++room.members;
  }
  part->room_operator = news.room_operator;
  part->has_voice = news.has_voice;
  std::erase_if(client.invitations,
                [&](const known_invitation& each) { return each.room == news.room; });
}

void client_table::leave(known_client& client, const std::string& room) {
  const auto part = std::find_if(client.parts.begin(), client.parts.end(),
                                 [&](const known_part& each) { return each.room->name == room; });
  if (part == client.parts.end())
    return;
  auto& left_room = *part->room;
  client.parts.erase(part);
  drop_member(left_room);
}

void client_table::drop_member(known_room& room) {
  if (--room.members == 0)
    rooms_.erase(rooms_.find(room.name));
}

void client_table::count(const identity& who, bool comes) {
  const auto change = [comes](std::size_t& number, bool concerned) {
    if (concerned)
      comes ? ++number : --number;
  };
  change(counts_.users, true);
  change(counts_.users_here, who.node.empty());
  change(counts_.invisible, who.invisible);
  change(counts_.operators, who.server_operator);
}

const known_part* part_in(const known_client& client, const known_room* room) {
  const auto found = std::find_if(client.parts.begin(), client.parts.end(),
                                  [&](const known_part& each) { return each.room == room; });
  return found != client.parts.end() ? &*found : nullptr;
}

}  // namespace confab
