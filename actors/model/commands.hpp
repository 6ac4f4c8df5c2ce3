#pragma once

#include "actors/model/standing.hpp"

#include <string>
#include <variant>

/// What a client can ask for.
namespace confab {

/// What a join requires of the room that it names.
enum class join_mode {
  open_or_make,    ///< Make the room if it does not exist.
  must_exist,      ///< Refuse with `no_such_room` otherwise.
  must_not_exist,  ///< Refuse with `room_exists` otherwise; the new room is kept when it is empty.
};

/// The client names itself. Valid once for each connection.
struct log_in {
  std::string user;  ///< Checked by the dialect for its alphabet; not empty.
  role wanted;
  friend bool operator==(const log_in&, const log_in&) = default;
};

/// The client enters a room, leaving the one it is in. A refused join changes nothing.
struct join_room {
  std::string room;
  join_mode mode = join_mode::open_or_make;
  friend bool operator==(const join_room&, const join_room&) = default;
};

/// The client leaves its room.
struct leave_room {
  friend bool operator==(const leave_room&, const leave_room&) = default;
};

/// The client says something to its room.
struct say {
  std::string text;
  friend bool operator==(const say&, const say&) = default;
};

/// The client asks for the names of all rooms.
struct list_rooms {
  friend bool operator==(const list_rooms&, const list_rooms&) = default;
};

/// The client is done: answer, then close.
struct quit {
  friend bool operator==(const quit&, const quit&) = default;
};

/// Input that is no valid command here and now. Nothing is carried out; the client is told why.
struct reject {
  std::string why;  ///< In the dialect's own words; `encode_reply` puts it on the wire.
  friend bool operator==(const reject&, const reject&) = default;
};

/// Input that this protocol answers by ending the connection without a word.
struct hang_up {
  std::string why;  ///< For the log only.
  friend bool operator==(const hang_up&, const hang_up&) = default;
};

/// One request of a client.
using command = std::variant<log_in, join_room, leave_room, say, list_rooms, quit, reject, hang_up>;

}  // namespace confab
