#pragma once

#include <string>
#include <variant>
#include <vector>

/// What can become of a command.
namespace confab {

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

/// A login was accepted.
struct welcomed {
  std::string user;
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

/// The rooms of the server, sorted by name.
struct listing {
  std::vector<std::string> rooms;
};

/// The client's `quit` was accepted.
struct goodbye {};

/// A well-formed command was not carried out; nothing has changed.
struct refused {
  refusal why;
  std::string subject;  ///< The name that the command was about, if any.
};

/// The answer to a `reject`.
struct rejected {
  std::string why;
};

/// What became of a command.
using outcome =
    std::variant<welcomed, entered, departed, told, listing, goodbye, refused, rejected>;

}  // namespace confab
