#pragma once

#include "actors/model/identity.hpp"
#include "actors/model/standing.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
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
enum class meaning { log_in, join, create, leave, say, list, quit, nonsense };

/// One request of a client: a line or a frame.
struct request {
  meaning what = meaning::nonsense;
  std::string subject;  ///< The user, the room or the text; for nonsense what the language needs.
  role wanted = {};     ///< Of `log_in`.
  bool valid = true;    ///< False if what it names cannot be a name.
  bool too_long = false;
  std::size_t begins = 0;  ///< Bytes that the client sent before it,
  std::size_t ends = 0;    ///< and with it.
  moment handed = never;   ///< The gateway had read all of it.
  moment settled = never;  ///< The gateway was ready to read more after it.
};

/// One message from the server, as a client of its language understands it.
struct sight {
  enum class kind { reply, said, joined, left, garbage };
  kind what = kind::garbage;
  std::string room;    ///< Of a text, if the language tells.
  std::string author;  ///< Of a text or a notice, as shown.
  std::string body;    ///< The text, or the whole reply.
  moment when = 0;     ///< When it was in the outbound queue.
};

/// All that one connection saw and did.
struct record {
  std::size_t number = 0;
  const language* speaks = nullptr;
  gateway_id gateway = 0;
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
  std::size_t backlog_when_closed = 0;  ///< Bytes that the server dropped.
  std::size_t late_output = 0;          ///< Bytes written after the end of the output.
  bool always_read = true;              ///< Its window was never closed.
  double seconds_when_admitted = 0;     ///< Simulated time.
  double seconds_when_active = 0;       ///< Something came or went last.
  double seconds_when_ending = 0;
};

/// What the run allowed.
struct house_rules {
  std::size_t connections_max = 0;
  std::size_t backlog_bytes_max = 0;
  bool backlog_of_all_is_short = false;  ///< A connection may be cut for the sake of the others.
  std::size_t name_bytes_max = 0;
  std::size_t rooms_max = 0;
  std::size_t kept_vacant_max = 0;
  double login_deadline_seconds = 0;
  double idle_seconds_max = 0;  ///< 0: none.
};

/// Whether the server dropped the connection because it read too slowly.
inline bool was_cut(const house_rules& rules, const record& who) {
  return who.backlog_when_closed > (rules.backlog_of_all_is_short ? 0 : rules.backlog_bytes_max);
}

/// Whether a span has passed between two times, all in seconds and none of them exact.
inline bool has_passed(double span, double from, double until) {
  constexpr double rounding = 0.001;
  return until + rounding >= from + span;
}

/// A whole run.
struct history {
  house_rules rules;
  std::vector<record> clients;
  moment quiet = never;  ///< Nothing was left to do.
  double seconds_when_quiet = 0;
  bool server_shut_down = false;  ///< From then on.
};

}  // namespace confab::simulation
