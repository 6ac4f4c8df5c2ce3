#pragma once

#include "actors/cluster/wire.hpp"
#include "actors/interfaces.hpp"
#include "actors/memberships.hpp"
#include "actors/self.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <caf/fwd.hpp>

/// The actor that stands here for one client of another node.
namespace confab {

using relay_atom = caf::atom_constant<caf::atom("relay")>;

/// The client is in this room already: the link to its node has just been made.
struct found_in_room {
  room_record_ptr room;
  bool room_operator = false;
  bool has_voice = false;
};

/// The nick that the client has on its own node has become free here.
struct nick_is_free {};

/// What a client of another node has done there. The peer hears of the ticket when it has been done
/// here, too.
struct stand_in_task {
  std::uint64_t ticket = 0;
  std::variant<client_came, client_changed, client_went, room_news, private_news, found_in_room,
               nick_is_free>
      what;
};

/// To rooms and to the directory it is a session like others.
using stand_in_actor = session_actor::extend<
    // Peer: do this here, too.
    caf::reacts_to<relay_atom, stand_in_task>>;

/// What a stand-in is told when it starts.
struct stand_in_setup {
  client_id id;        ///< By which the client is known on this node.
  gateway_actor peer;  ///< The gateway that leads to it.
  registry_actor registry;
  directory_actor directory;
};

/// Does what its client has done, one task after the other. What comes from the other node was
/// decided there: nobody may refuse it here.
class stand_in_state {
 public:
  stand_in_state(self_pointer<stand_in_actor> self, stand_in_setup setup);

  /// Something is to be done, after all that came before.
  void relay(stand_in_task task);

  /// What was told to all rooms has reached them.
  void resume();

  /// The directory has given it a nick.
  void be_named(identity_ptr who);

  /// It has come into a room.
  void enter(joined_room to);

  /// A member of this node has put it out.
  void be_kicked(const caf::actor_addr& room);

  /// A join was refused, against the rules.
  void refuse();

  /// Texts were refused: the room is no more.
  void refuse_texts(receipt unused);

  /// A server operator of this node ends its connection, which is on the other one.
  void be_killed(const std::string& words);

  /// The nick that it has on its own node has become free here: asks the peer for a task.
  void ask_for_nick();

 private:
  void proceed();
  void perform(client_came& what);
  void perform(client_changed& what);
  void perform(client_went& what);
  void perform(room_news& what);
  void perform(private_news& what);
  void perform(const found_in_room& what);
  void perform(const nick_is_free&) {
    is_own_doing_ = false;
    claim();
  }
  void perform(room_news& what, const joined& came);
  void perform(room_news& what, left& went);
  void perform(room_news& what, kicked& put_out);
  void perform(room_news& what, topic_set& set);
  void perform(room_news& what, modes_set& set);
  void perform(room_news& what, const invited& whom);
  void perform(room_news& what, redacted& text);
  void note_stamp(const room_news& what, bool leaves);
  void say(room_news& what);
  void say_to_all(std::string text, const stamp& at);
  void ask_room(room_news& what, room_wish wish, author whom = {}, const message_id& stay = {});
  void join(join_request wish);
  void claim();
  void change_identity(identity_ptr now, std::optional<event> happening);
  void send_fan_out(std::optional<event> happening, bool leaves, next_step next);
  void finish_task();
  session_actor as_session() const;
  receipt ticket(const stamp& at, next_step next = next_step::nothing) const;
  author itself() const { return {who_, setup_.id}; }

  self_pointer<stand_in_actor> self_;
  stand_in_setup setup_;
  identity there_;             ///< As its own node knows it,
  std::int64_t since_ms_ = 0;  ///< and since when it has its nick there.
  identity_ptr who_;           ///< As it is known here; null: not yet.
  memberships rooms_{false};
  std::deque<stand_in_task> tasks_;  ///< The first one is under way if `busy_`.
  std::uint64_t ticket_ = 0;         ///< Of the task under way.
  bool busy_ = false;
  bool telling_ = false;                  ///< News of the client pass through its rooms.
  std::optional<event> told_when_named_;  ///< What its rooms are told when it has its nick.
  std::vector<room_actor> left_while_telling_;
  std::map<std::string, stamp> stamps_;  ///< Of what concerns all rooms, as far as it has come:
  bool stamps_leave_ = false;            ///< that the client leaves the server, or else.
  bool is_own_doing_ = true;             ///< What is told: the client did it, and it has stamps.
};

/// The behavior of a stand-in. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<stand_in_state>`.
template <class Pointer>
stand_in_actor::behavior_type stand_in(Pointer self, stand_in_setup setup) {
  auto& state = self->state.emplace(self, std::move(setup));
  return {
      [](input_atom, const std::vector<char>&, batch_bytes) {},
      [](ended_atom) {},
      [](gone_atom, const std::string&) {},
      [&state](continue_atom, batch_bytes) { state.resume(); },
      [&state](named_atom, identity_ptr& who, const census&) { state.be_named(std::move(who)); },
      [&state](joined_atom, joined_room& to) { state.enter(std::move(to)); },
      [&state](kicked_atom, const caf::actor_addr& room) { state.be_kicked(room); },
      [&state](refuse_atom, refusal) { state.refuse(); },
      [&state](refuse_atom, refusal, receipt& unused) { state.refuse_texts(std::move(unused)); },
      [](list_atom, const room_page&) {},
      [](checked_atom, password_check) {},
      [&state](killed_atom, const std::string& words) { state.be_killed(words); },
      [&state](rename_atom, const std::string&) { state.ask_for_nick(); },
      [&state](relay_atom, stand_in_task& task) { state.relay(std::move(task)); },
  };
}

}  // namespace confab

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::stand_in_task)
