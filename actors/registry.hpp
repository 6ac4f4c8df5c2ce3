#pragma once

#include "actors/interfaces.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <caf/fwd.hpp>

/// The actor that knows all rooms by name.
namespace confab {

/// Starts the actor of a room. Decides where it runs.
using room_spawner = room_actor (*)(caf::actor_system& system, std::string room_name,
                                    registry_actor registry);

/// How many rooms there may be.
struct room_limits {
  std::size_t rooms_max;        ///< In all; a join that would make one more is refused.
  std::size_t kept_vacant_max;  ///< Rooms that stay while nobody is in them; beyond it the one that
                                ///< has been vacant for longest ends.
};

/// All rooms by name, and how many members are on their way to each.
class registry_state {
 public:
  registry_state(self_pointer<registry_actor> self, room_spawner spawn_room, room_limits limits);

  /// Brings a member into a room by way of the room that it leaves, or refuses.
  void join(join_request request);

  /// Sends the names of the next rooms behind this one, in order: no more than a page of them, so
  /// that nobody waits for a long list.
  void list(const session_actor& session, const std::string& behind);

  /// A room says that nobody is in it. It ends unless somebody is on the way or it is kept.
  void vacant(const std::string& room_name, caf::actor_id room, std::size_t arrivals);

  /// How many rooms there are, and whose clients made them.
  registry_report report() const;

  /// Ends all rooms.
  void close();

 private:
  struct row {
    room_actor room;
    gateway_id made_by = 0;  ///< Whose client asked for it first.
    std::size_t sent = 0;    ///< Joins and moves sent to the room.
    bool kept = false;       ///< Stays while nobody is in it.
    bool vacant = false;
  };

  using table = std::map<std::string, row>;  // In order, for `list`.

  row& find_or_make(const std::string& room_name, gateway_id maker);
  void keep_vacant(const std::string& room_name, row& room);
  void end(table::iterator room);

  self_pointer<registry_actor> self_;
  room_spawner spawn_room_;
  room_limits limits_;
  table rooms_;
  std::deque<std::string> vacant_kept_;  ///< Longest vacant first.
};

/// The behavior of the registry. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<registry_state>`.
template <class Pointer>
registry_actor::behavior_type registry(Pointer self, room_spawner spawn_room, room_limits limits) {
  auto& state = self->state.emplace(self, spawn_room, limits);
  return {
      [&state](join_atom, join_request& request) { state.join(std::move(request)); },
      [&state](list_atom, const session_actor& session, const std::string& behind) {
        state.list(session, behind);
      },
      [&state](vacant_atom, const std::string& room_name, caf::actor_id room,
               std::size_t arrivals) { state.vacant(room_name, room, arrivals); },
      [self, &state](report_atom) {
        auto result = state.report();
        result.mailbox_messages = self->mailbox().size();
        return result;
      },
      [self, &state](close_atom) {
        state.close();
        self->quit();
      },
  };
}

}  // namespace confab
