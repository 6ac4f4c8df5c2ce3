#pragma once

#include "actors/model/events.hpp"
#include "actors/model/held_history.hpp"
#include "actors/model/identity.hpp"
#include "actors/model/mode_change.hpp"
#include "actors/model/stamp.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// What two nodes of a cluster say to each other: the messages between a peer and its counterpart.
///
/// The link below may lose, delay and repeat what was sent before a break, and deliver it after
/// what was sent later. So each establishment of a link has an epoch at either end, a random
/// number; whatever is sent carries the epoch of its *receiver*, and is numbered. What has another
/// epoch is ignored; what leaves a hole, or a hello with a new epoch, ends the establishment, and
/// the next one begins.
namespace confab {

using wire_atom = caf::atom_constant<caf::atom("wire")>;

/// Names one establishment of a link, at one of its ends; never 0.
using link_epoch = std::uint64_t;

/// The version of what stands here. Nodes talk if theirs are equal or neighbours.
inline constexpr std::uint32_t wire_version = 3;
/// Nodes of this version and later ones answer `wire_question`. Others are asked nothing.
inline constexpr std::uint32_t first_version_with_questions = 2;
/// Nodes of this version and later ones take a `room_record` without members at any time. Others
/// would keep the room for good.
inline constexpr std::uint32_t first_version_that_settles = 3;

/// A client is known to other nodes as its own node knows it.
using remote_client = client_id;

/// A client has logged in on its node.
struct client_came {
  remote_client id;
  identity who;
  std::int64_t since_ms = 0;  ///< When it claimed its nick: of two with one nick, the older has it.
};

/// A client is known as somebody else from now on.
struct client_changed {
  remote_client id;
  identity who;
  std::int64_t since_ms = 0;  ///< When it claimed the nick that it has now.
  /// What others are told, in all rooms of the client: renamed, away, a new real name, or nothing.
  enum class news : std::uint8_t { nothing, renamed, away, real_name };
  news told = news::nothing;
};

/// A client has left its node.
struct client_went {
  remote_client id;
  std::string reason;
};

/// What a client has done in a room of its node. `events` are of the room: no news of clients.
/// Behind `kicked` may stand `redacted` with the id of the join that it takes back.
struct room_news {
  std::string room;
  remote_client by;
  std::vector<event> events;
  char to_prefix = 0;  ///< As in `event_batch`.
  stamp at;
};

/// What one client says to another one, which is on the receiver's node.
struct private_news {
  remote_client by;
  client_id to;
  std::vector<event> events;
  std::string to_nick;
  stamp at;
};

/// A server operator ends the connection of a client of the receiver's node.
struct kill_news {
  client_id whom;
  std::string words;
};

/// A member of a room, and its part.
struct room_part_record {
  remote_client who;
  bool room_operator = false;
  bool has_voice = false;
};

/// An entry of a list of masks.
struct mask_record {
  char letter = 0;
  std::string mask;
  std::string set_by;
  std::int64_t set_ms = 0;
};

/// What a room looks like on the sender's node: the members that are clients of that node, and what
/// holds for all.
struct room_record {
  std::string room;
  std::int64_t made_ms = 0;
  bool stays_when_vacant = false;
  std::vector<room_part_record> members;
  std::vector<mode_change> modes;
  std::vector<mask_record> masks;
  std::string topic;
  std::string topic_by;
  std::int64_t topic_ms = 0;
};

/// The receiver knows all that the sender knew when the link was established.
struct in_step {};

/// One piece of news.
using cluster_news = std::variant<client_came, client_changed, client_went, room_news, private_news,
                                  kill_news, room_record, in_step>;

/// The sender wants to establish the link, or to establish it anew.
struct wire_hello {
  std::string node;
  std::uint32_t version = wire_version;
  link_epoch mine = 0;
};

/// The answer: the link is established.
struct wire_welcome {
  std::string node;
  std::uint32_t version = wire_version;
  link_epoch mine = 0;
  link_epoch yours = 0;
};

/// News, numbered from `first`; the first ones of a link have the number 1.
struct wire_news {
  link_epoch yours = 0;
  std::uint64_t first = 1;
  std::vector<cluster_news> news;
};

/// All news up to this number have reached those on the sender's node whom they are for.
struct wire_taken {
  link_epoch yours = 0;
  std::uint64_t up_to = 0;
};

/// What is kept, as it crosses: something that one author did in a room.
struct kept_record {
  std::string room;
  identity who;
  std::vector<event> events;
  stamp at;
};

/// As `missing_events`.
struct kept_part {
  std::vector<kept_record> events;
  std::vector<removed_text> removed;
  std::uint64_t ranges_done = 0;
  std::uint64_t events_done = 0;
};

/// The sender compares its history with that of the receiver. It asks one question at a time.
struct wire_question {
  link_epoch yours = 0;
  std::uint64_t number = 0;  ///< Of the question, for the answer.
  std::variant<digest_question, held_question, missing_question> what;
};

/// Whoever answers so keeps no history, or cannot read it now.
struct no_answer {};

/// The answer to the question of this number, of the same kind.
struct wire_answer {
  link_epoch yours = 0;
  std::uint64_t number = 0;
  std::variant<no_answer, std::vector<history_digest>, held_events, kept_part> what;
};

/// One message between two peers. A struct of its own, so that it has one type on the wire.
struct wire_message {
  std::variant<wire_hello, wire_welcome, wire_news, wire_taken, wire_question, wire_answer> what;
};

/// Whoever takes messages of a counterpart: a peer, or what stands between two of them in tests.
using wire_actor = caf::typed_actor<caf::reacts_to<wire_atom, wire_message>>;

}  // namespace confab
