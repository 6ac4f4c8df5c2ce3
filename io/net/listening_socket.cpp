#include "io/net/listening_socket.hpp"

#include <cerrno>
#include <sys/socket.h>
#include <utility>

namespace confab {

namespace {

/// A port that the system chose for the first address may be taken on the next one, so it is asked
/// again: this often, which is not enough only if nearly all ports are taken.
constexpr int free_port_attempts_max = 32;

/// Who else may listen on the same port.
enum class sharing {
  nobody,
  later_ones,    ///< Sockets that are opened later; nobody has listened there before.
  earlier_ones,  ///< It is such a later one.
};

/// How a socket is opened.
struct manner {
  sharing with = sharing::nobody;
  listening_begins begins = listening_begins::at_once;
};

/// What came of an attempt to listen.
struct attempt {
  listening_sockets opened;
  int error_number = 0;  ///< 0: everything is open.
};

bool machine_lacks_address(int error_number) {
  return error_number == EADDRNOTAVAIL || error_number == EAFNOSUPPORT;
}

int error_of_last_call(int result) {
  return result == 0 ? 0 : errno;
}

/// The port that a bound socket has got.
std::uint16_t port_of(const file_descriptor& socket) {
  sockaddr_storage name{};
  socklen_t size_bytes = sizeof name;
  auto* generic = reinterpret_cast<sockaddr*>(&name);
  if (::getsockname(socket.get(), generic, &size_bytes) != 0)
    return 0;
  return socket_address{generic, size_bytes}.port();
}

/// Linux looks at this when a socket is bound: at the new one, and at those that are there already.
/// So the first of several gets it after that, and is refused a port that somebody else has.
void let_share(const file_descriptor& socket) {
  constexpr int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes);
}

/// Adds a socket that listens on `where` to `opened`. Returns 0, or the number of the error.
int add_socket(const socket_address& where, manner how, listening_sockets& opened) {
  file_descriptor socket{
      ::socket(where.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP)};
  if (!socket.valid())
    return errno;
  constexpr int yes = 1;
  constexpr int no = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (where.family() == AF_INET6)  // One socket for both families when the address is `::`.
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (how.with == sharing::earlier_ones)
    let_share(socket);
  if (const auto error = error_of_last_call(::bind(socket.get(), where.get(), where.size_bytes())))
    return error;
  if (how.with == sharing::later_ones)
    let_share(socket);
  if (how.begins == listening_begins::at_once)
    if (const auto error = error_of_last_call(::listen(socket.get(), SOMAXCONN)))
      return error;
  opened.port = port_of(socket);
  opened.descriptors.push_back(std::move(socket));
  return 0;
}

/// Listens on all of `addresses` that this machine has, with one port.
attempt try_to_listen(const std::vector<socket_address>& addresses, std::uint16_t port,
                      manner how) {
  attempt result;
  int lacking = EADDRNOTAVAIL;  // The answer if there is no address at all.
  result.opened.port = port;
  for (auto where : addresses) {
    where.set_port(result.opened.port);
    const int error = add_socket(where, how, result.opened);
    if (machine_lacks_address(error)) {
      lacking = error;
    } else if (error != 0) {
      result.error_number = error;
      return result;
    }
  }
  if (result.opened.descriptors.empty())
    result.error_number = lacking;
  return result;
}

attempt listen_on(const std::vector<socket_address>& addresses, std::uint16_t port,
                  manner how = {}) {
  auto result = try_to_listen(addresses, port, how);
  for (int attempts = 1;
       port == 0 && result.error_number == EADDRINUSE && attempts < free_port_attempts_max;
       ++attempts)
    result = try_to_listen(addresses, port, how);
  return result;
}

std::variant<listening_sockets, std::string> outcome_of(attempt made) {
  if (made.error_number != 0)
    return error_text(made.error_number);
  return std::move(made.opened);
}

std::variant<listening_sockets, std::string> listen_everywhere(std::uint16_t port, manner how) {
  auto both_families = listen_on({socket_address::any_ipv6()}, port, how);
  if (!machine_lacks_address(both_families.error_number))
    return outcome_of(std::move(both_families));
  return outcome_of(listen_on({socket_address::any_ipv4()}, port, how));
}

std::variant<listening_sockets, std::string> listen(const std::string& address, std::uint16_t port,
                                                    manner how) {
  if (address.empty())
    return listen_everywhere(port, how);
  auto resolved = resolve(address, port);
  if (auto* problem = std::get_if<std::string>(&resolved))
    return std::move(*problem);
  return outcome_of(listen_on(std::get<std::vector<socket_address>>(resolved), port, how));
}

}  // namespace

std::variant<listening_sockets, std::string> open_listening_sockets(const std::string& address,
                                                                    std::uint16_t port) {
  return listen(address, port, {});
}

std::variant<listening_sockets, std::string> open_listening_sockets(
    const std::vector<socket_address>& addresses, std::uint16_t port) {
  return outcome_of(listen_on(addresses, port));
}

std::variant<std::vector<listening_sockets>, std::string> open_shared_listening_sockets(
    const std::string& address, std::uint16_t port, std::size_t count, listening_begins begins) {
  std::vector<listening_sockets> result;
  auto with = count > 1 ? sharing::later_ones : sharing::nobody;
  while (result.size() < count) {
    auto outcome = listen(address, port, {with, begins});
    if (auto* problem = std::get_if<std::string>(&outcome))
      return std::move(*problem);
    result.push_back(std::get<listening_sockets>(std::move(outcome)));
    port = result.front().port;
    with = sharing::earlier_ones;
  }
  return result;
}

std::optional<std::string> begin_to_listen(const listening_sockets& opened) {
  for (const auto& each : opened.descriptors)
    if (const auto error = error_of_last_call(::listen(each.get(), SOMAXCONN)))
      return error_text(error);
  return std::nullopt;
}

}  // namespace confab
