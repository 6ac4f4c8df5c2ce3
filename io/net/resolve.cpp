#include "io/net/resolve.hpp"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <system_error>

namespace confab {

socket_address socket_address::any_ipv4() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = INADDR_ANY;
  return {reinterpret_cast<const sockaddr*>(&address), sizeof address};
}

socket_address socket_address::any_ipv6() {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = IN6ADDR_ANY_INIT;
  return {reinterpret_cast<const sockaddr*>(&address), sizeof address};
}

socket_address::socket_address(const sockaddr* address, socklen_t size_bytes)
    : size_bytes_(size_bytes) {
  assert(address->sa_family == AF_INET || address->sa_family == AF_INET6);
  assert(size_bytes <= sizeof storage_);
  std::memcpy(&storage_, address, size_bytes);
}

std::uint16_t socket_address::port() const {
  return ntohs(family() == AF_INET6 ? storage_.ipv6.sin6_port : storage_.ipv4.sin_port);
}

void socket_address::set_port(std::uint16_t port) {
  (family() == AF_INET6 ? storage_.ipv6.sin6_port : storage_.ipv4.sin_port) = htons(port);
}

bool operator==(const socket_address& left, const socket_address& right) {
  return left.size_bytes_ == right.size_bytes_ &&
         std::memcmp(&left.storage_, &right.storage_, left.size_bytes_) == 0;
}

std::variant<std::vector<socket_address>, std::string> resolve(const std::string& host,
                                                               std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0)
    return error == EAI_SYSTEM ? error_text(errno) : std::string{::gai_strerror(error)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};
  std::vector<socket_address> result;
  for (const auto* each = found; each != nullptr; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6)
      continue;
    const socket_address address{each->ai_addr, each->ai_addrlen};
    if (std::find(result.begin(), result.end(), address) == result.end())
      result.push_back(address);  // /etc/hosts may name an address twice.
  }
  if (result.empty())
    return std::string{::gai_strerror(EAI_NONAME)};
  return result;
}

std::string error_text(int error_number) {
  return std::generic_category().message(error_number);
}

}  // namespace confab
