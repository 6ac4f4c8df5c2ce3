#pragma once

#include "io/net/file_descriptor.hpp"
#include "io/net/resolve.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// Opens the sockets that servers accept on.
namespace confab {

/// The sockets of one listener: one for each of its addresses, all with the same port. They listen,
/// do not block, and are closed on exec.
struct listening_sockets {
  std::vector<file_descriptor> descriptors;  ///< At least one.
  std::uint16_t port = 0;
};

/// Listens on `address`, a host name or a numeric address of either family; empty: on every
/// interface, IPv4 and IPv6. A name is served on each of its addresses; those that this machine
/// does not have are left out, unless none is left. Port 0 takes one that is free on all of them.
///
/// Returns the sockets, or one line for the user that says what went wrong.
std::variant<listening_sockets, std::string> open_listening_sockets(const std::string& address,
                                                                    std::uint16_t port);

/// The same for addresses that are known, whose own ports do not count.
std::variant<listening_sockets, std::string> open_listening_sockets(
    const std::vector<socket_address>& addresses, std::uint16_t port);

/// The same `count` times: a connection comes to one of them, as the system chooses. Nobody else
/// can listen there besides, as with one.
std::variant<std::vector<listening_sockets>, std::string> open_shared_listening_sockets(
    const std::string& address, std::uint16_t port, std::size_t count);

}  // namespace confab
