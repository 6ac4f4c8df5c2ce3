#pragma once

#include <chrono>

/// How long TCP waits for a peer that says nothing.
namespace confab {

/// Finds peers that vanished without a word. 0 leaves a setting to the operating system.
struct tcp_settings {
  /// A connection that is silent for so long is probed; one that does not answer six probes, each a
  /// sixth of this later, is dead.
  std::chrono::seconds keepalive{60};
  /// A connection whose peer acknowledges nothing of what was sent for so long is dead. Off by
  /// default: a peer that reads very slowly would count as dead too.
  std::chrono::seconds user_timeout{0};
};

}  // namespace confab
