#include "apps/clients/common/connect.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "apps/clients/common/report.hpp"
#include "apps/clients/common/tls_handshake.hpp"
#include "io/net/layers/tls_context.hpp"
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

/// A connected, non-blocking socket, or why there is none.
struct reached {
  file_descriptor socket;
  std::string error;
};

reached reach_address(const socket_address& address) {
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

reached reach(const server_address& server) {
  auto resolved = resolve(server.host, server.port);
  if (auto* problem = std::get_if<std::string>(&resolved))
    return {{}, std::move(*problem)};
  reached result;
  for (const auto& each : std::get<std::vector<socket_address>>(resolved)) {
    result = reach_address(each);
    if (result.socket.valid())
      break;
  }
  return result;
}

connect_result connect_by_tls(const server_address& server, const tls_choice& tls) {
  auto loaded = load_tls_client(tls.trusted_file);
  if (auto* problem = std::get_if<std::string>(&loaded))
    return {std::nullopt, std::move(*problem), true};
  auto found = reach(server);
  if (!found.socket.valid())
    return {std::nullopt, std::move(found.error)};
  auto opened = shake_hands(found.socket.get(), server, tls,
                            std::get<tls_context_ptr>(std::move(loaded)), handshake_max);
  if (!opened.layer)
    return {std::nullopt, std::move(opened.error), true};
  return {connection(std::move(found.socket), std::move(opened.layer)), {}};
}

}  // namespace

connect_result connect_to(const server_address& server, const tls_choice& tls) {
  if (tls.is_wanted)
    return connect_by_tls(server, tls);
  auto found = reach(server);
  if (!found.socket.valid())
    return {std::nullopt, std::move(found.error)};
  return {connection(std::move(found.socket)), {}};
}

std::optional<connection> connect_or_report(const program_description& program,
                                            const server_address& server, const tls_choice& tls) {
  auto result = connect_to(server, tls);
  if (!result.made) {
    report(
        (result.is_about_tls ? std::string(program.name) : "cannot connect to " + name_of(server)) +
        ": " + result.error);
  }
  return std::move(result.made);
}

}  // namespace confab::client
