#include "actors/roster.hpp"

#include "actors/model/case_mapping.hpp"
#include "actors/model/compact.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <caf/all.hpp>

namespace confab {
namespace {

/// Whether the member hears what is said to the listeners of this group.
bool is_reader(const member& each, const listeners& group) {
  return each.listens && !each.put_out && each.who.from.gateway == group.id();
}

}  // namespace

std::vector<member>::iterator roster::place_of(caf::actor_id session) {
  return std::lower_bound(
      members_.begin(), members_.end(), session,
      [](const member& each, caf::actor_id id) { return each.session.id() < id; });
}

member* roster::find(caf::actor_id session) {
  const auto found = place_of(session);
  return found != members_.end() && found->session.id() == session ? &*found : nullptr;
}

member* roster::find_inside(caf::actor_id session) {
  auto* found = find(session);
  return found != nullptr && !found->put_out ? found : nullptr;
}

member* roster::find(std::string_view nick) {
  const auto found = std::find_if(members_.begin(), members_.end(), [nick](const member& each) {
    return !each.put_out && same_name(each.who.who->nick, nick);
  });
  return found != members_.end() ? &*found : nullptr;
}

bool roster::contains(const client_id& who) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&who](const member& each) { return !each.put_out && each.who.from == who; });
}

member& roster::add(const entry& newcomer) {
  if (newcomer.listens)
    group_of(newcomer).add();
  return insert_compactly(
      members_, place_of(newcomer.session.id()),
      member{
          .session = newcomer.session.address(), .who = newcomer.who, .listens = newcomer.listens});
}

void roster::put_out(member& whom) {
  if (whom.put_out)
    return;
  leave_audience(whom);
  whom.put_out = true;
  ++put_out_;
}

void roster::remove(caf::actor_id session) {
  const auto* found = find(session);
  if (found == nullptr)
    return;
  if (found->put_out)
    --put_out_;
  else
    leave_audience(*found);
  members_.erase(place_of(session));
}

void roster::leave_audience(const member& gone) {
  if (!gone.listens)
    return;
  const auto group = std::find_if(groups_.begin(), groups_.end(), [&gone](const listeners& each) {
    return each.id() == gone.who.from.gateway;
  });
  group->remove();
}

const audience_ptr& roster::audience_of(listeners& group) const {
  if (group.snapshot())
    return group.snapshot();
  audience all;
  all.reserve(group.size());
  for (const auto& each : members_)
    if (is_reader(each, group))
      all.push_back(each.who.from.connection);
  return group.keep(std::make_shared<const audience>(std::move(all)));
}

audience_ptr roster::those_with(char prefix, const listeners& group,
                                const client_id& itself) const {
  audience result;
  for (const auto& each : members_) {
    const bool plays_it = each.room_operator || (prefix == '+' && each.has_voice);
    if (is_reader(each, group) && (plays_it || each.who.from == itself))
      result.push_back(each.who.from.connection);
  }
  return result.empty() ? nullptr : std::make_shared<const audience>(std::move(result));
}

listeners& roster::group_of(const entry& newcomer) {
  const auto id = newcomer.who.from.gateway;
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [id](const listeners& each) { return each.id() == id; });
  if (found != groups_.end())
    return *found;
  return groups_.emplace_back(id, newcomer.reply.gateway, newcomer.announces_members);
}

}  // namespace confab
