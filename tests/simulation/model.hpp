#pragma once

#include "tests/simulation/history.hpp"

#include <cstddef>
#include <map>
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
};

/// One text.
struct utterance {
  std::size_t client = 0;
  std::string room;
  bool room_known = true;
  std::string user;
  std::string text;
  moment asked = never;  ///< It may have been said from here,
  moment done = never;   ///< and has from here.
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
};

/// What was found wrong, in words.
using findings = std::vector<std::string>;

/// Follows each client through its requests: exactly one reply to each, in order, with the right
/// content.
account check_replies(const history& run, findings& found);

/// Everybody gets what is for them, in time, once, and nothing else.
void check_deliveries(const history& run, const account& known, findings& found);

/// All readers of a room see one order, which no request runs against.
void check_order(const history& run, const account& known, findings& found);

/// Notices of who joined and left are complete and fit together.
void check_notices(const history& run, const account& known, findings& found);

/// What is said about which rooms exist can be true.
void check_existence(const history& run, const account& known, findings& found);

/// Every connection ended for a reason, and nobody lost what was queued.
void check_endings(const history& run, const account& known, findings& found);

/// What the server ended gets nothing more.
void check_ends_of_output(const history& run, findings& found);

/// All of it.
findings judge(const history& run);

/// Whether a client was in a room from before the first moment until after the second.
bool was_there(const stay& where, moment first, moment last);

/// "client 3 (tagged of 2022)".
std::string name_of(const record& who);

}  // namespace confab::simulation
