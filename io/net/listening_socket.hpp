#pragma once

#include <cstdint>
#include <string>
#include <variant>

/// Opens the sockets that gateways accept on.
namespace confab {

/// An open socket that listens, and the port that it got.
struct listening_socket {
  int descriptor;
  std::uint16_t port;
};

/// Listens on `address`, a host name or numeric address of either family; empty: on every
/// interface, IPv4 and IPv6. Port 0 takes a free port.
///
/// Returns the socket, which the caller owns, or one line that says what went wrong.
std::variant<listening_socket, std::string> open_listening_socket(const std::string& address,
                                                                  std::uint16_t port);

}  // namespace confab
