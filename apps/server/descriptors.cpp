#include "apps/server/descriptors.hpp"

#include <algorithm>
#include <sys/resource.h>

namespace confab::server {

namespace {

/// Standard streams, epoll, the loop's pipe, listeners, the doormen's spares, a log file, the
/// name service: fewer than this.
constexpr std::size_t own_descriptors = 24;

/// With no limit at all, this is enough for any machine that we know.
constexpr rlim_t unlimited_stand_in = 1U << 20U;

}  // namespace

std::size_t raise_descriptor_limit() {
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

}  // namespace confab::server
