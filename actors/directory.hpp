#pragma once

#include "actors/client_table.hpp"
#include "actors/directory_answers.hpp"
#include "actors/event_clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/nick_table.hpp"
#include "actors/publishing.hpp"
#include "actors/room_setup.hpp"
#include "actors/self.hpp"
#include "actors/watch_lists.hpp"
#include "actors/whowas_ring.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <caf/fwd.hpp>

/// The actor that knows all clients by nick.
namespace confab {

/// How much the directory remembers. All else that it knows is bounded by the number of
/// connections and of the rooms that each is in.
struct directory_limits {
  std::size_t whowas_entries_max = 1000;                   ///< Identities that nobody has any more.
  std::size_t watched_nicks_each_max = watched_nicks_max;  ///< Of each client,
  std::size_t invitations_each_max = invitations_max;      ///< likewise.
};

/// All clients: their nicks, whom they watch, where they are, and who has left.
///
/// An answer to a question looks at all clients at most once and takes bounded time:
/// `who_rows_max` and `question_steps_max`.
class directory_state {
 public:
  directory_state(self_pointer<directory_actor> self, directory_limits limits,
                  registry_actor registry, wall_clock now_ms);

  /// A connection that has not logged in.
  void arrive(const client_id& whom) { clients_.arrive(whom); }

  /// A client logs in, or wants another nick. Then it has both nicks until `settle` brings the
  /// news that all were told.
  void claim(nick_claim wanted);

  /// Everybody in the rooms of a client was told what concerns them; now it takes effect here.
  void settle(fan_out news);

  /// The session of a client has failed: forgets it, and tells its rooms and those who watch it.
  void forget(const client_id& whom);

  /// Hands private texts to the client that they are for.
  void say(event_batch texts, receipt reply);

  /// Answers a question, or carries out a wish.
  void request(client_request wanted);

  /// Somebody came into a room, left it, or plays another part.
  void note(const presence& news);

  /// A room has become secret, or is no longer.
  void note_secrecy(const std::string& room, bool secret) { clients_.note_secrecy(room, secret); }

  /// A room lets somebody in who was invited.
  void note_invitation(const client_id& whom, const std::string& room) {
    clients_.note_invitation(whom, room);
  }

  /// A client did something that others saw.
  void touch(const client_id& whom);

  /// A server operator of another node ends the connection of a client.
  void end_connection(const client_id& whom, const std::string& words);

  /// Tells a peer of all clients of this node, and from now on what concerns them.
  void tell_all_to(known_peer peer, sync_round round);

  /// The node of this name is linked to this one from now on, or no more.
  void note_node(const std::string& name, bool linked);

  /// How many clients and rooms there are.
  directory_report report() const { return {view().counts()}; }

  /// Lets go of all clients.
  void close();

 private:
  /// A server operator waits for the end of another client.
  struct waiting_killer {
    client_id victim;
    receipt reply;
  };

  // directory.cpp: nicks, and what concerns all.
  void log_in(nick_claim& wanted);
  void rename(known_client& client, nick_claim& wanted);
  void adopt(known_client& client, const fan_out& news);
  void announce(const known_client& client, fan_out& news);
  void take_out(const room_actor& room, session_actor session, author who);
  void take_leave(const client_id& whom, const std::string& reason, receipt reply);
  void release_nick(const std::string& nick, const client_id& whom);
  void release_killers(const client_id& victim);
  void tell_watchers(std::string_view nick, const answer_part& news);

  // directory_nodes.cpp: clients of other nodes, and what other nodes are told.
  std::string settle_collision(const nick_claim& wanted);
  void tell_peers(publication& news, event_batch batch);
  void tell_peers_silently(publication& news, const known_client& client);
  void tell_peers_of_new(const known_client& client);
  void wish(known_client& client, const std::string& nick);

  // directory_requests.cpp: texts and requests.
  answer_ptr answer_text(const event_batch& texts, const known_client* target) const;
  void deliver(event_batch texts, const known_client& target, receipt reply);
  void carry_out(client_request& from, const ask_directory& question);
  void carry_out(client_request& from, const watch& wish);
  void carry_out(client_request& from, const kill& wish);
  void carry_out(client_request& from, const say_to_all& wish);
  answer_ptr add_watches(const known_client& watcher, const std::vector<std::string>& nicks);
  void pass_on(client_request& from, room_request& invitation);

  directory_view view() const { return {clients_, nicks_, whowas_, watches_, nodes_}; }
  known_client* find_client(std::string_view nick);
  event_batch_ptr stamped(event_batch batch);
  void respond(receipt reply, answer_ptr told = nullptr);

  self_pointer<directory_actor> self_;
  registry_actor registry_;
  wall_clock now_ms_;
  event_clock clock_;
  client_table clients_;
  nick_table nicks_;
  watch_lists watches_;
  whowas_ring whowas_;
  std::map<client_id, waiting_killer> killers_;  ///< One wish each.
  std::vector<known_peer> peers_;
  std::set<std::string> nodes_;  ///< Those that are linked, but for this one.
  /// Nicks that clients of other nodes have there, and somebody else has here. Folded.
  std::multimap<std::string, client_id> wishes_;
};

/// The behavior of the directory. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<directory_state>`.
template <class Pointer>
directory_actor::behavior_type directory(Pointer self, directory_limits limits,
                                         registry_actor registry, wall_clock now_ms) {
  auto& state = self->state.emplace(self, limits, std::move(registry), now_ms);
  return {
      [&state](arrive_atom, const client_id& whom) { state.arrive(whom); },
      [&state](claim_atom, nick_claim& wanted) { state.claim(std::move(wanted)); },
      [&state](say_atom, const session_actor&, event_batch& texts, receipt& reply) {
        state.say(std::move(texts), std::move(reply));
      },
      [&state](request_atom, client_request& wanted) { state.request(std::move(wanted)); },
      [&state](fan_atom, fan_out& news) { state.settle(std::move(news)); },
      [&state](presence_atom, const presence& news) { state.note(news); },
      [&state](secret_atom, const std::string& room, bool secret) {
        state.note_secrecy(room, secret);
      },
      [&state](invite_atom, const client_id& whom, const std::string& room) {
        state.note_invitation(whom, room);
      },
      [&state](tick_atom, const client_id& whom) { state.touch(whom); },
      [&state](gone_atom, const client_id& whom) { state.forget(whom); },
      [&state](killed_atom, const client_id& whom, const std::string& words) {
        state.end_connection(whom, words);
      },
      [&state](sync_atom, known_peer& peer, sync_round round) {
        state.tell_all_to(std::move(peer), round);
      },
      [&state](linked_atom, const std::string& node, bool linked) {
        state.note_node(node, linked);
      },
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
