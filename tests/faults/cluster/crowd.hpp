#pragma once

#include "tests/faults/cluster/cluster.hpp"
#include "tests/faults/cluster/run_log.hpp"
#include "tests/faults/cluster/speech.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace confab::faults {

/// The one clock of a run.
class run_clock {
 public:
  span now() const {
    return std::chrono::duration_cast<span>(std::chrono::steady_clock::now() - begun_);
  }

  /// A moment behind all that were given before.
  moment next() { return {++given_, now()}; }

 private:
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  std::uint64_t given_ = 0;
};

/// A client: where it sits, what it speaks, and how much it says.
struct seat {
  std::size_t node = 0;
  dialect speech = dialect::irc;
  span pause{100};         ///< Between two of its texts.
  std::size_t window = 0;  ///< Not 0: it says as much as it can, with so many texts unanswered.
};

/// All clients of a run. Whoever loses its connection comes again, with a new one and a new name.
/// Writes down what they say and what they are told.
class crowd {
 public:
  crowd(const cluster& servers, run_clock& clock, run_log& log, std::vector<seat> seats,
        std::size_t text_bytes);
  crowd(const crowd&) = delete;
  crowd& operator=(const crowd&) = delete;
  ~crowd();

  /// Does what is due, then waits for up to `most` until something comes.
  void step(span most);

  /// From now on nobody says anything.
  void be_silent() { speaks_ = false; }

  /// Whether everybody is in the room.
  bool all_joined() const;

 private:
  struct client {
    seat place;
    std::unique_ptr<speech> language;
    int socket = -1;
    std::uint32_t connection = 0;  ///< Its number in the log.
    bool is_connected = false;
    bool asks_again = false;
    std::string input;
    std::string output;
    span next_try{0};
    span next_text{0};
    std::deque<std::uint32_t> unanswered;
    std::unordered_map<std::uint32_t, std::size_t> guests;  ///< Who is in the room: which stay.
  };

  void act(client& who);
  void say(client& who);
  void open(client& who);
  void close(client& who);
  void finish_opening(client& who);
  void write(client& who);
  void read(client& who);
  void take_in(client& who, const told& what);
  void take_text(client& who, const told& what);
  void answer(client& who, bool accepted);
  void note_guest(client& who, const told& what);
  connection_log& log_of(const client& who) { return log_.connections[who.connection]; }

  const cluster& servers_;
  run_clock& clock_;
  run_log& log_;
  std::vector<client> clients_;
  std::size_t text_bytes_;
  bool speaks_ = true;
  std::vector<told> heard_;
};

}  // namespace confab::faults
