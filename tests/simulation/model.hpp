#pragma once

#include "tests/simulation/history.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The reference model: what docs/SYNCHRONIZATION.md promises, applied to a run that was seen.
///
/// A request takes effect at one moment between the one when the server had read it and the one
/// when it was answered. So the model knows of each membership and of each text an interval, and
/// says what must be and what may be.
namespace confab::simulation {

/// One client in one room, once.
struct stay {
  std::size_t client = 0;
  std::string room;
  bool room_known = true;
  moment asked = never;           ///< The join may have taken effect from here,
  moment entered = never;         ///< and has from here.
  moment leaving = never;         ///< The client may be out from here,
  moment left = never;            ///< and is from here.
  std::size_t entered_sight = 0;  ///< Where the client saw the answers.
  std::size_t left_sight = static_cast<std::size_t>(-1);
  bool made = false;  ///< By a request that makes rooms which stay.
  bool has_key = false;
};

/// One text.
struct utterance {
  std::size_t client = 0;
  std::string room;
  bool room_known = true;
  std::string user;
  std::string text;
  moment asked = never;      ///< It may have been said from here,
  moment done = never;       ///< and has from here.
  moment accepted = never;   ///< The author knows that it was kept.
  bool told_unkept = false;  ///< The author was told that it was not.
};

/// A join or a listing, and what it says about which rooms there were.
struct testimony {
  enum class kind { missing, existing, run_out, listed };
  kind what = kind::missing;
  std::size_t client = 0;
  std::string rooms;  ///< One name, or a list with a newline after each.
  moment asked = never;
  moment done = never;
};

/// A nick that a client has had.
struct bearing {
  std::size_t client = 0;
  std::string nick;
  moment asked = never;   ///< The client may have it from here,
  moment taken = never;   ///< and has from here,
  moment losing = never;  ///< until here,
  moment lost = never;    ///< and may have it until here.
};

/// A change of a room's rules or of the part of a member, or that somebody is put out.
struct ruling {
  std::size_t client = 0;
  meaning what = meaning::rule;
  std::string room;
  std::string change;  ///< Of a rule.
  std::string target;
  moment asked = never;
  moment told = never;  ///< Whoever asked for it was told that it happened; never: it did not.
};

/// A text for one client.
struct private_text {
  std::size_t client = 0;
  std::string target;
  std::string mark;
  moment asked = never;
  moment done = never;
  bool refused = false;
};

/// A client has another nick, or leaves the server.
struct farewell {
  std::size_t client = 0;
  std::string nick;      ///< That it had.
  std::string new_nick;  ///< Empty: it leaves.
  moment asked = never;
  moment done = never;
};

/// A nick that a client did not get.
struct claim_refused {
  std::size_t client = 0;
  std::string nick;
  moment asked = never;
  moment done = never;
};

/// Somebody may have been invited into a room.
struct invitation {
  std::string target;
  std::string room;
  moment asked = never;
};

/// A list was full, so an entry was refused.
struct entry_refused {
  std::size_t client = 0;
  std::string room;
  std::string change;
  moment asked = never;
  moment done = never;
};

/// How many nicks were known that nobody had any more.
struct whowas_seen {
  std::size_t client = 0;
  std::size_t entries = 0;
  moment asked = never;
  moment done = never;
};

/// Who is in a room, as a client knows it in the end from what it was told.
struct roster_seen {
  std::size_t client = 0;
  std::string room;
  std::vector<std::string> nicks;  ///< Folded, in order.
};

/// What the requests of all clients amounted to.
struct account {
  std::vector<stay> stays;
  std::vector<utterance> texts;
  std::vector<testimony> testimonies;
  std::map<std::string, std::size_t, std::less<>> text_of_mark;
  std::vector<bool> logged_in;  ///< Of each client, in the end.
  std::vector<bool> listens;
  std::vector<bool> lobby_refused;  ///< It was to come into a room on its own, and that failed.
  std::vector<bool> over;           ///< The server had to end the connection.
  std::vector<std::string> users;
  // Of clients with nicks:
  std::vector<bearing> bearings;
  std::vector<ruling> rulings;
  std::vector<private_text> private_texts;
  std::vector<farewell> farewells;
  std::vector<roster_seen> rosters;
  std::vector<std::string> nicks_in_the_end;  ///< By client; empty: it has none, or is gone.
  std::vector<claim_refused> refused_claims;
  std::vector<invitation> invitations;
  std::vector<entry_refused> refused_entries;
  std::vector<whowas_seen> whowas;
};

/// What was found wrong, in words.
using findings = std::vector<std::string>;

/// A name without the case of A-Z.
std::string folded_nick(std::string nick);

/// Which text a client has seen, by its mark; nothing if what it has seen is no text. That it
/// cannot be read, or that nobody said it, is a finding, which begins with `start`.
std::optional<std::size_t> text_seen(const account& known, const sight& seen,
                                     const std::string& start, findings& found);

/// Whether this client may have had the nick. What number its nick has is not known if it speaks
/// another protocol.
bool may_have_nick(const history& run, const account& known, std::size_t client,
                   const std::string& nick);

/// The same for a client that has a nick and can be in several rooms.
void follow_nicks(const history& run, const record& who, account& known, findings& found);

/// Follows each client through its requests: exactly one reply to each, in order, with the right
/// content.
account check_replies(const history& run, findings& found);

/// Everybody gets what is for them, in time, once, and nothing else.
void check_deliveries(const history& run, const account& known, findings& found);

/// Whether a text concerns this reader, if it is in the room.
bool is_for(const account& known, const record& reader, const utterance& text);

/// All readers of a room see one order, which no request runs against.
void check_order(const history& run, const account& known, findings& found);

/// What was accepted was kept, once and in order, and nothing else; and what was said before comes
/// to those who come in, without a gap.
void check_kept(const history& run, const account& known, findings& found);
void check_replays(const history& run, const account& known, findings& found);

/// Whether the reader may have got this as one of the texts that were said before it came in.
bool may_be_replayed(const history& run, const account& known, const record& reader,
                     std::size_t sight_index, const utterance& text);

/// Notices of who joined and left are complete and fit together.
void check_notices(const history& run, const account& known, findings& found);

/// What is said about which rooms exist can be true.
void check_existence(const history& run, const account& known, findings& found);

/// Every connection ended for a reason, and nobody lost what was queued.
void check_endings(const history& run, const account& known, findings& found);

/// What the server ended gets nothing more.
void check_ends_of_output(const history& run, findings& found);

/// Nicks, rules, private texts, and what clients are told of each other.
void check_nicks(const history& run, const account& known, findings& found);
void check_rules(const history& run, const account& known, findings& found);

/// The rule forbids this text, or forbids its client to come in.
bool must_refuse(const history& run, const account& known, const ruling& rule,
                 const utterance& text);
bool must_keep_out(const history& run, const account& known, const ruling& rule, const stay& where);

void check_entries(const history& run, const account& known, findings& found);
void check_private_texts(const history& run, const account& known, findings& found);
void check_farewells(const history& run, const account& known, findings& found);
void check_rosters(const history& run, const account& known, findings& found);

/// How a roster differs from the rosters of others in the same room: "+" before who is shown too
/// much, "-" before who is missing, a blank before each. Nicks of other protocols do not count.
std::string roster_difference(const account& known, const roster_seen& seen,
                              bool (*is_of_other_protocol)(const std::string& nick));

/// What the server holds is no more than it may, and it refuses nothing before.
void check_bounds(const history& run, const account& known, findings& found);

/// Whether a client may have no answer to what the server read then: it was gone or had to go.
bool may_stay_silent(const history& run, const record& who, moment handed, bool logged_in);

/// All of it.
findings judge(const history& run);

/// Whether a client was in a room from before the first moment until after the second.
bool was_there(const stay& where, moment first, moment last);

/// "client 3 (tagged of 2022)".
std::string name_of(const record& who);

}  // namespace confab::simulation
