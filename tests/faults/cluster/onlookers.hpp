#pragma once

#include "tests/faults/cluster/cluster.hpp"
#include "tests/faults/cluster/crowd.hpp"
#include "tests/faults/cluster/run_log.hpp"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace confab::faults {

/// An irssi on each node, which is in the room, writes down what it reads, and comes again by
/// itself when it loses its connection.
class onlookers {
 public:
  /// Whether irssi is installed, and what gives it a terminal.
  static bool can_be_there();

  onlookers(const cluster& servers, const std::string& folder);
  onlookers(const onlookers&) = delete;
  onlookers& operator=(const onlookers&) = delete;
  ~onlookers();

  /// Notes what they have written down since the last time.
  void note(run_clock& clock, run_log& log);

  /// Whether all of them have come into the room.
  bool have_come() const;

 private:
  /// What is known of the one of a node.
  struct onlooker {
    pid_t program = -1;
    std::size_t read_bytes = 0;        ///< Of its log.
    std::optional<std::size_t> visit;  ///< In the log of the run; nothing: it has never come.
  };

  std::string log_of(std::size_t node) const;
  void note_line(std::size_t node, std::string_view line, run_clock& clock, run_log& log);

  std::string folder_;
  std::array<onlooker, nodes> all_;
};

}  // namespace confab::faults
