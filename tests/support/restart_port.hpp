#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <netinet/in.h>
#include <random>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace confab::test {

/// A port of loopback that nobody has now, for a server that is to have it again after a restart:
/// below those that the system gives to connections, one of which might have it by then.
inline std::uint16_t restart_port() {
  std::random_device random;
  std::uniform_int_distribution<int> some_port{20'000, 32'000};
  for (int tries = 0; tries < 1000; ++tries) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(some_port(random)));
    const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
    const bool is_free =
        ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(descriptor);
    if (is_free)
      return ntohs(address.sin_port);
  }
  throw std::runtime_error{"no port is free"};
}

}  // namespace confab::test
