#include "actors/address_network.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>

namespace confab {

std::string network_of(std::string_view address) {
  const auto zone = address.find('%');  // fe80::1%eth0
  const std::string text{address.substr(0, zone)};
  in6_addr parsed{};
  if (::inet_pton(AF_INET6, text.c_str(), &parsed) != 1 || IN6_IS_ADDR_V4MAPPED(&parsed))
    return std::string{address};
  constexpr std::size_t network_bytes = 8;
  std::fill(std::begin(parsed.s6_addr) + network_bytes, std::end(parsed.s6_addr), 0);
  std::array<char, INET6_ADDRSTRLEN> shown{};
  if (::inet_ntop(AF_INET6, &parsed, shown.data(), shown.size()) == nullptr)
    return std::string{address};
  return std::string{shown.data()} + "/64";
}

}  // namespace confab
