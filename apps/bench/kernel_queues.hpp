#pragma once

#include <cstddef>
#include <cstdint>

namespace confab::bench {

/// What the kernel holds of a server's connections on this machine.
struct kernel_queues {
  std::uint64_t bytes = 0;  ///< in the server's send queues and its local peers' receive queues
  std::size_t ending = 0;   ///< connections that the server has ended, but with output in the way
};

/// Reads the kernel's tables of sockets (/proc/net/tcp and tcp6) for the server at `port`. A table
/// that cannot be read counts as an empty one. The kernel shows no moment but one row after the
/// other, so a row may be missing, and what is under way may be seen in two queues.
kernel_queues read_kernel_queues(std::uint16_t port);

}  // namespace confab::bench
