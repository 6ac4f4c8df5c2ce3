#pragma once

#include "tests/faults/cluster/cluster.hpp"
#include "tests/faults/cluster/run_log.hpp"

#include <array>
#include <cstddef>
#include <set>
#include <string>
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

  /// Whether all of them have come into the room.
  bool have_come() const;

  /// The texts that the one of this node has read.
  std::set<text_id> logbook(std::size_t node) const;

 private:
  std::string log_of(std::size_t node) const;

  std::string folder_;
  std::array<pid_t, nodes> programs_{};
};

}  // namespace confab::faults
