#pragma once

#include "actors/interfaces.hpp"
#include "actors/room_setup.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>

/// The actor that knows all rooms by name.
namespace confab {

/// Starts the actor of a room. Decides where it runs.
using room_spawner = room_actor (*)(caf::actor_system& system, room_setup setup);

/// How many rooms there may be.
struct room_limits {
  std::size_t rooms_max;        ///< In all; a join that would make one more is refused.
  std::size_t kept_vacant_max;  ///< Rooms that stay while nobody is in them; beyond it the one that
                                ///< has been vacant for longest ends.
  std::string lobby = {};       ///< Nobody becomes operator by entering this room, nor one whose
                                ///< name differs from it in the case of A-Z only.
  room_rule_limits rules = {};  ///< Of each room.
};

/// What the registry needs to make rooms.
struct registry_context {
  room_spawner spawn_room = nullptr;
  room_limits limits;
  directory_actor directory;
  wall_clock now_ms = nullptr;
  archive_actor archive = {};    ///< Keeps what happens; null: nobody does.
  std::uint64_t run_after = 0;   ///< This run is a later one, whatever the clock says.
  std::size_t replay_texts = 0;  ///< As in `room_setup`.
  /// Of this node in its cluster: its own among so many, so no two nodes name an event the same.
  std::uint64_t node_number = 0;
  std::uint64_t nodes = 1;
};

/// All rooms by name, and how many members are on their way to each.
class registry_state {
 public:
  registry_state(self_pointer<registry_actor> self, registry_context context);

  /// The directory that rooms are to tell who comes and goes.
  void know(directory_actor directory) { context_.directory = std::move(directory); }

  /// Brings a member into a room by way of the room that it leaves, or refuses.
  void join(join_request request);

  /// Sends what is told of the next rooms behind this one, in order: no more than a page of them,
  /// so that nobody waits for a long list.
  void list(const session_actor& session, const std::string& behind);

  /// Passes a text on to a room that its author is not in, or refuses it.
  void say(const session_actor& session, event_batch& batch, receipt& reply);

  /// Passes a request on to a room, or answers that there is none.
  void request(room_request wish);

  /// A room says what is told of it.
  void summarize(caf::actor_id room, room_summary summary);

  /// A room says that nobody is in it. It ends unless somebody is on the way or it is kept.
  void vacant(const std::string& room_name, caf::actor_id room, std::size_t arrivals);

  /// Has all rooms tell a peer what they look like, and those to come, too. It learns their names.
  void tell_all_to(known_peer peer, sync_round round);

  /// These texts were taken back on another node: nobody who comes is shown them any more.
  void forget_texts(const std::vector<removed_text>& texts);

  /// There is a room on another node that nobody is in, and that stays.
  void merge(const room_record_ptr& there, const author& told_by);

  /// How many rooms there are, and whose clients made them.
  registry_report report() const;

  /// The rooms with the most members, so many of them.
  room_page largest(std::size_t count) const;

  /// Ends all rooms.
  void close();

 private:
  struct row {
    room_actor room;
    gateway_id made_by = 0;  ///< Whose client asked for it first.
    std::size_t sent = 0;    ///< Messages that were sent to the room from here or by way of here.
    bool kept = false;       ///< Stays while nobody is in it.
    bool vacant = false;
    room_summary summary;  ///< As the room last told it.
  };

  using table = std::map<std::string, row>;  // In order, for `list`.

  bool means_lobby(const std::string& room_name) const;
  const std::string& name_of(const std::string& room_name, bool folds_name) const;
  table::iterator find(const std::string& room_name, bool folds_name);
  row& find_or_make(const std::string& room_name, const join_request& request);
  void keep_vacant(const std::string& room_name, row& room);
  void end(table::iterator room);

  self_pointer<registry_actor> self_;
  registry_context context_;
  table rooms_;
  std::unordered_map<std::string, std::vector<std::string>> by_folded_name_;  ///< Oldest first.
  std::vector<known_peer> peers_;  ///< Whom all rooms tell what happens.
  std::uint64_t run_;              ///< When the server started, as in `stamp`.
  std::uint64_t rooms_made_ = 0;
  std::deque<std::string> vacant_kept_;  ///< Longest vacant first.
};

/// The behavior of the registry. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<registry_state>`.
template <class Pointer>
registry_actor::behavior_type registry(Pointer self, registry_context context) {
  auto& state = self->state.emplace(self, std::move(context));
  return {
      [&state](arrive_atom, directory_actor& directory) { state.know(std::move(directory)); },
      [&state](join_atom, join_request& request) { state.join(std::move(request)); },
      [&state](list_atom, const session_actor& session, const std::string& behind) {
        state.list(session, behind);
      },
      [&state](say_atom, const session_actor& session, event_batch& batch, receipt& reply) {
        state.say(session, batch, reply);
      },
      [&state](request_atom, room_request& wish) { state.request(std::move(wish)); },
      [&state](summary_atom, caf::actor_id room, room_summary& summary) {
        state.summarize(room, std::move(summary));
      },
      [&state](vacant_atom, const std::string& room_name, caf::actor_id room,
               std::size_t arrivals) { state.vacant(room_name, room, arrivals); },
      [&state](sync_atom, known_peer& peer, sync_round round) {
        state.tell_all_to(std::move(peer), round);
      },
      [&state](redact_atom, const std::vector<removed_text>& texts) { state.forget_texts(texts); },
      [&state](merge_atom, const room_record_ptr& there, const author& told_by) {
        state.merge(there, told_by);
      },
      [self, &state](report_atom) {
        auto result = state.report();
        result.mailbox_messages = self->mailbox().size();
        return result;
      },
      [&state](list_atom, std::size_t count) { return state.largest(count); },
      [self, &state](close_atom) {
        state.close();
        self->quit();
      },
  };
}

}  // namespace confab
