#pragma once

#include "actors/model/identity.hpp"
#include "actors/model/standing.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// What can be seen of one simulated run from outside the server: the only thing that the model
/// judges.
namespace confab::simulation {

class language;

/// Counts the steps of a run. In one step one actor handles messages, or the network, a client or
/// the clock does one thing.
using moment = std::uint64_t;

/// Later than everything.
inline constexpr moment never = std::numeric_limits<moment>::max();

/// What a client had in mind. What it amounts to depends on what the client did before.
enum class meaning {
  log_in,
  join,
  create,
  leave,
  say,
  list,
  quit,
  nonsense,
  // Only where rooms have rules and clients have nicks:
  tell,
  rename,
  rule,
  kick,
  invite,
  topic,
  names,
  was,      ///< Who had a nick.
  watch,    ///< Wants to be told, or no more, when somebody comes and goes,
  watched,  ///< and whom of them.
  invited,  ///< Where it was invited to.
  entries,  ///< Who may not come in.
  sync,     ///< Is answered when all before it was.
};

/// One request of a client: a line or a frame.
struct request {
  meaning what = meaning::nonsense;
  std::string subject;    ///< The user, the room or the text; for nonsense what the language needs.
  role wanted = {};       ///< Of `log_in`.
  std::string room = {};  ///< Where a client can be in several rooms: the one that is meant.
  std::string target = {};  ///< The nick of somebody else whom it is about.
  std::string label = {};   ///< That its answer is to have; empty: none.
  bool valid = true;        ///< False if what it names cannot be a name.
  bool too_long = false;
  std::size_t begins = 0;  ///< Bytes that the client sent before it,
  std::size_t ends = 0;    ///< and with it.
  moment handed = never;   ///< The gateway had read all of it.
  moment settled = never;  ///< The gateway was ready to read more after it.
};

/// One message from the server, as a client of its language understands it.
struct sight {
  enum class kind {
    reply,
    said,
    joined,
    left,
    happened,  ///< Anything else that somebody did; `body` is the whole message.
    told,      ///< A private text; `room` is the nick that it is for.
    garbage,
  };
  kind what = kind::garbage;
  std::string room;        ///< Of a text, if the language tells.
  std::string author;      ///< Of a text, a notice or what happened, as shown.
  std::string body;        ///< The text, or the whole reply.
  moment when = 0;         ///< When it was in the outbound queue.
  std::string label = {};  ///< Of the request that it answers, if the protocol tells.
};

/// All that one connection saw and did.
struct record {
  std::size_t number = 0;
  const language* speaks = nullptr;
  bool hears_itself = false;  ///< Has asked for what it says itself.
  gateway_id gateway = 0;
  std::size_t node = 0;  ///< Where it is connected.
  std::vector<request> requests;
  std::vector<sight> sights;
  moment connected = 0;
  moment admitted = never;     ///< The gateway was ready to read; never: it was one too many.
  std::size_t torn = 0;        ///< The last request of which the gateway had read a part only.
  moment torn_since = never;   ///< When it had read the first byte of it.
  moment input_ended = never;  ///< The gateway had been told that the client sends no more.
  moment hung_up = never;      ///< The client was gone, from its own side.
  moment ending = never;       ///< The gateway had begun to end it,
  moment closed = never;       ///< and both directions were closed.
  moment node_ends = never;    ///< Its node was told to end in order,
  moment node_killed = never;  ///< or was gone without a word.
  std::size_t backlog_when_closed = 0;  ///< Bytes that the server dropped.
  std::size_t late_output = 0;          ///< Bytes written after the end of the output.
  bool always_read = true;              ///< Its window was never closed.
  double seconds_when_admitted = 0;     ///< Simulated time.
  double seconds_when_active = 0;       ///< Something came or went last.
  double seconds_when_heard = 0;        ///< Something came last.
  double seconds_when_ending = 0;
};

/// A text that the archive tried to keep.
struct keeping {
  std::string room;
  std::string mark;
  std::string text;
  client_id author;
  std::size_t transaction = 0;  ///< The number of the attempt, which may be about several batches,
  std::size_t batch = 0;        ///< and of the batch.
  bool kept = false;
  moment when = never;
};

/// A text that the storage holds.
struct held_text {
  std::string room;
  std::string text;
};

/// An event that a history holds, or that a text was taken back, as one can ask for it.
struct held_event {
  std::string room;  ///< Without the case of A-Z, which nodes need not agree on.
  std::string id;
  std::int64_t time_ms = 0;
  std::string what;
};

/// What the storage was asked for, as it knows itself.
struct archive_seen {
  std::vector<keeping> tried;        ///< In this order, which is that of each room,
  std::set<std::string> unkept;      ///< marks of what could not be kept,
  std::vector<held_text> held;       ///< and what it holds in the end, oldest first.
  std::set<std::string> taken_back;  ///< Marks of texts that somebody took back here.
  std::size_t replay_texts = 0;      ///< That whoever comes in gets.
  std::size_t unconfirmed_batches_max = 0;
  bool reads_may_fail = false;
};

/// What the run allowed.
struct house_rules {
  std::size_t connections_max = 0;
  std::size_t backlog_bytes_max = 0;
  bool backlog_of_all_is_short = false;  ///< A connection may be cut for the sake of the others.
  std::size_t name_bytes_max = 0;
  std::size_t rooms_max = 0;
  std::size_t kept_vacant_max = 0;
  std::size_t rooms_each_max = 0;    ///< That one client may be in.
  std::size_t list_entries_max = 0;  ///< Of one room.
  std::size_t watched_nicks_each_max = 0;
  std::size_t invitations_each_max = 0;  ///< That one client is told.
  std::size_t whowas_entries_max = 0;
  double login_deadline_seconds = 0;
  double idle_seconds_max = 0;                            ///< 0: none.
  std::shared_ptr<const archive_seen> archive = nullptr;  ///< Null: nothing was kept.

  /// Whether this text could not be kept.
  bool is_unkept(std::string_view mark) const {
    return archive && archive->unkept.contains(std::string{mark});
  }
};

/// Whether the last words to a client were that it reads too slowly, and that can be.
inline bool was_told_of_cut(const house_rules& rules, const record& who) {
  if (who.sights.empty() || who.sights.back().what != sight::kind::reply)
    return false;
  const auto& last = who.sights.back().body;
  constexpr std::size_t never_short = 1'000'000;
  return (last.ends_with("[SendQ exceeded]") && rules.backlog_bytes_max < never_short) ||
         (last.ends_with("[Server is out of memory for output]") && rules.backlog_of_all_is_short);
}

/// Whether the server dropped the connection because it read too slowly.
inline bool was_cut(const house_rules& rules, const record& who) {
  return was_told_of_cut(rules, who) ||
         who.backlog_when_closed > (rules.backlog_of_all_is_short ? 0 : rules.backlog_bytes_max);
}

/// Whether a span has passed between two times, all in seconds and none of them exact.
inline bool has_passed(double span, double from, double until) {
  constexpr double rounding = 0.001;
  return until + rounding >= from + span;
}

/// From one moment on, and until another one, one node has told another one of all that its clients
/// did. Both moments are on the safe side: the span is no longer than it was.
struct telling {
  std::size_t from = 0;
  std::size_t to = 0;
  moment since = never;
  moment until = never;
};

/// What somebody who asked each node was told in the end; in words that are to be the same.
struct node_view {
  std::size_t node = 0;
  std::set<std::string> lines;
};

/// The history of one node.
struct node_archive {
  archive_seen seen;
  std::vector<held_event> contents;  ///< In the end, when histories have had time to converge.
  bool stayed_full = false;          ///< Its disk had no room to the end.
};

/// What is known of a run with several nodes beside what clients saw.
struct nodes_seen {
  std::size_t count = 1;
  std::vector<std::string> names;
  std::vector<telling> tellings;
  std::vector<node_view> views;
  moment healed = never;             ///< All nodes were joined again, and everything had come.
  std::size_t stand_ins_at_end = 0;  ///< When all was quiet.
  std::vector<std::optional<node_archive>> archives;  ///< Of each node; nothing: it keeps nothing.
};

/// A whole run.
struct history {
  house_rules rules;
  std::vector<record> clients;
  nodes_seen nodes = {};
  moment quiet = never;  ///< Nothing was left to do.
  double seconds_when_quiet = 0;
  bool server_shut_down = false;  ///< From then on.
};

}  // namespace confab::simulation
