#pragma once

#include "apps/clients/common/arguments.hpp"
#include "io/net/file_descriptor.hpp"

#include <string>

namespace confab::client {

/// How long one address of a server may take to answer, in milliseconds.
inline constexpr int connect_milliseconds_max = 10'000;

/// A connected, non-blocking socket, or why there is none ("Connection refused").
struct connect_result {
  file_descriptor socket;
  std::string error;
};

/// Connects to the server by TCP. Tries all of its addresses, IPv6 and IPv4, in the system's order;
/// the error is the last address's. Never throws for what the network does.
[[nodiscard]] connect_result connect_to(const server_address& server);

/// The same for a program that tells its user at once: an invalid descriptor, after a report, when
/// there is no connection.
[[nodiscard]] file_descriptor connect_or_report(const server_address& server);

}  // namespace confab::client
