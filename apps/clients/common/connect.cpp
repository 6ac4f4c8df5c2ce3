#include "apps/clients/common/connect.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/report.hpp"
#include "io/net/resolve.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <utility>
#include <variant>
#include <vector>

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
  if (wait_for({&watched, 1}, connect_milliseconds_max) == 0)
    return ETIMEDOUT;
  int error = 0;
  socklen_t length = sizeof(error);
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

connect_result connect_to_address(const socket_address& address) {
  file_descriptor socket(
      ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (!socket.valid())
    return {{}, error_text(errno)};
  int error = ::connect(socket.get(), address.get(), address.size_bytes()) == 0 ? 0 : errno;
  if (error == EINPROGRESS || error == EINTR)
    error = finish_connect(socket.get());
  if (error != 0)
    return {{}, error_text(error)};
  watch_for_vanished_server(socket.get());
  return {std::move(socket), {}};
}

}  // namespace

connect_result connect_to(const server_address& server) {
  auto resolved = resolve(server.host, server.port);
  if (auto* problem = std::get_if<std::string>(&resolved))
    return {{}, std::move(*problem)};
  connect_result result;
  for (const auto& each : std::get<std::vector<socket_address>>(resolved)) {
    result = connect_to_address(each);
    if (result.socket.valid())
      break;
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
