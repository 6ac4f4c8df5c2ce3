#include "io/net/peer_address.hpp"

#include <string_view>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/default_multiplexer.hpp>

namespace confab {

std::string peer_address_of(caf::io::network::native_socket fd) {
  // How a listener of both versions shows a client of IPv4.
  constexpr std::string_view mapped = "::ffff:";
  auto address = caf::io::network::remote_addr_of_fd(fd);
  if (!address)
    return {};
  return address->starts_with(mapped) ? address->substr(mapped.size()) : std::move(*address);
}

}  // namespace confab
