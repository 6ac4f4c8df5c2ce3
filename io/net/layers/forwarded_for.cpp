#include "io/net/layers/forwarded_for.hpp"

#include "io/net/layers/http_words.hpp"

#include <optional>

namespace confab {

namespace {

/// An address, perhaps with a port behind it, as some proxies write: `192.0.2.7:80`, `[::1]:80`.
std::optional<ip_address> address_in(std::string_view hop) {
  if (hop.starts_with('['))
    return ip_address::parse(hop.substr(1, hop.find(']') - 1));
  if (const auto colon = hop.find(':'); colon != std::string_view::npos && colon == hop.rfind(':'))
    hop = hop.substr(0, colon);
  return ip_address::parse(hop);
}

}  // namespace

std::string forwarded_for(std::string_view list, const std::vector<ip_network>& trusted,
                          std::string_view peer) {
  std::string client{peer};
  while (contain(trusted, client) && !list.empty()) {
    const auto comma = list.rfind(',');
    const auto hop = trimmed(list.substr(comma == std::string_view::npos ? 0 : comma + 1));
    list = list.substr(0, comma == std::string_view::npos ? 0 : comma);
    const auto address = address_in(hop);
    if (!address)
      break;
    client = address->text();
  }
  return client;
}

}  // namespace confab
