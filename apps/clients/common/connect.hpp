#pragma once

#include "apps/clients/common/arguments.hpp"
#include "apps/clients/common/connection.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace confab::client {

/// How long one address of a server may take to answer, in milliseconds.
inline constexpr int connect_milliseconds_max = 10'000;

/// How long the handshake of TLS may take then.
inline constexpr std::chrono::milliseconds handshake_max{10'000};

/// A connection, or why there is none: "Connection refused", or what is wrong with the encryption.
struct connect_result {
  std::optional<connection> made;
  std::string error;
  bool is_about_tls = false;  ///< the error
};

/// Connects to the server by TCP, and encrypts the connection if that is wanted. Tries all of its
/// addresses, IPv6 and IPv4, in the system's order, until one takes the connection; the error is
/// the last address's. Never throws for what the network does.
[[nodiscard]] connect_result connect_to(const server_address& server, const tls_choice& tls = {});

/// The same for a program that tells its user at once: nothing, after a report, when there is no
/// connection.
[[nodiscard]] std::optional<connection> connect_or_report(const program_description& program,
                                                          const server_address& server,
                                                          const tls_choice& tls = {});

}  // namespace confab::client
