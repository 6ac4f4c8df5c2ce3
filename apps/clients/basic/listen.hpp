#pragma once

#include "apps/clients/common/file_descriptor.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::client {

/// A port to listen on: decimal digits, 0 (any free port) to 65535. Nothing for any other text.
[[nodiscard]] std::optional<std::uint16_t> parse_listening_port(std::string_view text);

/// A non-blocking socket that listens, or why there is none.
struct listen_result {
  file_descriptor socket;
  std::uint16_t port = 0;  ///< the port it got
  int error_number = 0;    ///< of the system, such as EADDRINUSE
};

/// Listens for TCP connections on every address of the machine, IPv6 and IPv4 (IPv4 only where the
/// system has no IPv6). Port 0 takes a free one.
[[nodiscard]] listen_result listen_everywhere(std::uint16_t port);

}  // namespace confab::client
