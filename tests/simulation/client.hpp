#pragma once

#include "tests/simulation/dice.hpp"
#include "tests/simulation/history.hpp"
#include "tests/simulation/language.hpp"
#include "tests/support/simulated_network.hpp"

#include <cstddef>
#include <string>
#include <vector>

/// Clients that do whatever a client can do.
namespace confab::simulation {

/// What a client does that stays in one room; see `pressure.hpp`.
struct habit {
  std::string room;             ///< Empty: the client has no such habit.
  bool founds_room = false;     ///< Makes it, where that is another request than to enter it.
  bool enters_by_name = false;  ///< Is in it as soon as it has said its name.
  std::size_t texts_max = 0;    ///< Says so much there, and then nothing.
  std::size_t text_bytes_max = 0;
  std::size_t window_bytes_max = 500;  ///< Takes no more than this when it has stopped reading.
};

/// How a client behaves. Percentages are chances for each time that it acts.
struct temper {
  role wanted = {};               ///< What it logs in as, where one can choose.
  bool patient = false;           ///< Waits for the outcome before it sends the next request.
  std::size_t burst_max = 1;      ///< Requests that it has ready at once.
  std::size_t piece_percent = 0;  ///< Sends a part of what it has ready.
  std::size_t stall_percent = 0;  ///< Stops reading, or reads on.
  std::size_t end_percent = 0;    ///< Ends, one way or another.
  std::size_t say_percent = 60;   ///< Of its requests in a room.
  bool never_reads = false;
  bool lingers = false;     ///< Never closes its side.
  bool wants_more = false;  ///< Asks for all that its protocol has.
  bool silent = false;      ///< Never sends a whole request.
  bool comes_back = false;  ///< At once, when it was put out of a room.
  habit stays = {};
};

/// A temper at random.
temper random_temper(dice& random);

/// One client and its connection.
class client {
 public:
  client(std::size_t number, gateway_id gateway, const language& speaks, temper mood,
         std::vector<std::string> rooms, test::simulated_link_ptr wire, dice& random);

  /// Does one thing. Returns what, for people; empty if it had nothing to do.
  std::string act(dice& random);

  /// It has a habit: asks for all that brings it into its room, at once.
  void settle(dice& random);
  /// It has a habit, and nothing is left to ask for to come into its room.
  bool settled() const { return named_ && (joined_ || mood_.stays.enters_by_name); }
  /// It has a habit, and it is in its room: begins to read as badly as it does.
  void indulge();

  /// Reads all that it gets from now on.
  void read_all();
  /// Sends all that it has ready.
  void send_all();
  /// Goes away: in good order, by its last byte, or without a word.
  void leave(dice& random);
  /// Goes away without a word.
  void reset();
  /// Takes only a part of what it is given at a time, as the peer of a busy network does.
  void takes_little_at_once(std::size_t bytes);

  /// Asks for one thing more, if it still asks for things: to say something, as far as it can.
  void speak(dice& random);

  /// Looks what the last step has changed.
  void observe(moment now, double seconds);

  const record& seen() const { return record_; }
  record& seen() { return record_; }
  const std::string& user() const { return user_; }
  bool open() const { return !wire_->closed(); }
  test::simulated_link& wire() { return *wire_; }

 private:
  std::string end(dice& random);
  std::string stall(dice& random);
  void read_no_more();
  std::string send(dice& random);
  bool may_ask() const;
  void think(dice& random);
  void ask(meaning wish, dice& random);
  meaning next_wish(dice& random) const;
  std::string make_text(meaning wish, dice& random);
  const std::string& next_room(meaning wish, dice& random) const;
  void meet(const std::string& name);
  void note_written(moment now, double seconds);
  void note_handed(moment now, double seconds);
  void note_torn(std::size_t handed, moment now);
  void note_kick(const sight& seen);
  void note_ending(moment now, double seconds);

  const language& speaks_;
  temper mood_;
  std::vector<std::string> rooms_;
  std::string user_;
  test::simulated_link_ptr wire_;
  record record_;
  std::string unsent_;
  std::size_t composed_ = 0;  ///< Bytes of all requests.
  std::size_t sent_ = 0;      ///< Bytes that were given to the network.
  std::size_t received_ = 0;  ///< Bytes that it has got.
  std::size_t parsed_ = 0;    ///< Bytes of the server's output that were looked at,
  std::string unparsed_;      ///< and the last of them that are no whole message yet.
  std::size_t handed_requests_ = 0;
  std::size_t settled_requests_ = 0;
  std::size_t texts_ = 0;         ///< That it said,
  std::size_t wishes_ = 0;        ///< and what else it asked for, if it has a habit.
  std::vector<std::string> met_;  ///< Whom it has seen lately.
  meaning latest_wish_ = {};
  std::string latest_room_;  ///< That it asked to come into.
  bool was_ruled_ = false;   ///< Asked to come in where operators rule.
  bool rules_ = false;       ///< Is an operator where operators rule.
  bool named_ = false;
  bool joined_ = false;
  bool done_ = false;   ///< Sends nothing more.
  bool ended_ = false;  ///< Has said so.
  bool reset_ = false;  ///< Is gone.
  bool reads_ = true;
  bool stalled_ = false;    ///< At any time; also if it took little at once.
  std::size_t inputs_ = 0;  ///< How often the gateway was handed bytes.
  std::string put_out_of_;  ///< The room to which it has not come back yet.
};

}  // namespace confab::simulation
