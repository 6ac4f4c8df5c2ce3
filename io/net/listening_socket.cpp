#include "io/net/listening_socket.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace confab {

namespace {

using address_list = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::variant<address_list, std::string> resolve(const char* host, std::uint16_t port, int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const auto result = ::getaddrinfo(host, std::to_string(port).c_str(), &hints, &found);
  if (result != 0)
    return std::string{::gai_strerror(result)};
  return address_list{found, &::freeaddrinfo};
}

std::uint16_t port_of(int descriptor) {
  sockaddr_storage name{};
  socklen_t size = sizeof name;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &size) != 0)
    return 0;
  if (name.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&name)->sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in*>(&name)->sin_port);
}

/// Returns the descriptor, or -1 with `errno` set.
int try_listen(const addrinfo& where) {
  const int descriptor =
      ::socket(where.ai_family, where.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0)
    return -1;
  const int yes = 1;
  const int no = 0;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (where.ai_family == AF_INET6)  // One socket for both families when the address is `::`.
    ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  if (::bind(descriptor, where.ai_addr, where.ai_addrlen) == 0 &&
      ::listen(descriptor, SOMAXCONN) == 0)
    return descriptor;
  const int reason = errno;
  ::close(descriptor);
  errno = reason;
  return -1;
}

std::variant<listening_socket, std::string> listen_on(const char* host, std::uint16_t port,
                                                      int family) {
  auto resolved = resolve(host, port, family);
  if (auto* error = std::get_if<std::string>(&resolved))
    return std::move(*error);
  int reason = 0;
  for (const auto* where = std::get<address_list>(resolved).get(); where != nullptr;
       where = where->ai_next) {
    const int descriptor = try_listen(*where);
    if (descriptor >= 0)
      return listening_socket{descriptor, port_of(descriptor)};
    reason = errno;
  }
  return std::string{std::strerror(reason)};
}

}  // namespace

std::variant<listening_socket, std::string> open_listening_socket(const std::string& address,
                                                                  std::uint16_t port) {
  if (!address.empty())
    return listen_on(address.c_str(), port, AF_UNSPEC);
  auto both_families = listen_on("::", port, AF_INET6);
  if (std::holds_alternative<listening_socket>(both_families) || errno == EADDRINUSE ||
      errno == EACCES)
    return both_families;
  return listen_on("0.0.0.0", port, AF_INET);  // A machine without IPv6.
}

}  // namespace confab
