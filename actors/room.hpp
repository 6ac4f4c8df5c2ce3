#pragma once

#include "actors/interfaces.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

/// The actor of one room.
namespace confab {

/// The members of a room behind one gateway that listen.
class listeners {
 public:
  listeners(gateway_id id, gateway_actor gateway, bool announces_members);

  gateway_id id() const { return id_; }
  const gateway_actor& gateway() const { return gateway_; }
  bool announces_members() const { return announces_members_; }
  bool empty() const { return keys_.empty(); }

  /// Adds a connection and says where it stands.
  std::size_t add(connection_key key, caf::actor_id owner);

  /// Removes the connection at `position`. Returns the owner of the one that stands there now.
  std::optional<caf::actor_id> remove(std::size_t position);

  /// All connections, as a value that will not change. Made anew only after a change.
  const audience_ptr& snapshot();

 private:
  gateway_id id_;
  gateway_actor gateway_;
  bool announces_members_;
  audience keys_;
  std::vector<caf::actor_id> owners_;  ///< `owners_[i]` is the session of `keys_[i]`.
  audience_ptr snapshot_;
};

/// Who is in a room, and how to reach everyone.
class room_state {
 public:
  room_state(self_pointer<room_actor> self, std::string room_name, registry_actor registry);

  /// A new member. A session that is a member already moves its membership to the new entry.
  void join(entry member);

  /// Takes a member out and passes it on to another room.
  void move(entry member, const joined_room& to);

  /// Takes a member out; `reply` takes effect whether it was one or not.
  void leave(const session_actor& session, receipt reply);

  /// Hands a batch of a member to everyone.
  void say(const event_batch_ptr& batch, receipt reply);

  /// A session ended without leaving.
  void forget(const caf::actor_addr& session);

 private:
  struct member {
    caf::actor_addr session;
    author who;
    bool listens;
    std::size_t position;  ///< In its gateway's listeners, if it listens.
  };

  void announce(const author& who, event happening, receipt reply);
  void answer(receipt reply);
  void broadcast(const event_batch_ptr& batch, receipt reply, bool to_announcing_only);
  bool remove(caf::actor_id session, receipt reply);
  void take_out_of_audience(const member& gone);
  listeners& listeners_behind(const entry& newcomer);
  listeners* find_listeners(gateway_id gateway);
  void tell_if_vacant();

  self_pointer<room_actor> self_;
  std::string room_name_;
  registry_actor registry_;
  std::unordered_map<caf::actor_id, member> members_;
  std::vector<listeners> audiences_;  ///< One for each gateway; a handful.
  std::size_t arrivals_ = 0;          ///< Joins and moves from the registry that have arrived.
};

/// The behavior of a room. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<room_state>`.
template <class Pointer>
room_actor::behavior_type room(Pointer self, std::string room_name, registry_actor registry) {
  auto& state = self->state.emplace(self, std::move(room_name), std::move(registry));
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down.source); });
  return {
      [&state](join_atom, entry& member) { state.join(std::move(member)); },
      [&state](move_atom, entry& member, const joined_room& to) {
        state.move(std::move(member), to);
      },
      [&state](leave_atom, const session_actor& session, receipt& reply) {
        state.leave(session, std::move(reply));
      },
      [&state](say_atom, const event_batch_ptr& batch, receipt& reply) {
        state.say(batch, std::move(reply));
      },
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab
