#pragma once

#include "actors/model/identity.hpp"
#include "actors/model/message_id.hpp"
#include "actors/model/mode_change.hpp"
#include "actors/model/stamp.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

/// What happens in rooms.
namespace confab {

/// What a client adds to a text for other clients, as it came. Shared, since most texts have none.
using client_tags = std::shared_ptr<const std::string>;

enum class text_kind : std::uint8_t {
  message,
  notice,     ///< Never answered, by nobody.
  tags_only,  ///< No text, only tags.
};

/// A member of the room said something.
struct said {
  /// As it came: any bytes; may hold newlines if the author's dialect allows it.
  std::string text;
  text_kind kind = text_kind::message;
  client_tags tags = nullptr;
  friend bool operator==(const said&, const said&) = default;
};

/// A member came into the room.
struct joined {
  // What other nodes have to know of a room that is new: see `room_setup`.
  bool makes_operator = false;
  bool keeps_room = false;
  bool protects_topic = false;
  friend bool operator==(const joined&, const joined&) = default;
};

/// A member left the room, or its connection ended.
struct left {
  bool quits = false;  ///< It left the server.
  std::string reason = {};
  friend bool operator==(const left&, const left&) = default;
};

/// The author put another member out of the room.
struct kicked {
  author whom;
  std::string reason;
};

/// The author has a new nick.
struct renamed {
  identity_ptr before;
};

/// The author has set the topic of the room; empty: it has none any more.
struct topic_set {
  std::string topic;
};

/// The author has changed the rules of the room.
struct modes_set {
  std::vector<mode_change> changes;
};

/// The author has invited somebody into the room.
struct invited {
  std::string nick;
};

/// The author is away, or back: its identity says which.
struct away_set {};

/// The author has a new real name.
struct real_name_set {};

/// A server operator said something to all who listen to that.
struct wall {
  std::string text;
};

/// A text that was said before is to be forgotten by everybody.
struct redacted {
  message_id which;
  std::string reason;
};

/// Something that happened in a room.
using event = std::variant<said, joined, left, kicked, renamed, topic_set, modes_set, invited,
                           away_set, real_name_set, wall, redacted>;

/// To whom a batch goes.
enum class audience_kind : std::uint8_t {
  room,      ///< To members of the room.
  client,    ///< To one client, or to those that an operator speaks to: it is of no room.
  watchers,  ///< To those who share no room with the author, but watch its nick.
};

/// What one member did in one room, in order. Travels as one unit: nothing of another member comes
/// between the events of a batch.
struct event_batch {
  std::string room;
  author who;
  std::vector<event> events;
  audience_kind to = audience_kind::room;
  char to_prefix = 0;        ///< `@`: to operators only, `+`: to those who have voice, too.
  std::string to_nick = {};  ///< To whom a private text is said.
  stamp at = {};             ///< Set by the room.
};

/// The events of a batch from this index on, no more than `count`, as a batch of their own.
event_batch part_of(const event_batch& batch, std::size_t index, std::size_t count);

}  // namespace confab
