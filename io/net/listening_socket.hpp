#pragma once

#include "io/net/file_descriptor.hpp"
#include "io/net/resolve.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
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

/// When connections are taken. Until then they are refused, and the port is ours already.
enum class listening_begins : std::uint8_t {
  at_once,
  later,  ///< With `begin_to_listen`, which fails if somebody else does the same and was faster.
};

/// The same `count` times: a connection comes to one of them, as the system chooses. Nobody else
/// can listen there besides, as with one.
std::variant<std::vector<listening_sockets>, std::string> open_shared_listening_sockets(
    const std::string& address, std::uint16_t port, std::size_t count,
    listening_begins begins = listening_begins::at_once);

/// Connections are taken from now on, if they were not before. Returns one line if that is not to
/// be.
std::optional<std::string> begin_to_listen(const listening_sockets& opened);

}  // namespace confab
