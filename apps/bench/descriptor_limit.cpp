#include "apps/bench/descriptor_limit.hpp"

#include "apps/bench/failure.hpp"

#include <string>
#include <sys/resource.h>

namespace confab::bench {
namespace {

constexpr std::size_t own_descriptors = 32;  // standard streams, epoll, /proc, libraries

}  // namespace

void raise_descriptor_limit(std::size_t connections) {
  const rlim_t wanted = connections + own_descriptors;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < wanted) {
    const rlimit higher{wanted, wanted};  // only root may
    if (setrlimit(RLIMIT_NOFILE, &higher) == 0)
      return;
  }
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < wanted) {
    throw failure(std::to_string(connections) + " connections need " + std::to_string(wanted) +
                  " descriptors; the limit is " + std::to_string(limit.rlim_max) + " (ulimit -Hn)");
  }
}

}  // namespace confab::bench
