#include "apps/clients/common/connect.hpp"

#include "apps/clients/common/report.hpp"

#include <cerrno>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace confab::client {
namespace {

// Without it a receiver, which only listens, would not notice a server machine that vanished.
void watch_for_vanished_server(int socket) {
  constexpr int on = 1;
  constexpr int idle_seconds = 60;
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof(idle_seconds));
}

// Waits for the end of a connect that is under way: 0, or its error number.
int finish_connect(int socket) {
  pollfd watched{socket, POLLOUT, 0};
  if (wait_for({&watched, 1}, connect_milliseconds_max) == 0) {
    return ETIMEDOUT;
  }
  int error = 0;
  socklen_t length = sizeof(error);
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

connect_result connect_to_address(const addrinfo& address) {
  file_descriptor socket(::socket(
      address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
  if (!socket.valid()) {
    return {{}, std::string(error_text(errno))};
  }
  int error = ::connect(socket.get(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS || error == EINTR) {
    error = finish_connect(socket.get());
  }
  if (error != 0) {
    return {{}, std::string(error_text(error))};
  }
  watch_for_vanished_server(socket.get());
  return {std::move(socket), {}};
}

}  // namespace

connect_result connect_to(const server_address& server) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &found);
  if (error != 0) {
    return {{}, error == EAI_SYSTEM ? std::string(error_text(errno)) : ::gai_strerror(error)};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  connect_result result;
  for (const addrinfo* each = found; each != nullptr && !result.socket.valid();
       each = each->ai_next) {
    result = connect_to_address(*each);
  }
  return result;
}

file_descriptor connect_or_report(const server_address& server) {
  auto result = connect_to(server);
  if (!result.socket.valid()) {
    report("cannot connect to " + server.host + ":" + std::to_string(server.port) + ": " +
           result.error);
  }
  return std::move(result.socket);
}

}  // namespace confab::client
