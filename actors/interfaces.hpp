#pragma once

#include "actors/cluster/wire.hpp"
#include "actors/dialect.hpp"
#include "actors/model/answers.hpp"
#include "actors/model/asking.hpp"
#include "actors/model/census.hpp"
#include "actors/model/commands.hpp"
#include "actors/model/events.hpp"
#include "actors/model/held_history.hpp"
#include "actors/model/histogram.hpp"
#include "actors/model/outcomes.hpp"
#include "actors/told_readers.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
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

using claim_atom = caf::atom_constant<caf::atom("claim")>;
using named_atom = caf::atom_constant<caf::atom("named")>;
using enter_atom = caf::atom_constant<caf::atom("enter")>;
using request_atom = caf::atom_constant<caf::atom("request")>;
using fan_atom = caf::atom_constant<caf::atom("fan")>;
using presence_atom = caf::atom_constant<caf::atom("presence")>;
using invite_atom = caf::atom_constant<caf::atom("invite")>;
using secret_atom = caf::atom_constant<caf::atom("secret")>;
using summary_atom = caf::atom_constant<caf::atom("summary")>;
using kicked_atom = caf::atom_constant<caf::atom("kicked")>;
using killed_atom = caf::atom_constant<caf::atom("killed")>;
using reader_atom = caf::atom_constant<caf::atom("reader")>;
using check_atom = caf::atom_constant<caf::atom("check")>;
using checked_atom = caf::atom_constant<caf::atom("checked")>;
using keep_atom = caf::atom_constant<caf::atom("keep")>;
using kept_atom = caf::atom_constant<caf::atom("kept")>;
using recall_atom = caf::atom_constant<caf::atom("recall")>;
using recent_atom = caf::atom_constant<caf::atom("recent")>;
using redact_atom = caf::atom_constant<caf::atom("redact")>;

using compare_atom = caf::atom_constant<caf::atom("compare")>;

using client_atom = caf::atom_constant<caf::atom("client")>;
using linked_atom = caf::atom_constant<caf::atom("linked")>;
using lost_atom = caf::atom_constant<caf::atom("lost")>;
using merge_atom = caf::atom_constant<caf::atom("merge")>;
using rename_atom = caf::atom_constant<caf::atom("rename")>;
using settle_atom = caf::atom_constant<caf::atom("settle")>;
using sync_atom = caf::atom_constant<caf::atom("sync")>;

enum class limit;
enum class password_check : std::uint8_t;
struct archive_report;
struct comparison;
struct comparison_result;
struct history_request;
struct joined_room;
struct credit_request;
struct client_request;
struct directory_report;
struct entry;
struct fan_out;
struct gateway_report;
struct join_request;
struct nick_claim;
struct presence;
struct receipt;
struct known_peer;
struct node_client;
struct room_page;
struct room_request;
struct redaction;
struct registry_report;

/// How many bytes of output one batch may become, for each of its readers; a text always fits
/// alone.
using batch_bytes = std::size_t;

/// A batch on its way to the gateways. Never changed once it was sent.
using event_batch_ptr = std::shared_ptr<const event_batch>;

/// What a room looks like on one node.
using room_record_ptr = std::shared_ptr<const room_record>;

/// Counts how often a peer asked for all that there is, so that late answers are known as such.
using sync_round = std::uint64_t;
/// The round of what a room tells unasked: what was set in it may not be the same everywhere.
inline constexpr sync_round settling_round = 0;

/// The actor of one connection: what the connection means. Carries out the requests of its client
/// one at a time, in order.
using session_actor = caf::typed_actor<
    // Gateway: bytes that the client sent, and how large the next batch may be. More bytes come
    // only after `receipt::next` of a reply asked for input.
    caf::reacts_to<input_atom, std::vector<char>, batch_bytes>,
    // Gateway: the client has sent its last byte and still reads.
    caf::reacts_to<ended_atom>,
    // Gateway: the connection is no more, for this reason, which other clients may be told.
    caf::reacts_to<gone_atom, std::string>,
    // Gateway: a receipt that left more to do has taken effect. The next batch may be so large.
    caf::reacts_to<continue_atom, batch_bytes>,
    // Directory: you are known as this from now on; so many clients there are.
    caf::reacts_to<named_atom, identity_ptr, census>,
    // Room: you are a member. Sent before the room's receipt.
    caf::reacts_to<joined_atom, joined_room>,
    // Room: a member has put you out; the room lives on until you say that you know.
    caf::reacts_to<kicked_atom, caf::actor_addr>,
    // Registry, room or directory: the join or the nick was refused, nothing has changed.
    caf::reacts_to<refuse_atom, refusal>,
    // Registry or room: the texts were refused; their receipt comes back.
    caf::reacts_to<refuse_atom, refusal, receipt>,
    // Registry: some rooms.
    caf::reacts_to<list_atom, room_page>,
    // Authenticator: whether the password is right.
    caf::reacts_to<checked_atom, password_check>,
    // Directory: a server operator ends your connection, with these words.
    caf::reacts_to<killed_atom, std::string>,
    // Directory: an older client of another node has your nick; take this one.
    caf::reacts_to<rename_atom, std::string>>;

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
    // Session: the client of this connection has logged in, or is known as somebody else now.
    caf::reacts_to<login_atom, connection_key, identity_ptr>,
    // Session: the client of this connection reads another form of its protocol from now on.
    caf::reacts_to<reader_atom, connection_key, reader_class>,
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
    // Archive: something that the client of this connection did was kept, or could not be kept.
    caf::reacts_to<kept_atom, connection_key, bool>,
    // Server: accept and read no more. Answered, with the gateway's number, when no request is
    // under way any more.
    caf::replies_to<drain_atom>::with<gateway_id>,
    // Server: write what is queued, then close all connections and end.
    caf::reacts_to<finish_atom>,
    // Itself: look at the deadlines.
    caf::reacts_to<tick_atom>,
    // Itself: there is more to flush.
    caf::reacts_to<flush_atom>>;

/// The actor that stands for another node of the cluster. To rooms it is one more gateway: it gets
/// each batch of a client of this node once. The clients of the other node are known here by its
/// number and a key of its own.
using peer_actor = gateway_actor::extend<
    // The counterpart on the other node: what there is to say.
    caf::reacts_to<wire_atom, wire_message>,
    // Membership: there is a connection to the counterpart.
    caf::reacts_to<linked_atom, wire_actor>,
    // Membership: there is none any more.
    caf::reacts_to<lost_atom>,
    // Directory: the answer to `sync`: all clients of this node.
    caf::reacts_to<sync_atom, std::vector<node_client>, sync_round>,
    // Registry: the answer to `sync`: the names of all rooms.
    caf::reacts_to<sync_atom, std::vector<std::string>, sync_round>,
    // Room: the answer to `sync`; in the `settling_round` what holds in it, without members.
    caf::reacts_to<sync_atom, room_record_ptr, sync_round>,
    // Directory: a client of this node has logged in.
    caf::reacts_to<client_atom, node_client>,
    // Archive or archive reader: the answer to `compare`. With the ticket 0, to all that have ever
    // asked: what could not be kept for a while can be kept again.
    caf::reacts_to<compare_atom, comparison_result>>;

/// The actor of one room: the only authority on who is in it and on the order of what happens.
using room_actor = caf::typed_actor<
    // Registry: a new member. If it leaves another room on the way, its place is kept until it
    // comes from there. Answered with `joined` to the session, then with the receipt to its
    // gateway; or with `refuse` to the session.
    caf::reacts_to<join_atom, entry>,
    // Another room that has a place for it: a member goes on there; pass it on when it has left.
    // Passed on also when the member is no longer here.
    caf::reacts_to<move_atom, entry, joined_room>,
    // The room that the member comes from: it takes the place that is kept.
    caf::reacts_to<enter_atom, entry>,
    // Session: it leaves, for this reason. The receipt takes effect after everything that the room
    // sent to the member.
    caf::reacts_to<leave_atom, session_actor, std::string, receipt>,
    // Session: it knows that it was put out.
    caf::reacts_to<kicked_atom, session_actor>,
    // Session: say this. The receipt takes effect when every gateway has queued the batch. Texts
    // that are not allowed are answered with `refuse` and the receipt.
    caf::reacts_to<say_atom, session_actor, event_batch, receipt>,
    // Session or registry: a question, or a change of the room. The receipt takes the answer along.
    caf::reacts_to<request_atom, room_request>,
    // Session, or another room of the same client: what concerns all rooms of the client.
    caf::reacts_to<fan_atom, fan_out>,
    // Archive reader: the last texts that were said here, or none if they cannot be read.
    caf::reacts_to<recent_atom, history_page>,
    // Archive: this text was taken back, and is kept no more: tell all but who did it. Registry:
    // the same, but nobody is to be told: there is no batch.
    caf::reacts_to<redact_atom, message_id, event_batch_ptr>,
    // Registry: tell this peer what you look like, and from now on what the clients of this node
    // do.
    caf::reacts_to<sync_atom, known_peer, sync_round>,
    // Registry: the room of this name looks so on another node, which this author stands for.
    caf::reacts_to<merge_atom, room_record_ptr, author>,
    // The room to itself: time to tell the peers what holds here.
    caf::reacts_to<settle_atom>,
    // Registry: the text or request in front of this came by way of me.
    caf::reacts_to<arrive_atom>,
    // Registry: nobody is here and nobody is on the way: end.
    caf::reacts_to<close_atom>>;

/// The actor that knows all clients by nick. Private texts pass through it as texts pass through a
/// room.
using directory_actor = caf::typed_actor<
    // Session: a connection that has not logged in.
    caf::reacts_to<arrive_atom, client_id>,
    // Session: I want this nick. Answered by `named` or `refuse`.
    caf::reacts_to<claim_atom, nick_claim>,
    // Session: say this to the client that the batch names.
    caf::reacts_to<say_atom, session_actor, event_batch, receipt>,
    // Session: a question about clients, or a wish that concerns others.
    caf::reacts_to<request_atom, client_request>,
    // The last room of the client, or its session if it is in none: what concerns all rooms has
    // reached them all. Now it is the turn of those who watch the client; then the receipt takes
    // effect.
    caf::reacts_to<fan_atom, fan_out>,
    // Room: somebody came, went, or plays another part.
    caf::reacts_to<presence_atom, presence>,
    // Room: the room of this name, in which somebody is, has become secret, or is no longer.
    caf::reacts_to<secret_atom, std::string, bool>,
    // Room: this client was invited into the room of this name.
    caf::reacts_to<invite_atom, client_id, std::string>,
    // Session: it did something that others saw; now and then.
    caf::reacts_to<tick_atom, client_id>,
    // Gateway: the session of this client has failed. Its rooms are told on its behalf.
    caf::reacts_to<gone_atom, client_id>,
    // Peer: a server operator of another node ends the connection of this client, with these words.
    caf::reacts_to<killed_atom, client_id, std::string>,
    // Peer: tell me of all clients of this node, and from now on what concerns them.
    caf::reacts_to<sync_atom, known_peer, sync_round>,
    // Peer: the node of this name is linked to this one (true), or is no more.
    caf::reacts_to<linked_atom, std::string, bool>,
    // Server: how many clients there are.
    caf::replies_to<report_atom>::with<directory_report>,
    // Server: end.
    caf::reacts_to<close_atom>>;

/// The actor that knows all rooms by name, and their sole spawner. It introduces; texts of members
/// never pass through it.
using registry_actor = caf::typed_actor<
    // Server: the directory, which is started after the registry. Rooms tell it who comes and goes.
    caf::reacts_to<arrive_atom, directory_actor>,
    // Session: bring me into a room. Answered by `joined` from the room or `refuse` from there or
    // from here.
    caf::reacts_to<join_atom, join_request>,
    // Session: send me some rooms, beginning behind this one.
    caf::reacts_to<list_atom, session_actor, std::string>,
    // Session: say this in the room of the batch, which I am not in.
    caf::reacts_to<say_atom, session_actor, event_batch, receipt>,
    // Session or directory: a request to a room that the client is not in.
    caf::reacts_to<request_atom, room_request>,
    // Room: nobody is here; this many messages that were sent by way of you have reached me so far.
    caf::reacts_to<vacant_atom, std::string, caf::actor_id, std::size_t>,
    // Room: what is told of me has changed.
    caf::reacts_to<summary_atom, caf::actor_id, room_summary>,
    // Peer: tell me which rooms there are; each will tell me what it looks like.
    caf::reacts_to<sync_atom, known_peer, sync_round>,
    // Peer: a room looks so on another node, which this author stands for; its members come
    // otherwise.
    caf::reacts_to<merge_atom, room_record_ptr, author>,
    // Peer: these texts were taken back on another node, while this one did not hear of it.
    caf::reacts_to<redact_atom, std::vector<removed_text>>,
    // Server: how many rooms there are.
    caf::replies_to<report_atom>::with<registry_report>,
    // Server: the rooms with the most members, so many of them.
    caf::replies_to<list_atom, std::size_t>::with<room_page>,
    // Server: end all rooms, then yourself.
    caf::reacts_to<close_atom>>;

/// The actor that compares passwords, in a thread of its own, since that takes long on purpose.
using authenticator_actor = caf::typed_actor<
    // Session: is this the password of this server operator? Answered by `checked`.
    caf::reacts_to<check_atom, session_actor, std::string, std::string>,
    // Itself: compare the next one.
    caf::reacts_to<tick_atom>,
    // Server: end.
    caf::reacts_to<close_atom>>;

/// The actor that keeps what happens in rooms, in a thread of its own, since a disk takes its time.
using archive_actor = caf::typed_actor<
    // Room: keep these events, of which so many readers are being told. The gateway of the receipt
    // is told `kept`, with whether that has been done, in the order of the events of a client. The
    // receipt is for nothing else.
    caf::reacts_to<keep_atom, event_batch_ptr, receipt, std::size_t>,
    // Room or session: a wish to read; what was to be kept before it is there. It is passed on to
    // the reader. The receipt takes the answer along.
    caf::reacts_to<recall_atom, history_request>,
    // Room: somebody wants to take a text back. The receipt takes a refusal along, if it is one;
    // else the room is told.
    caf::reacts_to<redact_atom, redaction>,
    // Peer: what another node has, to be kept; or a question about what is kept here, which is
    // passed on to the reader. Answered by `compare`.
    caf::reacts_to<compare_atom, comparison>,
    // Itself: write what has come.
    caf::reacts_to<tick_atom>,
    // Itself: there may be something to tidy up.
    caf::reacts_to<flush_atom>,
    // Server: how much there is, and how it went.
    caf::replies_to<report_atom>::with<archive_report>,
    // Server: write what has come, then end.
    caf::reacts_to<close_atom>>;

/// The actor that reads what was kept, in a thread of its own beside that of the archive, so that
/// nobody who writes waits for those who read.
using archive_reader_actor = caf::typed_actor<
    // Archive: answer this.
    caf::reacts_to<recall_atom, history_request>,
    // Archive: answer this, to the peer that has asked.
    caf::reacts_to<compare_atom, comparison>,
    // Itself: do the next search or comparison.
    caf::reacts_to<tick_atom>,
    // Archive: end.
    caf::reacts_to<close_atom>>;

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
  /// The archive will tell the gateway so many times whether something of the request was kept.
  std::size_t keeps = 0;
  std::string if_unkept = {};  ///< Instead of the bytes, if texts could not be kept.
  /// What follows waits until all that the client did before has been kept, or refused.
  bool settles = false;
  asking_ptr asked = nullptr;   ///< How the answer is worded; null: there is none.
  answer_ptr answer = nullptr;  ///< Filled in on the way; encoded behind the bytes.
  /// Said in the room before; comes behind all that, in the words of the protocol. Null: nothing.
  std::shared_ptr<const history_page> replay = nullptr;
  /// It was decided on another node, so nobody may refuse it here; with its stamp there, which is
  /// empty if it happens here and now. Null: it is of this node.
  std::shared_ptr<const stamp> elsewhere = nullptr;
};

/// The stamp of another node, if there is one.
inline const stamp* stamp_from_elsewhere(const receipt& reply) {
  return reply.elsewhere && !reply.elsewhere->empty() ? reply.elsewhere.get() : nullptr;
}

/// A peer, as those know it who tell it what happens.
struct known_peer {
  gateway_id id = 0;
  peer_actor actor;
  audience_ptr itself;  ///< As an audience: one key, which means nothing.
  std::string here;     ///< What this node is called.
};

/// A client of this node, as other nodes are told.
struct node_client {
  author who;
  std::int64_t nick_since_ms = 0;
};

/// Who comes into a room.
struct entry {
  session_actor session;
  author who;
  bool listens = false;            ///< Belongs to the audience.
  bool announces_members = false;  ///< What `dialect::announces_members` says of its gateway.
  std::string key = {};            ///< Of the room, as far as the client knows it.
  bool wants_view = false;         ///< The receipt takes along what the room looks like.
  bool keeps_room = false;         ///< The room stays when nobody is in it.
  // Of who comes in on another node:
  bool room_operator = false;
  bool has_voice = false;
  room_record_ptr room_there = nullptr;  ///< What the room looks like there; null: not known.
  room_actor leaves = {};                ///< The room that it leaves on the way; null: none.
  receipt reply;
};

/// The way into a room.
struct joined_room {
  room_actor room;
  std::shared_ptr<const std::string> name;
};

/// A session's wish to be in a room.
struct join_request {
  std::string room;
  join_mode mode;
  std::string from;             ///< The room that it leaves on the way; empty: none.
  bool folds_name = false;      ///< The case of A-Z does not matter: the oldest such room.
  bool protects_topic = false;  ///< If the room is made: only operators may set its topic.
  entry member;
};

/// A client that has come into a room, left it, or plays another part in it.
struct presence {
  session_actor session;
  author who;
  room_actor where;
  std::string room;  ///< The name of `where`.
  bool inside = true;
  bool room_operator = false;
  bool has_voice = false;
  bool secret = false;  ///< Of the room: whoever is not in it is not told.
};

/// Somebody wants to be known by a nick.
struct nick_claim {
  session_actor session;
  gateway_actor gateway;
  author wanted;          ///< As it would be seen; the nick is the one that is wanted,
  bool numbered = false;  ///< or a stem: if it is taken, it gets the lowest number that is free.
  /// Of a client of another node: when it claimed the nick there.
  std::int64_t since_ms = 0;
};

/// What a client can want of a room.
using room_wish =
    std::variant<set_topic, change_modes, kick, invite, ask_room, leave_room, recall, redact>;

/// A client's request to a room.
struct room_request {
  session_actor session;
  author who;
  std::string room;         ///< As the client wrote it.
  bool folds_name = false;  ///< As in `join_request`.
  room_wish what;
  author invitee = {};                          ///< Filled in by the directory, for `invite`,
  gateway_actor invitee_gateway = {};           ///< with the gateway that leads there;
  std::vector<std::string> unknown_nicks = {};  ///< and for `change_modes`, what nobody is called.
  receipt reply;
  /// Of a kick on another node: which stay of the client is meant, by the id of its join.
  message_id stay = {};
};

/// What a client can want of the directory.
using client_wish = std::variant<ask_directory, watch, kill, say_to_all>;

/// A client's request to the directory.
struct client_request {
  session_actor session;
  author who;
  std::variant<client_wish, room_request> what;  ///< A `room_request` is about other clients.
  receipt reply;
};

/// What concerns all rooms of a client, on its way from one to the next: each reader is told once,
/// however many rooms it shares with the client.
///
/// If there are several rooms, it passes through all of them twice: first, to have them let nobody
/// in until they were told; then, to tell.
struct fan_out {
  session_actor session;
  author who;                      ///< With the identity that it has from now on.
  std::optional<event> happening;  ///< Nothing: nobody is told.
  bool leaves = false;             ///< The client is no member any more.
  std::vector<room_actor> rooms;   ///< All rooms of the client.
  std::size_t passed = 0;          ///< How many of them it has reached on this way through,
  bool tells = false;              ///< which is the second one, or the only one.
  told_readers told;
  receipt reply;
  /// Of a client of another node: when it happened there, for each of the rooms; may be empty.
  std::vector<stamp> stamps = {};
};

/// Which of these rooms have texts whose last one is between two times.
struct targets_wish {
  std::vector<std::string> rooms;
  ask_targets times;
};

/// A room that has just been made wants its last texts.
struct recent_wish {
  room_actor asker;
  std::size_t count_max = 0;
};

/// A wish to read what was kept.
struct history_request {
  std::string room;  ///< Empty for `targets_wish`.
  std::variant<history_wish, targets_wish, recent_wish> what;
  receipt reply;  ///< Unused for `recent_wish`.
};

/// Somebody takes back a text.
struct redaction {
  room_actor where;
  std::string room;  ///< The name of `where`.
  author who;
  bool may_rule = false;  ///< It has the rights of an operator of the room,
  /// or has them over what was said at this time or later.
  std::int64_t rules_from_ms = std::numeric_limits<std::int64_t>::max();
  message_id which;
  std::string reason;
  receipt reply;
};

/// Which events, of those that another node has of one slot, are missing here.
struct lacking_question {
  std::vector<event_range> there;
  std::int64_t slot = 0;
};

/// What a peer wants of the archive.
struct comparison {
  peer_actor asker;
  std::uint64_t ticket = 0;  ///< Of the peer, for the answer.
  std::variant<digest_question, held_question, missing_question, lacking_question, missing_events>
      what;
};

/// Something could not be kept or read.
struct not_compared {};

/// The answer: to a question what was found, to `lacking_question` what is missing, and to what was
/// to be kept, how much of it was new.
struct comparison_result {
  std::uint64_t ticket = 0;
  std::variant<not_compared, std::vector<history_digest>, held_events, missing_events,
               std::vector<event_range>, std::uint64_t>
      what;
};

/// What the authenticator says of a password.
enum class password_check : std::uint8_t {
  right,
  wrong,
  not_compared,  ///< Too many others wait for that.
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
  std::vector<room_summary> rooms;
  bool first = false;  ///< There are none in front of them.
  bool last = false;   ///< There are no more.
};

/// How many rooms there are.
struct registry_report {
  /// By the gateway whose client made the room; gateways that made none may be missing.
  std::map<gateway_id, std::size_t> rooms;
  std::size_t vacant_kept_rooms = 0;
  std::size_t mailbox_messages = 0;
};

/// How many clients there are.
struct directory_report {
  census counts;
  std::size_t mailbox_messages = 0;
};

/// How the archive does. Counts are since the start.
struct archive_report {
  std::uint64_t events = 0;  ///< That are kept, of all times,
  std::uint64_t rooms = 0;   ///< of so many rooms,
  std::uint64_t bytes = 0;   ///< and what they take.
  std::uint64_t batches_kept = 0;
  std::uint64_t batches_unkept = 0;  ///< That could not be kept.
  histogram commit_us;               ///< Microseconds that a commit took.
  histogram commit_batches;          ///< How many batches it had.
  bool failing = false;              ///< The last attempt to keep something failed.
  std::size_t mailbox_messages = 0;
};

/// The limits that a client can run into without being cut.
enum class limit {
  connections,              ///< Refused: one connection too many for the server.
  connections_per_address,  ///< Refused: one too many from its address.
  rooms,                    ///< A join refused: it would make one room too many.
  rooms_per_client,         ///< A join refused: the client is in as many rooms as it may be in.
  name_bytes,               ///< A login or join refused: the name is too long.
  input_rate,               ///< Paused: sends too fast.
  unread_replies,           ///< Paused: sends without reading its replies.
  wrong_passwords,          ///< Refused: that was no password of a server operator.
  waiting_passwords,        ///< Refused: too many others wait to be compared.
};
inline constexpr std::size_t limit_kinds = 9;

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
  std::string listener;     ///< The name of the port, for example "irc-tls".
  std::size_t opening = 0;  ///< Connections that are not open yet, for example in a handshake.
  std::uint64_t openings_failed = 0;      ///< Not opened: the peer broke the rules,
  std::uint64_t openings_timed_out = 0;   ///< took too long,
  std::uint64_t openings_pushed_out = 0;  ///< or was the oldest of too many.
  std::int64_t certificate_ends_s = 0;    ///< When, in seconds of Unix time; 0: there is none.
};

}  // namespace confab

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::author)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::archive_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::census)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::client_id)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::client_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::credit_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::directory_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::fan_out)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::history_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::history_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::identity_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::message_id)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::nick_claim)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::presence)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::comparison)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::comparison_result)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::room_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::room_summary)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::gateway_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::registry_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::joined_room)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::known_peer)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::node_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::room_record_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<confab::node_client>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(std::vector<confab::removed_text>)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::audience_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::entry)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::event_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::event_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::join_request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::limit)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::password_check)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::receipt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::room_page)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::redaction)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::refusal)
