#include "apps/clients/common/descriptor_io.hpp"

#include <cerrno>
#include <unistd.h>

namespace confab::client {

int wait_for(std::span<pollfd> watched, int milliseconds) {
  for (;;) {
    for (auto& entry : watched)
      entry.revents = 0;
    const int ready = ::poll(watched.data(), watched.size(), milliseconds);
    if (ready >= 0 || errno != EINTR)
      return ready;
  }
}

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      pollfd watched{descriptor, POLLOUT, 0};
      wait_for({&watched, 1});
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace confab::client
