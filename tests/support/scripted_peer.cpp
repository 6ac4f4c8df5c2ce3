#include "tests/support/scripted_peer.hpp"

#include "tests/support/descriptors.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace confab::test {
namespace {

bool ready(int descriptor, short events, const deadline& end) {
  pollfd watched{descriptor, events, 0};
  constexpr int poll_milliseconds_max = 1000;
  do {
    if (::poll(&watched, 1, end.poll_milliseconds(poll_milliseconds_max)) > 0)
      return true;
  } while (!end.passed());
  return false;
}

// Binds to a free loopback port, which it returns.
std::uint16_t bind_to_loopback(int socket, family which) {
  sockaddr_storage address{};
  socklen_t length = sizeof(sockaddr_in);
  if (which == family::ipv4) {
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::memcpy(&address, &local, sizeof(local));
  } else {
    sockaddr_in6 local{};
    local.sin6_family = AF_INET6;
    local.sin6_addr = in6addr_loopback;
    length = sizeof(local);
    std::memcpy(&address, &local, sizeof(local));
  }
  check(::bind(socket, reinterpret_cast<sockaddr*>(&address), length), "bind");
  check(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  sockaddr_in bound{};  // the port is at one place in both kinds of address
  std::memcpy(&bound, &address, sizeof(bound));
  return ntohs(bound.sin_port);
}

int make_socket(family which) {
  const int made =
      ::socket(which == family::ipv4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(made, "socket");
  return made;
}

}  // namespace

scripted_peer::scripted_peer(family which) : listener_(make_socket(which)) {
  port_ = bind_to_loopback(listener_, which);
  constexpr int waiting_connections_max = 8;
  check(::listen(listener_, waiting_connections_max), "listen");
}

scripted_peer::~scripted_peer() {
  close();
  close_if_open(listener_);
}

bool scripted_peer::accept(std::chrono::milliseconds span) {
  close();
  received_.clear();
  searched_ = 0;
  ended_ = false;
  if (!ready(listener_, POLLIN, deadline(span)))
    return false;
  connection_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  check(connection_, "accept");
  return true;
}

void scripted_peer::send(std::string_view bytes) {
  const deadline end(waiting_span);
  while (!bytes.empty()) {
    if (!ready(connection_, POLLOUT, end))
      throw std::runtime_error("scripted_peer: the client takes no bytes");
    const ssize_t count =
        ::send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
      continue;
    check(static_cast<int>(count), "send");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

bool scripted_peer::read_until(std::string_view text, std::chrono::milliseconds span) {
  const deadline end(span);
  for (;;) {
    const auto found = received_.find(text, searched_);
    if (found != std::string::npos) {
      searched_ = found + text.size();
      return true;
    }
    if (!receive(end))
      return false;
  }
}

bool scripted_peer::read_to_end(std::chrono::milliseconds span) {
  const deadline end(span);
  while (receive(end)) {
  }
  return ended_;
}

// One read; false at the end of the stream and at the deadline.
bool scripted_peer::receive(const deadline& end) {
  if (ended_ || !ready(connection_, POLLIN, end))
    return false;
  std::array<char, 65536> buffer{};
  const ssize_t count = ::recv(connection_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR))
    return true;
  if (count <= 0) {
    ended_ = true;
    return false;
  }
  received_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

void scripted_peer::end_sending() {
  check(::shutdown(connection_, SHUT_WR), "shutdown");
}

void scripted_peer::close() {
  close_if_open(connection_);
}

void scripted_peer::reset() {
  const linger at_once{1, 0};
  check(::setsockopt(connection_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)), "setsockopt");
  close();
}

refusing_port::refusing_port() : socket_(make_socket(family::ipv4)) {
  port_ = bind_to_loopback(socket_, family::ipv4);
}

refusing_port::~refusing_port() {
  close_if_open(socket_);
}

}  // namespace confab::test
