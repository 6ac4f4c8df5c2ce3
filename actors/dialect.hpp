#pragma once

#include "actors/values.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The seam between a wire protocol and the actors: a dialect turns bytes into commands, and
/// outcomes and room events into bytes. It is pure translation; all protocol state that depends on
/// the server is passed in.
namespace confab {

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

/// Which texts of its room a reader does not get.
enum class hearing {
  everything,              ///< Hears all members, itself too.
  all_but_own_user,        ///< Not what was said under its own user name.
  all_but_own_connection,  ///< Not what was said on its own connection.
};

/// Cuts the bytes of one connection into commands. Owns the incomplete tail of the input, in
/// bounded memory; input may be split and joined anywhere.
class decoder {
 public:
  virtual ~decoder() = default;

  /// Takes the next command from the front of `input`.
  ///
  /// Returns nothing when the rest of the input holds no whole command; `input` is empty then and
  /// what it held is remembered. `now` is the client's standing at this point: call again only
  /// after the previous command was carried out.
  virtual std::optional<command> next(std::string_view& input, const standing& now) = 0;
};

/// One wire protocol. Immutable; one object serves all connections of a gateway.
class dialect {
 public:
  virtual ~dialect() = default;

  /// The name in options, logs and docs.
  virtual std::string_view name() const = 0;

  /// Which texts readers of this dialect do not get.
  virtual hearing hears() const = 0;

  /// Whether readers are told that members join and leave.
  virtual bool announces_members() const = 0;

  /// A decoder for a new connection.
  virtual std::unique_ptr<decoder> make_decoder() const = 0;

  /// Appends the reply to a command to `out`; nothing if the protocol has no such reply. `now` is
  /// the client's standing before the command took effect.
  virtual void encode_reply(const outcome& result, const standing& now, std::string& out) const = 0;

  /// Appends the events to `out` as readers get them; nothing for events that the protocol cannot
  /// express. Foreign names and texts are made safe: whatever they hold, a reader sees exactly one
  /// message per event, with the right author.
  virtual void encode_events(const event_batch& batch, std::string& out) const = 0;
};

}  // namespace confab
