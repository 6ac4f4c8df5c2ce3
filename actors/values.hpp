#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// The values that the actors exchange and the dialects translate: plain data, free of sockets,
/// actors, clocks and threads.
namespace confab {

/// Names one gateway of this server; unique for the life of the process.
using gateway_id = std::uint32_t;

/// Names one connection of one gateway. Never used again for another connection (unlike a file
/// descriptor): the lower 32 bits are the connection's slot, the upper 32 count the uses of it.
using connection_key = std::uint64_t;

/// Who did something in a room.
struct author {
  std::string name;        ///< The user name as logged in, in the author's own dialect.
  std::string dialect;     ///< Which dialect the author speaks: its `dialect::name()`.
  gateway_id gateway = 0;  ///< With `connection`: which connection it came from.
  connection_key connection = 0;

  friend bool operator==(const author&, const author&) = default;
};

/// A member of the room said something.
struct said {
  std::string
      text;  ///< As it came: any bytes; may hold newlines if the author's dialect allows it.
  friend bool operator==(const said&, const said&) = default;
};

/// A member came into the room.
struct joined {
  friend bool operator==(const joined&, const joined&) = default;
};

/// A member left the room, or its connection ended.
struct left {
  friend bool operator==(const left&, const left&) = default;
};

/// Something that happened in a room.
using event = std::variant<said, joined, left>;

/// What one member did in one room, in order. Travels as one unit: nothing of another member comes
/// between the events of a batch.
struct event_batch {
  std::string room;
  author who;
  std::vector<event> events;
};

/// What a client may do after its login. A client can have one of the two, or both.
struct role {
  bool speaks = false;
  bool hears = false;
  friend bool operator==(const role&, const role&) = default;
};

/// Who a connected client is and where it stands: what a dialect may need to know to understand
/// the next bytes.
struct standing {
  std::string user;     ///< Empty before the login.
  role permitted = {};  ///< Nothing is permitted before the login.
  std::string room;     ///< Empty when in no room.
  bool logged_in = false;

  bool in_room() const { return !room.empty(); }
};

/// What a join requires of the room that it names.
enum class join_mode {
  open_or_make,    ///< Make the room if it does not exist.
  must_exist,      ///< Refuse with `no_such_room` otherwise.
  must_not_exist,  ///< Refuse with `room_exists` otherwise; the new room is kept when it is empty.
};

/// Why the server did not do what a well-formed command asked for.
enum class refusal {
  not_in_room,     ///< `say` or `leave` in no room.
  no_such_room,    ///< Join of a room that must exist.
  room_exists,     ///< Creation of a room that exists.
  too_many_rooms,  ///< The server has as many rooms as it may have.
  name_too_long,   ///< A user or room name is longer than the server allows.
  server_full,     ///< The connection is one too many for the server.
  address_full,    ///< The connection is one too many from its address.
};

}  // namespace confab
