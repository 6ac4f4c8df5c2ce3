#include "actors/room.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>

namespace confab {

listeners::listeners(gateway_id id, gateway_actor gateway, bool announces_members)
    : id_(id), gateway_(std::move(gateway)), announces_members_(announces_members) {}

std::size_t listeners::add(connection_key key, caf::actor_id owner) {
  snapshot_.reset();
  keys_.push_back(key);
  owners_.push_back(owner);
  return keys_.size() - 1;
}

std::optional<caf::actor_id> listeners::remove(std::size_t position) {
  snapshot_.reset();
  keys_[position] = keys_.back();
  owners_[position] = owners_.back();
  keys_.pop_back();
  owners_.pop_back();
  if (position == keys_.size())
    return std::nullopt;
  return owners_[position];
}

const audience_ptr& listeners::snapshot() {
  if (!snapshot_)
    snapshot_ = std::make_shared<const audience>(keys_);
  return snapshot_;
}

room_state::room_state(self_pointer<room_actor> self, std::string room_name,
                       registry_actor registry)
    : self_(self), room_name_(std::move(room_name)), registry_(std::move(registry)) {}

void room_state::join(entry newcomer) {
  ++arrivals_;
  const auto id = newcomer.session.id();
  remove(id, receipt{});
  self_->monitor(newcomer.session);
  self_->send(newcomer.session, joined_atom::value, joined_room{handle_of<room_actor>(self_)});
  std::size_t position = 0;
  if (newcomer.listens)
    position = listeners_behind(newcomer).add(newcomer.who.connection, id);
  members_.emplace(id,
                   member{newcomer.session.address(), newcomer.who, newcomer.listens, position});
  announce(newcomer.who, joined{}, std::move(newcomer.reply));
}

void room_state::move(entry traveller, const joined_room& to) {
  ++arrivals_;
  remove(traveller.session.id(), receipt{});
  self_->send(to.room, join_atom::value, std::move(traveller));
  tell_if_vacant();
}

void room_state::leave(const session_actor& session, receipt reply) {
  // The reply goes out even if the member was lost: every request is answered.
  if (!remove(session.id(), reply))
    answer(std::move(reply));
  tell_if_vacant();
}

void room_state::say(const event_batch_ptr& batch, receipt reply) {
  broadcast(batch, std::move(reply), false);
}

void room_state::forget(const caf::actor_addr& session) {
  if (remove(session.id(), receipt{}))
    tell_if_vacant();
}

void room_state::announce(const author& who, event happening, receipt reply) {
  const bool somebody_cares = std::any_of(
      audiences_.begin(), audiences_.end(),
      [](const listeners& group) { return group.announces_members() && !group.empty(); });
  if (somebody_cares) {
    auto batch =
        std::make_shared<const event_batch>(event_batch{room_name_, who, {std::move(happening)}});
    broadcast(batch, std::move(reply), true);
  } else {
    answer(std::move(reply));
  }
}

void room_state::answer(receipt reply) {
  if (const auto gateway = reply.gateway)
    self_->send(gateway, reply_atom::value, std::move(reply));
}

void room_state::broadcast(const event_batch_ptr& batch, receipt reply, bool to_announcing_only) {
  listeners* home = nullptr;
  std::size_t elsewhere = 0;
  for (auto& group : audiences_) {
    if (group.empty() || (to_announcing_only && !group.announces_members()))
      continue;
    if (group.id() == batch->who.gateway) {
      home = &group;
      continue;
    }
    // Without the bytes: the author's own gateway has them.
    self_->send(group.gateway(), publish_atom::value, batch, group.snapshot(),
                receipt{reply.gateway, reply.connection, {}, 0, next_step::nothing});
    ++elsewhere;
  }
  if (home != nullptr) {
    const auto expected = reply.gateway ? elsewhere : 0;
    self_->send(home->gateway(), publish_atom::value, batch, home->snapshot(), std::move(reply),
                expected);
  } else if (reply.gateway && elsewhere > 0) {
    const auto gateway = reply.gateway;
    self_->send(gateway, publish_atom::value, batch, audience_ptr{}, std::move(reply), elsewhere);
  } else {
    answer(std::move(reply));
  }
}

bool room_state::remove(caf::actor_id session, receipt reply) {
  const auto found = members_.find(session);
  if (found == members_.end())
    return false;
  const auto gone = std::move(found->second);
  members_.erase(found);
  self_->demonitor(gone.session);
  if (gone.listens)
    take_out_of_audience(gone);
  announce(gone.who, left{}, std::move(reply));
  return true;
}

void room_state::take_out_of_audience(const member& gone) {
  auto* group = find_listeners(gone.who.gateway);
  if (const auto moved = group->remove(gone.position))
    members_.at(*moved).position = gone.position;
}

listeners& room_state::listeners_behind(const entry& newcomer) {
  if (auto* group = find_listeners(newcomer.who.gateway))
    return *group;
  return audiences_.emplace_back(newcomer.who.gateway, newcomer.reply.gateway,
                                 newcomer.announces_members);
}

listeners* room_state::find_listeners(gateway_id gateway) {
  const auto found =
      std::find_if(audiences_.begin(), audiences_.end(),
                   [gateway](const listeners& group) { return group.id() == gateway; });
  return found != audiences_.end() ? &*found : nullptr;
}

void room_state::tell_if_vacant() {
  if (members_.empty())
    self_->send(registry_, vacant_atom::value, room_name_, self_->ctrl()->id(), arrivals_);
}

}  // namespace confab
