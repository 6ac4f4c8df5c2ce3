#include "apps/bench/connector.hpp"

#include "apps/bench/failure.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

namespace confab::bench {
namespace {

constexpr std::uint32_t source_max = 200;

void switch_on(int descriptor, int level, int option) {
  const int on = 1;
  setsockopt(descriptor, level, option, &on, sizeof on);
}

/// Must come before connect(): the peer learns the segment's size when it accepts.
void keep_buffers_small(int descriptor) {
  const int receive_bytes = 4096;
  const int segment_bytes = 1400;
  setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
  setsockopt(descriptor, IPPROTO_TCP, TCP_MAXSEG, &segment_bytes, sizeof segment_bytes);
}

}  // namespace

socket_address resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0)
    throw failure("--host " + host + ": " + gai_strerror(error));
  socket_address address;
  address.size = found->ai_addrlen;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

bool connector::is_loopback4() const {
  if (server_.storage.ss_family != AF_INET)
    return false;
  sockaddr_in address{};
  std::memcpy(&address, &server_.storage, sizeof address);
  return (ntohl(address.sin_addr.s_addr) >> IN_CLASSA_NSHIFT) == IN_LOOPBACKNET;
}

void connector::bind_source(int descriptor) const {
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source_);
  switch_on(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  if (bind(descriptor, reinterpret_cast<const sockaddr*>(&source), sizeof source) != 0) {
    const std::string reason = std::strerror(errno);
    close(descriptor);
    throw failure("cannot bind to a further loopback address: " + reason);
  }
}

int connector::start(socket_buffers buffers) {
  for (;;) {
    const int descriptor =
        socket(server_.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
      throw failure(std::string("cannot open a socket: ") + std::strerror(errno));
    switch_on(descriptor, IPPROTO_TCP, TCP_NODELAY);
    if (buffers == socket_buffers::small)
      keep_buffers_small(descriptor);
    if (source_ > 0)
      bind_source(descriptor);
    if (connect(descriptor, reinterpret_cast<const sockaddr*>(&server_.storage), server_.size) ==
            0 ||
        errno == EINPROGRESS)
      return descriptor;
    const int error = errno;
    close(descriptor);
    if (error != EADDRNOTAVAIL || !is_loopback4() || source_ >= source_max)
      throw failure(std::string("cannot connect: ") + std::strerror(error));
    ++source_;  // this address has no port left
  }
}

}  // namespace confab::bench
