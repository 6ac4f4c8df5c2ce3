#pragma once

#include "actors/dialect.hpp"
#include "actors/interfaces.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/fwd.hpp>

/// The actor of one connection.
namespace confab {

/// What a session is told when it starts.
struct session_context {
  gateway_actor gateway;
  gateway_id gateway_number = 0;
  connection_key connection = 0;
  registry_actor registry;
  const dialect* speaks = nullptr;  ///< Outlives the session.
  std::size_t name_bytes_max = 0;   ///< Longest user or room name.
};

/// Carries out the requests of one client, one at a time, so replies keep the order of the
/// requests.
///
/// Texts that arrive together travel together: a run of `say` is one message to the room and one
/// reply batch. The first text in a room goes alone, since how much travels together depends on how
/// many readers the texts before it had.
class session_state {
 public:
  session_state(self_pointer<session_actor> self, session_context context);

  /// Bytes from the client; the previous ones are dealt with. The next batch may be so large.
  void input(std::vector<char> bytes, batch_bytes bytes_max);

  /// The receipt of a request has taken effect: go on.
  void resume(batch_bytes bytes_max);

  /// The session is a member of the room that it asked for.
  void enter(joined_room to);

  /// The join was refused; the client stays where it is.
  void refuse(refusal why);

  /// Part of the answer to `list_rooms`.
  void listed(room_page page);

  /// Leaves the room, if any, and ends. `bytes` is the last thing that the client gets.
  void finish(std::string bytes);

  /// The connection is no more: leaves the room, if any, and ends.
  void gone();

 private:
  void proceed();
  std::optional<command> next_command();
  void hand_over_input();
  bool collect(command& request);
  bool batch_is_full() const;
  void publish(next_step next);
  void hand_over_replies();
  void ask_for_rooms(std::string behind);
  bool perform(command& request);
  bool perform(log_in& request);
  bool perform(join_room& request);
  bool perform(leave_room&);
  bool perform(say&);
  bool perform(list_rooms&);
  bool perform(quit&);
  bool perform(reject&);
  bool perform(hang_up&);
  void refuse_name(std::string name);
  void leave_silently();

  void reply(const outcome& result) { context_.speaks->encode_reply(result, standing_, replies_); }
  void send_replies(next_step next);
  receipt receipt_for(std::string bytes, next_step next) const;
  next_step step_after_last_command() const;
  author self_as_author() const;

  self_pointer<session_actor> self_;
  session_context context_;
  std::unique_ptr<decoder> decoder_;
  standing standing_;
  room_actor room_;      ///< Null when in no room.
  std::string joining_;  ///< The room that a join is under way to.

  std::vector<char> bytes_;    ///< The input being dealt with,
  std::string_view unparsed_;  ///< and what is left of it.
  // Pointers: an idle session has neither, and there are many.
  std::unique_ptr<command> deferred_command_;  ///< Comes when the texts before it took effect.
  std::unique_ptr<std::string> listed_to_;     ///< The last room listed, while there are more.
  batch_bytes batch_bytes_max_ = 1;            ///< No more than this travels together.
  batch_bytes batch_bytes_ = 0;                ///< What `texts_` may become for one reader.
  bool readers_counted_ = false;               ///< Something was said in this room before.
  std::vector<event> texts_;                   ///< Said, and not yet handed to the room.
  std::string replies_;                        ///< Encoded, and not yet handed over.
};

/// The behavior of a session. `Pointer` is the actor's own pointer type, with a `state` of type
/// `std::optional<session_state>`.
template <class Pointer>
session_actor::behavior_type session(Pointer self, session_context context) {
  auto& state = self->state.emplace(self, std::move(context));
  return {
      [&state](input_atom, std::vector<char>& bytes, batch_bytes bytes_max) {
        state.input(std::move(bytes), bytes_max);
      },
      [&state](ended_atom) { state.finish({}); },
      [&state](gone_atom) { state.gone(); },
      [&state](continue_atom, batch_bytes bytes_max) { state.resume(bytes_max); },
      [&state](joined_atom, joined_room& to) { state.enter(std::move(to)); },
      [&state](refuse_atom, refusal why) { state.refuse(why); },
      [&state](list_atom, room_page& page) { state.listed(std::move(page)); },
  };
}

}  // namespace confab
