#include "io/net/layers/ip_network.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cassert>
#include <charconv>
#include <netinet/in.h>

namespace confab {

std::optional<ip_address> ip_address::parse(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN)
    return std::nullopt;
  const std::string ended{text};  // For inet_pton. A NUL in it ends an address: refused below.
  std::array<char, 16> raw{};
  if (ended.find('\0') != std::string::npos)
    return std::nullopt;
  if (::inet_pton(AF_INET, ended.c_str(), raw.data()) == 1)
    return from_bytes({raw.data(), 4});
  if (::inet_pton(AF_INET6, ended.c_str(), raw.data()) == 1)
    return from_bytes({raw.data(), 16});
  return std::nullopt;
}

ip_address ip_address::from_bytes(std::string_view bytes) {
  assert(bytes.size() == 4 || bytes.size() == 16);
  constexpr std::string_view mapped{"\0\0\0\0\0\0\0\0\0\0\xFF\xFF", 12};
  if (bytes.size() == 16 && bytes.starts_with(mapped))
    bytes.remove_prefix(mapped.size());
  ip_address result;
  result.is_ipv4_ = bytes.size() == 4;
  std::copy(bytes.begin(), bytes.end(), result.bytes_.begin());
  return result;
}

std::string ip_address::text() const {
  std::array<char, INET6_ADDRSTRLEN> result{};
  ::inet_ntop(is_ipv4_ ? AF_INET : AF_INET6, bytes_.data(), result.data(), result.size());
  return result.data();
}

std::optional<ip_network> ip_network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto base = ip_address::parse(text.substr(0, slash));
  if (!base)
    return std::nullopt;
  ip_network result;
  result.base_ = *base;
  const unsigned all_bits = base->is_ipv4() ? 32 : 128;
  result.prefix_bits_ = all_bits;
  if (slash == std::string_view::npos)
    return result;
  const auto digits = text.substr(slash + 1);
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, result.prefix_bits_);
  if (error != std::errc{} || stop != end || result.prefix_bits_ > all_bits)
    return std::nullopt;
  return result;
}

bool ip_network::contains(const ip_address& address) const {
  if (address.is_ipv4() != base_.is_ipv4())
    return false;
  const auto whole = prefix_bits_ / 8;
  const auto& left = address.bytes();
  const auto& right = base_.bytes();
  if (!std::equal(left.begin(), left.begin() + whole, right.begin()))
    return false;
  const auto rest = prefix_bits_ % 8;
  return rest == 0 || (left[whole] ^ right[whole]) >> (8 - rest) == 0;
}

bool contain(const std::vector<ip_network>& networks, std::string_view text) {
  const auto address = ip_address::parse(text);
  return address && std::any_of(networks.begin(), networks.end(),
                                [&](const auto& each) { return each.contains(*address); });
}

}  // namespace confab
