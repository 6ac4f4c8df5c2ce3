#pragma once

#include "actors/model/commands.hpp"
#include "actors/model/events.hpp"
#include "actors/model/outcomes.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

/// All actors of the server and all messages between them, in one place: one comment per signature.
///
/// Nothing is shared: whatever two actors both see is a message that none of them changes
/// (`std::shared_ptr<const T>`) or one that was moved into the mailbox.
namespace confab {

using input_atom = caf::atom_constant<caf::atom("input")>;
using ended_atom = caf::atom_constant<caf::atom("ended")>;
using gone_atom = caf::atom_constant<caf::atom("gone")>;
using continue_atom = caf::atom_constant<caf::atom("continue")>;
using joined_atom = caf::atom_constant<caf::atom("joined")>;
using refuse_atom = caf::atom_constant<caf::atom("refuse")>;
using list_atom = caf::atom_constant<caf::atom("list")>;
using arrive_atom = caf::atom_constant<caf::atom("arrive")>;
using depart_atom = caf::atom_constant<caf::atom("depart")>;
using credit_atom = caf::atom_constant<caf::atom("credit")>;
using failed_atom = caf::atom_constant<caf::atom("failed")>;
using limit_atom = caf::atom_constant<caf::atom("limit")>;
using offence_atom = caf::atom_constant<caf::atom("offence")>;
using shed_atom = caf::atom_constant<caf::atom("shed")>;
using report_atom = caf::atom_constant<caf::atom("report")>;
using join_atom = caf::atom_constant<caf::atom("join")>;
using move_atom = caf::atom_constant<caf::atom("move")>;
using leave_atom = caf::atom_constant<caf::atom("leave")>;
using say_atom = caf::atom_constant<caf::atom("say")>;
using vacant_atom = caf::atom_constant<caf::atom("vacant")>;
using close_atom = caf::atom_constant<caf::atom("close")>;
using login_atom = caf::atom_constant<caf::atom("login")>;
using reply_atom = caf::atom_constant<caf::atom("reply")>;
using publish_atom = caf::atom_constant<caf::atom("publish")>;
using queued_atom = caf::atom_constant<caf::atom("queued")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using finish_atom = caf::atom_constant<caf::atom("finish")>;
using flush_atom = caf::atom_constant<caf::atom("flush")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;

enum class limit;
struct joined_room;
struct credit_request;
struct entry;
struct gateway_report;
struct join_request;
struct receipt;
struct room_page;
struct registry_report;

/// Whom an event concerns behind one gateway. Never changed once it was sent.
using audience = std::vector<connection_key>;
using audience_ptr = std::shared_ptr<const audience>;

/// How many bytes of output one batch may become, for each of its readers; a text always fits
/// alone.
using batch_bytes = std::size_t;

/// A batch on its way to the gateways. Never changed once it was sent.
using event_batch_ptr = std::shared_ptr<const event_batch>;

/// The actor of one connection: what the connection means. Carries out the requests of its client
/// one at a time, in order.
using session_actor = caf::typed_actor<
    // Gateway: bytes that the client sent, and how large the next batch may be. More bytes come
    // only after `receipt::next` of a reply asked for input.
    caf::reacts_to<input_atom, std::vector<char>, batch_bytes>,
    // Gateway: the client has sent its last byte and still reads.
    caf::reacts_to<ended_atom>,
    // Gateway: the connection is no more.
    caf::reacts_to<gone_atom>,
    // Gateway: a receipt that left more to do has taken effect. The next batch may be so large.
    caf::reacts_to<continue_atom, batch_bytes>,
    // Room: you are a member. Sent before the room's receipt.
    caf::reacts_to<joined_atom, joined_room>,
    // Registry: the join was refused, nothing has changed.
    caf::reacts_to<refuse_atom, refusal>,
    // Registry: the names of some rooms.
    caf::reacts_to<list_atom, room_page>>;

/// The actor of one room: the only authority on who is in it and on the order of what happens.
using room_actor = caf::typed_actor<
    // Registry, or the room that the member comes from: a new member. Answered with `joined` to the
    // session, then with the receipt to its gateway.
    caf::reacts_to<join_atom, entry>,
    // Registry: a member goes on to another room; pass it on when it has left. Passed on also when
    // the member is no longer here.
    caf::reacts_to<move_atom, entry, joined_room>,
    // Session: it leaves. The receipt takes effect after everything that the room sent to the
    // member.
    caf::reacts_to<leave_atom, session_actor, receipt>,
    // Session of a member: say this. The receipt takes effect when every gateway has queued the
    // batch.
    caf::reacts_to<say_atom, event_batch_ptr, receipt>,
    // Registry: nobody is here and nobody is on the way: end.
    caf::reacts_to<close_atom>>;

/// The actor that knows all rooms by name, and their sole spawner. It introduces; texts never pass
/// through it.
using registry_actor = caf::typed_actor<
    // Session: bring me into a room. Answered by `joined` from the room or `refuse` from here.
    caf::reacts_to<join_atom, join_request>,
    // Session: send me the names of some rooms, beginning behind this one.
    caf::reacts_to<list_atom, session_actor, std::string>,
    // Room, with its name: nobody is here; this many joins and moves have reached me so far.
    caf::reacts_to<vacant_atom, std::string, caf::actor_id, std::size_t>,
    // Server: how many rooms there are.
    caf::replies_to<report_atom>::with<registry_report>,
    // Server: end all rooms, then yourself.
    caf::reacts_to<close_atom>>;

/// The broker of one listener: bytes in, bytes out. Knows no chat rule.
using gateway_actor = caf::typed_actor<
    // Quota: this connection, from this address, is admitted.
    caf::reacts_to<arrive_atom, connection_key, std::string>,
    // Quota: this connection is one too many.
    caf::reacts_to<refuse_atom, connection_key, refusal>,
    // Quota: so many bytes of memory more may be held for readers.
    caf::reacts_to<credit_atom, std::size_t>,
    // Quota: give back so many bytes of that credit; another gateway has less than its share.
    // Answered by `credit`.
    caf::reacts_to<shed_atom, std::size_t>,
    // The end of a session: that of this connection has failed.
    caf::reacts_to<failed_atom, connection_key>,
    // Server: what there is and what has happened so far.
    caf::replies_to<report_atom>::with<gateway_report>,
    // Session: the client of this connection has logged in under this user name.
    caf::reacts_to<login_atom, connection_key, std::string>,
    // Session: the client of this connection ran into a limit and was told so.
    caf::reacts_to<limit_atom, connection_key, limit>,
    // Session: the client of this connection did what its protocol answers with the end of the
    // connection. Followed by the receipt that ends it.
    caf::reacts_to<offence_atom, connection_key, std::string>,
    // Session or room: put the bytes of the receipt on its connection.
    caf::reacts_to<reply_atom, receipt>,
    // Room: put these events on the connections of the audience; then the receipt takes effect,
    // after this many other gateways have reported `queued`.
    caf::reacts_to<publish_atom, event_batch_ptr, audience_ptr, receipt, std::size_t>,
    // Room: the same for an author behind another gateway: tell that gateway when it is done.
    caf::reacts_to<publish_atom, event_batch_ptr, audience_ptr, receipt>,
    // Another gateway: it has queued a batch of this connection for so many readers. If that is
    // much work, it has handed it to the kernel, too.
    caf::reacts_to<queued_atom, connection_key, std::size_t>,
    // Server: accept and read no more. Answered, with the gateway's number, when no request is
    // under way any more.
    caf::replies_to<drain_atom>::with<gateway_id>,
    // Server: write what is queued, then close all connections and end.
    caf::reacts_to<finish_atom>,
    // Itself: look at the deadlines.
    caf::reacts_to<tick_atom>,
    // Itself: there is more to flush.
    caf::reacts_to<flush_atom>>;

/// The actor that knows what all gateways together use up, and their common limits.
using quota_actor = caf::typed_actor<
    // Gateway: a connection from this address. Answered by `arrive` or `refuse`.
    caf::reacts_to<arrive_atom, gateway_actor, connection_key, std::string>,
    // Gateway: an admitted connection from this address is no more.
    caf::reacts_to<depart_atom, std::string>,
    // Gateway: how much memory it would like to hold for readers, and what it gives back. Answered
    // by `credit` as soon as there is some.
    caf::reacts_to<credit_atom, credit_request>,
    // Server: end.
    caf::reacts_to<close_atom>>;

/// What follows when a receipt has taken effect.
enum class next_step : std::uint8_t {
  continue_requests,  ///< The session has more requests: tell it `continue`.
  read_input,         ///< The session is done with its input: read more.
  nothing,            ///< The session goes on by itself.
  hang_up,            ///< The session has ended: write what is queued, then close.
};

/// A reply that travels with its request: session -> room -> gateway. It takes effect in the room's
/// order, so it comes after every text that the room sent before the request, and before every
/// later one.
struct receipt {
  gateway_actor gateway;
  connection_key connection = 0;
  std::string bytes;      ///< The encoded replies, in the order of the requests; may be empty.
  std::size_t texts = 0;  ///< How many of the requests were texts.
  next_step next = next_step::continue_requests;
};

/// Who comes into a room.
struct entry {
  session_actor session;
  author who;
  bool listens = false;            ///< Belongs to the audience.
  bool announces_members = false;  ///< What `dialect::announces_members` says of its gateway.
  receipt reply;
};

/// The way into a room.
struct joined_room {
  room_actor room;
};

/// A session's wish to be in a room.
struct join_request {
  std::string room;
  join_mode mode;
  std::string from;  ///< The room that it leaves on the way; empty: in none.
  entry member;
};

/// What a gateway tells the quota about the memory that it holds for readers. What all gateways may
/// hold is given out as credit; nobody has more than it was given.
struct credit_request {
  gateway_actor gateway;
  gateway_id id = 0;
  std::size_t wanted_bytes = 0;    ///< As much credit as it would like to have in all.
  std::size_t returned_bytes = 0;  ///< Credit that it gives back with this.
};

/// Some of the rooms, in the order of their names.
struct room_page {
  std::vector<std::string> names;
  bool last = false;  ///< There are no more.
};

/// How many rooms there are.
struct registry_report {
  /// By the gateway whose client made the room; gateways that made none may be missing.
  std::map<gateway_id, std::size_t> rooms;
  std::size_t vacant_kept_rooms = 0;
  std::size_t mailbox_messages = 0;
};

/// Why a connection was cut or closed by the server.
enum class cut_reason { slow_reader, server_backlog, login_deadline, idle, offence, shutdown };
inline constexpr std::size_t cut_reasons = 6;

/// The limits that a client can run into without being cut.
enum class limit {
  connections,              ///< Refused: one connection too many for the server.
  connections_per_address,  ///< Refused: one too many from its address.
  rooms,                    ///< A join refused: it would make one room too many.
  name_bytes,               ///< A login or join refused: the name is too long.
  input_rate,               ///< Paused: sends too fast.
  unread_replies,           ///< Paused: sends without reading its replies.
};
inline constexpr std::size_t limit_kinds = 6;

/// What a gateway has and has done. Counts are since the start.
struct gateway_report {
  gateway_id id = 0;
  std::string dialect;
  std::size_t connections = 0;
  std::uint64_t accepted = 0;
  std::uint64_t texts_in = 0;
  std::uint64_t deliveries_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;           ///< Queued for clients.
  std::uint64_t backlog_bytes = 0;       ///< Queued and not taken yet, counted for each reader.
  std::size_t held_bytes = 0;            ///< Memory that the backlog takes.
  std::size_t credit_bytes = 0;          ///< Memory that it may take.
  std::uint64_t cuts[cut_reasons] = {};  ///< By `cut_reason`.
  std::uint64_t limits_hit[limit_kinds] = {};  ///< By `limit`.
  std::size_t mailbox_messages = 0;
  bool draining = false;
};

}  // namespace confab

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::credit_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::gateway_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::registry_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::joined_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::audience_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::entry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::event_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::join_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::limit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::room_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::refusal)
