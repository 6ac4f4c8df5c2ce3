#include "apps/clients/basic/listen.hpp"

#include "apps/clients/common/arguments.hpp"

#include <cerrno>
#include <netinet/in.h>
#include <sys/socket.h>

namespace confab::client {
namespace {

union any_address {
  sockaddr generic;
  sockaddr_in6 ipv6;
  sockaddr_in ipv4;
};

listen_result failure() {
  return {{}, 0, errno};
}

listen_result listen_at(any_address address, socklen_t length) {
  file_descriptor socket(
      ::socket(address.generic.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) {
    return failure();
  }
  constexpr int on = 1;
  constexpr int off = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (address.generic.sa_family == AF_INET6) {
    ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  }
  if (::bind(socket.get(), &address.generic, length) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0 ||
      ::getsockname(socket.get(), &address.generic, &length) != 0) {
    return failure();
  }
  const auto port =
      address.generic.sa_family == AF_INET6 ? address.ipv6.sin6_port : address.ipv4.sin_port;
  return {std::move(socket), ntohs(port), 0};
}

}  // namespace

std::optional<std::uint16_t> parse_listening_port(std::string_view text) {
  return text == "0" ? std::optional<std::uint16_t>(std::uint16_t{0}) : parse_port(text);
}

listen_result listen_everywhere(std::uint16_t port) {
  any_address address{};
  address.ipv6.sin6_family = AF_INET6;
  address.ipv6.sin6_addr = IN6ADDR_ANY_INIT;
  address.ipv6.sin6_port = htons(port);
  auto result = listen_at(address, sizeof(address.ipv6));
  if (result.error_number == EAFNOSUPPORT || result.error_number == EADDRNOTAVAIL) {
    address = {};
    address.ipv4.sin_family = AF_INET;
    address.ipv4.sin_addr.s_addr = htonl(INADDR_ANY);
    address.ipv4.sin_port = htons(port);
    result = listen_at(address, sizeof(address.ipv4));
  }
  return result;
}

}  // namespace confab::client
