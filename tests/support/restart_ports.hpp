#pragma once

#include <arpa/inet.h>
#include <cstddef>
#include <cstdint>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace confab::test {

/// So many ports of loopback that nobody has now, for servers that are to have them again after a
/// restart: below those that the system gives to connections, one of which might have one by then.
/// Processes that run at the same time get different ones, since one may look while the server of
/// another one is away. Each call of a process gives the same ports, if they are free.
inline std::vector<std::uint16_t> restart_ports(std::size_t count) {
  constexpr std::size_t first_port = 20'000;
  constexpr std::size_t ports = 12'000;
  constexpr std::size_t ports_of_process = 16;
  const auto start = static_cast<std::size_t>(::getpid()) * ports_of_process;
  std::vector<std::uint16_t> result;
  for (std::size_t tries = 0; tries < ports && result.size() < count; ++tries) {
    const auto port = static_cast<std::uint16_t>(first_port + (start + tries) % ports);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      result.push_back(port);
    ::close(descriptor);
  }
  if (result.size() < count)
    throw std::runtime_error{"no port is free"};
  return result;
}

}  // namespace confab::test
