#pragma once

#include "actors/model/identity.hpp"

#include <string>
#include <variant>
#include <vector>

/// What happens in rooms.
namespace confab {

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

}  // namespace confab
