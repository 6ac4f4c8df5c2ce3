#pragma once

#include "io/dialects/catalog.hpp"
#include "io/gateway.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What the person who starts the server may choose.
namespace confab::server {

/// A listener that the server is to open.
struct listener {
  const catalog_row* speaks;  ///< Never null.
  std::uint16_t port;         ///< 0: a free one.
};

/// Options of the `server` program, from the command line and the configuration file.
struct options {
  std::vector<listener> listeners;  ///< At least one.
  dialect_settings dialects;
  std::string bind_address;  ///< Empty: every interface, IPv4 and IPv6.
  gateway_limits limits;     ///< `connections_max` 0: what the descriptor limit allows.
  std::string log_level = "info";
};

/// The program is to end with this code; what there was to say has been said.
struct exit_code {
  int value;
};

/// Reads the command line and the configuration file that it may name. Prints help and version on
/// stdout; mistakes, with the usage, on stderr.
std::variant<options, exit_code> parse_options(int argc, const char* const* argv);

}  // namespace confab::server
