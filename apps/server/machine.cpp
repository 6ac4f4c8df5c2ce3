#include "apps/server/machine.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

namespace confab::server {

namespace {

/// Standard streams, epoll, the loop's pipe, listeners, the doormen's spares, the admin port, and
/// connections that were refused and still hear why: fewer than this.
constexpr std::size_t own_descriptors = 24;

/// With no limit at all, this is enough for any machine that we know.
constexpr rlim_t unlimited_stand_in = 1U << 20U;

/// As much of the memory as output may take that waits for readers.
constexpr std::size_t backlog_memory_divisor = 4;

std::size_t connections_possible() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 1024 - own_descriptors;
  const rlimit raised{limit.rlim_max, limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0)
    limit = raised;
  const auto descriptors =
      static_cast<std::size_t>(std::min<rlim_t>(limit.rlim_cur, unlimited_stand_in));
  return descriptors > own_descriptors ? descriptors - own_descriptors : 1;
}

/// The smallest of: the machine's memory, the limit of the address space, the control group's.
std::size_t memory_bytes() {
  auto bytes = static_cast<std::size_t>(::sysconf(_SC_PHYS_PAGES)) *
               static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    bytes = std::min<std::size_t>(bytes, limit.rlim_cur);
  std::ifstream group{"/sys/fs/cgroup/memory.max"};
  if (std::size_t group_bytes = 0; group >> group_bytes)  // The word "max" is no number.
    bytes = std::min(bytes, group_bytes);
  return bytes;
}

}  // namespace

void fit_limits_to_machine(options& chosen) {
  const auto possible = connections_possible();
  if (chosen.quota.connections_max == 0)
    chosen.quota.connections_max = possible;
  if (chosen.quota.connections_per_address_max == 0)
    chosen.quota.connections_per_address_max = chosen.quota.connections_max;
  if (chosen.quota.backlog_bytes_max == 0)
    chosen.quota.backlog_bytes_max = memory_bytes() / backlog_memory_divisor;
  chosen.quota.gateways = chosen.listeners.size();
}

}  // namespace confab::server
