#pragma once

#include "actors/interfaces.hpp"
#include "actors/listeners.hpp"
#include "actors/room_rules.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include <caf/actor_addr.hpp>

namespace confab {

/// A client that a room knows. There is one for each client in each of its rooms, so it is small.
struct member {
  caf::actor_addr session;
  author who;
  message_id came_by = {};  ///< Its join, as its own node has numbered it; zeros: not known here.
  std::uint32_t verdict_of = 0;  ///< The version of the rules that `verdict` comes from,
  std::optional<refusal> verdict = std::nullopt;  ///< why it may not speak; nothing: it may.
  bool listens : 1 = false;                       ///< Belongs to the audience.
  bool room_operator : 1 = false;
  bool has_voice : 1 = false;
  bool put_out : 1 = false;  ///< No member any more, but its session does not know yet.

  room_part part() const { return {!put_out, room_operator, has_voice}; }

  /// Whether it has come after the join of this id, on the same node.
  bool came_after(const message_id& join) const {
    return std::tie(came_by.run, came_by.room, came_by.sequence) >
           std::tie(join.run, join.room, join.sequence);
  }

  /// Has the rights of an operator of the room.
  bool rules() const { return (room_operator && !put_out) || who.who->server_operator; }
};

/// Who is in a room, and behind which gateway. What `find` and `add` return is valid until somebody
/// is added or removed.
class roster {
 public:
  /// Nobody is in the room, or has to hear yet that it is out.
  bool empty() const { return members_.empty(); }

  /// How many are in the room.
  std::size_t size() const { return members_.size() - put_out_; }

  /// The client with this session, also one that was put out; null if there is none.
  member* find(caf::actor_id session);

  /// The same, but only a member.
  member* find_inside(caf::actor_id session);

  /// The member with this nick, whatever the case of its letters; null if there is none. Looks
  /// through all members.
  member* find(std::string_view nick);

  /// Whether this client is a member. Looks through all members.
  bool contains(const client_id& who) const;

  member& add(const entry& newcomer);

  /// Takes the member out of the audience; the room knows it until `remove`.
  void put_out(member& whom);

  /// The room knows this client no more.
  void remove(caf::actor_id session);

  std::vector<listeners>& groups() { return groups_; }

  /// The connections of the group, as a value that will not change. Made anew only after a change.
  const audience_ptr& audience_of(listeners& group) const;

  /// Those of the group that play this part: `@` operators, `+` those with voice too; beside them
  /// the client itself. Null: nobody.
  audience_ptr those_with(char prefix, const listeners& group, const client_id& itself) const;

  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const auto& each : members_)
      if (!each.put_out)
        visit(each);
  }
  template <class Visitor>
  void for_each(Visitor visit) {
    for (auto& each : members_)
      if (!each.put_out)
        visit(each);
  }

 private:
  std::vector<member>::iterator place_of(caf::actor_id session);
  listeners& group_of(const entry& newcomer);
  void leave_audience(const member& gone);

  std::vector<member> members_;    ///< By the number of the session, the smallest first.
  std::vector<listeners> groups_;  ///< One for each gateway; a handful.
  std::size_t put_out_ = 0;
};

}  // namespace confab
