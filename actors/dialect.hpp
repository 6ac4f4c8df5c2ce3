#pragma once

#include "actors/model/commands.hpp"
#include "actors/model/events.hpp"
#include "actors/model/outcomes.hpp"
#include "actors/model/standing.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// What stands between a wire protocol and the actors: a dialect turns bytes into commands, and
/// outcomes and room events into bytes. It is pure translation; all protocol state that depends on
/// the server is passed in.
namespace confab {

/// Which texts of its room a reader does not get.
enum class delivery_policy {
  everything,              ///< Gets the texts of all members, its own too.
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
  virtual delivery_policy policy() const = 0;

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
