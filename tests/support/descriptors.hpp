#pragma once

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace confab::test {

/// Throws what the system says, behind the name of the call, if the result is that of a failure.
inline void check(int result, const char* call) {
  if (result < 0)
    throw std::runtime_error(std::string(call) + ": " + std::strerror(errno));
}

/// The descriptor is -1 then.
inline void close_if_open(int& descriptor) {
  if (descriptor >= 0)
    ::close(descriptor);
  descriptor = -1;
}

}  // namespace confab::test
