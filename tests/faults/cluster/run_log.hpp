#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// What happened in a run of a real cluster under faults: what all clients said and saw, and what
/// was done to the nodes. The rules (rules.hpp) judge nothing else.
namespace confab::faults {

inline constexpr std::size_t nodes = 3;

using span = std::chrono::milliseconds;

/// When something happened. One thread plays all clients, so all of it has one order.
struct moment {
  std::uint64_t order = 0;  ///< Number among all that the test has noted.
  span at{0};               ///< Since the beginning of the run.

  auto operator<=>(const moment&) const = default;
};

/// A text of a run: the connection that said it, and its number among the texts of that one.
struct text_id {
  std::uint32_t author = 0;
  std::uint32_t number = 0;

  auto operator<=>(const text_id&) const = default;
};

enum class dialect : std::uint8_t { tagged_sender, tagged_receiver, oneroom, framed, irc };

/// Whether clients of this kind say something, whether they hear what others say, and whether they
/// are told that what they said was accepted.
constexpr bool speaks(dialect of) {
  return of != dialect::tagged_receiver;
}
constexpr bool hears(dialect of) {
  return of != dialect::tagged_sender;
}
constexpr bool is_answered(dialect of) {
  return of == dialect::tagged_sender || of == dialect::oneroom || of == dialect::irc;
}

/// A text that a client has said.
struct said_text {
  moment said;
  std::optional<moment> accepted;  ///< When `ok`, or its echo, had come.
  bool refused = false;
};

/// A text that a client was told.
struct seen_text {
  text_id text;
  moment at;
};

/// Somebody else in the room, as an IRC client has seen it: from its JOIN, or the list of members,
/// to its QUIT.
struct stay {
  std::uint32_t who = 0;  ///< A connection.
  moment from;
  std::optional<moment> to;
};

/// One connection of a client, from its login to its end. A client that comes again has another
/// one, with another name: `c` and its index in the log.
struct connection_log {
  std::size_t node = 0;
  dialect speech = dialect::irc;
  std::optional<moment> joined;  ///< It was answered that it is in the room.
  std::optional<moment> lost;    ///< Nothing: it lasted until the end of the run.
  std::vector<said_text> said;
  std::vector<seen_text> seen;
  std::vector<stay> stays;           ///< Of an IRC client.
  std::vector<std::string> strange;  ///< What nobody should be told.
};

enum class fault_kind : std::uint8_t {
  kill,       ///< kill -9, and started again
  stop,       ///< SIGSTOP, then SIGCONT
  unplug,     ///< the cable between two nodes: both sides see that the carrier is gone
  silence,    ///< nothing passes between two nodes, and nobody is told
  one_way,    ///< nothing passes from the first to the second node
  full_disk,  ///< no room for the history
  restart,    ///< SIGTERM, and started again
};

/// Something that was done to a node, or to what joins two of them.
struct fault {
  fault_kind kind = fault_kind::kill;
  std::size_t node = 0;
  std::size_t other = 0;  ///< The other end of a cable; else `node` again.
  moment begun;
  std::optional<moment> healed;  ///< Of a process: when it said that it listens.
};

/// How much memory a node had at some time.
struct memory_sample {
  std::size_t node = 0;
  span at{0};
  std::size_t bytes = 0;
};

/// What an onlooker (onlookers.hpp) has written down from one time on that it came into the room,
/// to the next one.
struct visit_of_onlooker {
  std::size_t node = 0;
  moment joined;              ///< When the test saw that it had been told that it is in the room.
  std::vector<text_id> read;  ///< In this order.
};

/// Everything.
struct run_log {
  std::vector<connection_log> connections;
  std::vector<fault> faults;
  std::vector<memory_sample> memory;
  std::vector<visit_of_onlooker> visits;  ///< In any order; none if there were no onlookers.
  moment end;  ///< All has healed long before, and whatever was on its way has come.
  std::array<std::multiset<text_id>, nodes> histories;  ///< What is kept on each node, at the end.
  std::array<bool, nodes> has_history{};                ///< Whether that was looked at.
};

}  // namespace confab::faults
