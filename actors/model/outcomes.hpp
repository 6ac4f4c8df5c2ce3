#pragma once

#include "actors/model/census.hpp"
#include "actors/model/identity.hpp"
#include "actors/model/mode_change.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What can become of a command.
namespace confab {

/// Why the server did not do what a well-formed command asked for.
enum class refusal : std::uint8_t {
  not_in_room,          ///< The client is in no room, or not in this one.
  no_such_room,         ///< The room must exist.
  room_exists,          ///< Creation of a room that exists.
  too_many_rooms,       ///< The server has as many rooms as it may have.
  name_too_long,        ///< A user or room name is longer than the server allows.
  server_full,          ///< The connection is one too many for the server.
  address_full,         ///< The connection is one too many from its address.
  in_too_many_rooms,    ///< The client is in as many rooms as it may be in.
  wrong_key,            ///< The room has a key, and the join did not give it.
  invite_only,          ///< Only who was invited may enter.
  banned,               ///< The room has banned the client.
  room_full,            ///< The room has as many members as it takes.
  may_not_speak,        ///< The room does not let the client speak.
  not_room_operator,    ///< Only operators of the room may do this.
  not_server_operator,  ///< Only operators of the server may do this.
  wrong_password,       ///< That of an operator.
  nick_in_use,          ///< Somebody else has this nick.
  no_such_nick,         ///< Nobody has this nick.
  was_no_such_nick,     ///< Nobody had it either.
  not_a_member,         ///< Somebody else is not in the room.
  is_a_member,          ///< Somebody else is in the room already.
  takes_no_messages,    ///< The protocol of that client has no private messages.
  list_full,            ///< The list of the room has no place for one more.
  watch_list_full,      ///< The client watches as many nicks as it may.
  not_kept,             ///< The text could not be kept, so it may be lost.
  no_history,           ///< What was said is not kept, or cannot be read at present.
  no_such_text,         ///< There is no text of this id.
  not_the_author,       ///< Only the author, and operators of the room, may take a text back.
};

/// Whether a room has refused to let a client in.
constexpr bool is_entry_refusal(refusal why) {
  return why == refusal::wrong_key || why == refusal::invite_only || why == refusal::banned ||
         why == refusal::room_full;
}

/// A login was accepted.
struct welcomed {
  identity_ptr who;
  census counts = {};  ///< With the new client.
};

/// A room was entered.
struct entered {
  std::string room;
};

/// A room was left.
struct departed {
  std::string room;
};

/// A text stands in the outbound queue of everyone whom it concerns.
struct told {};

/// What is told of a room to those who look for one. Times are in milliseconds since 1970.
struct room_summary {
  std::string name;
  std::size_t members = 0;
  std::string topic = {};
  std::int64_t made_ms = 0;
  std::int64_t topic_ms = 0;  ///< 0: it never had one.
  bool secret = false;        ///< For members only.
};

/// Rooms of the server, sorted by name: one page of them.
struct listing {
  std::vector<room_summary> rooms;
  bool first = true;
  bool last = true;
};

/// The client's `quit` was accepted, or a server operator ends its connection.
struct goodbye {
  std::string reason = {};
  identity_ptr who = nullptr;  ///< Null if the client has not logged in.
};

/// The client is away, or back.
struct away_noted {
  bool away = false;
};

/// What others see of the client has changed so.
struct user_modes_noted {
  std::vector<mode_change> changes;
};

/// The client is a server operator now.
struct made_operator {};

/// A well-formed command was not carried out; nothing has changed.
struct refused {
  refusal why;
  std::string subject = {};  ///< The name that the command was about, if any.
  std::string detail = {};   ///< What else is to be told: a nick, the letter of a list.
};

/// The answer to a `reject`.
struct rejected {
  std::string why;
};

/// What became of a command.
using outcome = std::variant<welcomed, entered, departed, told, listing, goodbye, away_noted,
                             user_modes_noted, made_operator, refused, rejected>;

}  // namespace confab
