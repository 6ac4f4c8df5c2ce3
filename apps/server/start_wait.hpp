#pragma once

#include "actors/cluster/link_report.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// How long a node that starts keeps clients out.
namespace confab::server {

/// What bounds the wait.
struct start_wait_limits {
  /// A node from which nothing has come for so long is not waited for: it is down, or out of reach.
  /// One that is there is dialled every two seconds at least.
  std::chrono::milliseconds silence{3000};
  /// However much there is to catch up.
  std::chrono::milliseconds most{15'000};
};

/// A node of a cluster lets clients in when it knows what was said while it was away. A client that
/// came sooner would be shown a history with a hole, and would sit in a room in which nobody on
/// other nodes sees it (docs/decisions/0036-a-node-catches-up-before-clients-come.md).
///
/// Knows no actor and no clock.
class start_wait {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Waits for these nodes.
  start_wait(const std::vector<std::string>& nodes, time_point now, start_wait_limits limits = {});

  /// Whether clients are to be kept out. `links`: those to the nodes, as they are now; of one that
  /// is not among them there is no news.
  bool goes_on(const std::vector<link_report>& links, time_point now);

  /// With what this node has not caught up, in words for its log. Nothing: with none of all.
  std::optional<std::string> complaint() const;

 private:
  struct other_node {
    link_report last;
    time_point changed;  ///< When something came from it, or its link was made or lost.
    bool has_caught_up = false;
  };

  bool waits_for(const other_node& other, time_point now) const;

  time_point begun_;
  start_wait_limits limits_;
  std::map<std::string, other_node> others_;
};

}  // namespace confab::server
