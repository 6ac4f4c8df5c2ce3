#include "io/cluster/loopback.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

namespace confab {

namespace {

constexpr std::uint32_t loopback_network = 127U << 24U;
constexpr std::uint32_t loopback_mask = 0xFFU << 24U;

bool is_loopback_ipv4(std::uint32_t in_network_order) {
  return (ntohl(in_network_order) & loopback_mask) == loopback_network;
}

}  // namespace

std::optional<socket_address> written_address(const std::string& text, std::uint16_t port) {
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(port);
  if (::inet_pton(AF_INET, text.c_str(), &ipv4.sin_addr) == 1)
    return socket_address{reinterpret_cast<const sockaddr*>(&ipv4), sizeof ipv4};
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(port);
  if (::inet_pton(AF_INET6, text.c_str(), &ipv6.sin6_addr) == 1)
    return socket_address{reinterpret_cast<const sockaddr*>(&ipv6), sizeof ipv6};
  return std::nullopt;
}

bool is_loopback(const socket_address& address) {
  if (address.family() == AF_INET)
    return is_loopback_ipv4(reinterpret_cast<const sockaddr_in*>(address.get())->sin_addr.s_addr);
  const auto& ipv6 = reinterpret_cast<const sockaddr_in6*>(address.get())->sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&ipv6) ||
         (IN6_IS_ADDR_V4MAPPED(&ipv6) && ipv6.s6_addr[12] == loopback_network >> 24U);
}

bool is_loopback_host(const std::string& host) {
  const auto address = written_address(host, 0);
  return address ? is_loopback(*address) : host == "localhost";
}

}  // namespace confab
