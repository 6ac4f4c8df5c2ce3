#pragma once

#include <string>

#include <caf/io/network/native_socket.hpp>

namespace confab {

/// The address of who is at the other end of a connected socket, without the port; empty if nobody
/// is. One of IPv4 looks the same whether or not the listener takes IPv6, too.
std::string peer_address_of(caf::io::network::native_socket fd);

}  // namespace confab
