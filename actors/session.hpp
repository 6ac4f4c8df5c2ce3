#pragma once

#include "actors/dialect.hpp"
#include "actors/interfaces.hpp"
#include "actors/memberships.hpp"
#include "actors/room_setup.hpp"
#include "actors/self.hpp"
#include "actors/text_batch.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/fwd.hpp>

/// The actor of one connection.
namespace confab {

/// What the sessions of a gateway have in common.
struct session_context {
  gateway_actor gateway;
  gateway_id gateway_number = 0;
  registry_actor registry;
  directory_actor directory;
  authenticator_actor authenticator;  ///< Null: there are no server operators.
  const dialect* speaks = nullptr;    ///< Outlives the session.
  std::size_t name_bytes_max = 0;     ///< Longest user or room name.
  std::size_t rooms_max = 0;          ///< How many rooms the client may be in.
  wall_clock now_ms = nullptr;        ///< Never null.
  archive_actor archive = {};         ///< Null: nothing is kept.
};

/// What a session is told when it starts.
struct session_start {
  std::shared_ptr<const session_context> context;  ///< Never null.
  connection_key connection = 0;
  std::string host;  ///< What others see in place of the client's address.
};

/// Carries out the requests of one client, one at a time, so replies keep the order of the
/// requests.
///
/// Texts that arrive together travel together: a run of `say` is one message to the room and one
/// reply batch. The first text in a room goes alone, since how much travels together depends on how
/// many readers the texts before it had.
class session_state {
 public:
  session_state(self_pointer<session_actor> self, session_start start);

  /// Bytes from the client; the previous ones are dealt with. The next batch may be so large.
  void input(std::vector<char> bytes, batch_bytes bytes_max);

  /// The receipt of a request has taken effect: go on.
  void resume(batch_bytes bytes_max);

  /// The directory has given the client a name: its first one, or a new one.
  void be_named(identity_ptr who, const census& counts);

  /// The session is a member of the room that it asked for.
  void enter(joined_room to);

  /// A member of the room has put the client out.
  void be_kicked(const caf::actor_addr& room);

  /// The join or the nick was refused; nothing has changed.
  void refuse(refusal why);

  /// The texts of this receipt were refused.
  void refuse_texts(refusal why, receipt unused);

  /// Part of the answer to `list_rooms`.
  void listed(room_page page);

  /// Whether the password of a server operator was right.
  void be_checked(password_check result);

  /// A server operator ends the connection, with these words.
  void be_killed(const std::string& words);

  /// An older client of another node has the nick. The client gets this one as soon as nothing that
  /// it has asked for is under way.
  void give_way(std::string nick);

  /// Leaves all rooms and ends. `bytes` is the last thing that the client gets; others are told the
  /// reason.
  void finish(std::string bytes, std::string reason);

  /// The connection is no more: leaves all rooms and ends.
  void gone(std::string reason);

 private:
  /// How it gets another nick, if it has not asked for that.
  enum class giving_way : std::uint8_t { no, before_next_request, while_idle };

  void proceed();
  std::optional<command> next_command();
  void hand_over_input();
  bool collect(command& request);
  void add_text(say text, std::size_t frame_bytes);
  bool batch_is_full();
  void publish(next_step next);
  void hand_over_replies();
  void ask_for_rooms(std::string behind);
  bool perform(command& request);
  bool perform(log_in& request);
  bool perform(rename& request);
  bool perform(join_room& request);
  bool perform(leave_room& request);
  bool perform(say& request);
  bool perform(tell& request);
  bool perform(list_rooms&);
  bool perform(set_topic& request) { return ask_of_room(request); }
  bool perform(change_modes& request);
  bool perform(kick& request) { return ask_of_room(request); }
  bool perform(invite& request) { return ask_by_way_of_directory(request); }
  bool perform(ask_room& request) { return ask_of_room(request); }
  bool perform(ask_directory& request) { return ask_of_directory(std::move(request)); }
  bool perform(watch& request) { return ask_of_directory(std::move(request)); }
  bool perform(set_away& request);
  bool perform(set_real_name& request);
  bool perform(set_user_modes& request);
  bool perform(become_operator& request);
  bool perform(kill& request) { return ask_of_directory(std::move(request)); }
  bool perform(say_to_all& request) { return ask_of_directory(std::move(request)); }
  bool perform(recall& request) { return ask_of_room(request); }
  bool perform(ask_targets& request);
  bool perform(redact& request) { return ask_of_room(request); }
  bool perform(read_as& request);
  bool perform(respond& request);
  bool perform(quit& request);
  bool perform(reject& mistake);
  bool perform(hang_up& offence);

  void take_other_nick(giving_way how);
  void give_way_if_idle();
  void claim(identity wanted, bool numbered);
  template <class Wish>
  bool ask_of_room(Wish& wish);
  template <class Wish>
  bool ask_by_way_of_directory(Wish& wish);
  room_request request_to_room(std::string name, room_wish what);
  bool ask_of_directory(client_wish what);
  void change_identity(identity_ptr changed, std::optional<event> happening);
  void tell_itself(event happening);
  void tell_rooms(std::optional<event> happening);
  void send_fan_out(std::optional<event> happening, bool leaves, std::vector<room_actor> rooms,
                    receipt reply);
  void depart(std::string reason, receipt reply);
  void refuse_password(password_check result);
  bool end_if_told_to();
  void refuse_name(std::string name);
  void note_activity();

  void reply(const outcome& result) { reply(result, decoder_->asks()); }
  void reply(const outcome& result, const asking* asked);
  std::string with_refusals(std::string_view replies, refusal why);
  void settle_then(command request);
  void note_texts(receipt& reply);
  bool wants_own_receipt() const;
  void send_replies(next_step next);
  void send_earlier_replies();
  receipt receipt_for(std::string bytes, next_step next) const;
  receipt receipt_of_request();
  next_step step_after_last_command();
  author self_as_author() const { return {standing_.who, id()}; }
  client_id id() const { return {context_->gateway_number, connection_}; }

  /// Why the session ends.
  struct ending {
    std::string words;
    bool connection_is_gone = false;  ///< Else a server operator ends it.
  };

  self_pointer<session_actor> self_;
  std::shared_ptr<const session_context> context_;
  connection_key connection_;
  std::unique_ptr<decoder> decoder_;
  standing standing_;
  memberships rooms_;

  std::vector<char> bytes_;    ///< The input being dealt with,
  std::string_view unparsed_;  ///< and what is left of it.
  // Pointers: an idle session has none of these, and there are many.
  std::unique_ptr<command> deferred_command_;   ///< Comes when the texts before it took effect.
  std::unique_ptr<join_room> joining_;          ///< The join that is under way.
  std::unique_ptr<log_in> logging_in_;          ///< The login that is under way.
  std::unique_ptr<std::string> host_;           ///< Until the login.
  std::unique_ptr<ending> ending_;              ///< Ends when the join under way was answered.
  std::unique_ptr<std::string> other_nick_;     ///< To be taken instead of the own one.
  std::unique_ptr<std::string> listed_to_;      ///< The last room listed, while there are more.
  bool busy_ = false;                           ///< Deals with input.
  giving_way gives_way_ = giving_way::no;       ///< Gets another nick now.
  bool unsettled_ = false;                      ///< Texts may not have been kept yet.
  std::uint8_t wrong_passwords_ = 0;            ///< Of server operators, so far.
  bool telling_ = false;                        ///< News of the client pass through its rooms.
  std::vector<room_actor> left_while_telling_;  ///< That do not know yet that it knows.
  batch_bytes batch_bytes_max_ = 1;             ///< No more than this travels together.
  text_batch texts_;                            ///< Said, and not yet handed to the room.
  std::string replies_;                         ///< Encoded, and not yet handed over.
  std::int64_t active_ms_ = 0;                  ///< When the directory was last told of activity.
};

/// The behavior of a session. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<session_state>`.
template <class Pointer>
session_actor::behavior_type session(Pointer self, session_start start) {
  auto& state = self->state.emplace(self, std::move(start));
  return {
      [&state](input_atom, std::vector<char>& bytes, batch_bytes bytes_max) {
        state.input(std::move(bytes), bytes_max);
      },
      [&state](ended_atom) { state.finish({}, "Connection closed"); },
      [&state](gone_atom, std::string& reason) { state.gone(std::move(reason)); },
      [&state](continue_atom, batch_bytes bytes_max) { state.resume(bytes_max); },
      [&state](named_atom, identity_ptr& who, const census& counts) {
        state.be_named(std::move(who), counts);
      },
      [&state](joined_atom, joined_room& to) { state.enter(std::move(to)); },
      [&state](kicked_atom, const caf::actor_addr& room) { state.be_kicked(room); },
      [&state](refuse_atom, refusal why) { state.refuse(why); },
      [&state](refuse_atom, refusal why, receipt& unused) {
        state.refuse_texts(why, std::move(unused));
      },
      [&state](list_atom, room_page& page) { state.listed(std::move(page)); },
      [&state](checked_atom, password_check result) { state.be_checked(result); },
      [&state](killed_atom, const std::string& words) { state.be_killed(words); },
      [&state](rename_atom, std::string& nick) { state.give_way(std::move(nick)); },
  };
}

}  // namespace confab
