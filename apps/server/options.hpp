#pragma once

#include "apps/server/cluster_options.hpp"
#include "apps/server/history_options.hpp"
#include "apps/server/irc_options.hpp"
#include "apps/server/layer_options.hpp"
#include "io/dialects/catalog.hpp"
#include "io/placement.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the person who starts the server may choose.
namespace confab::server {

/// What carries the connections of a listener.
enum class carrier : std::uint8_t {
  tcp,
  tls,
  web,      ///< HTTP, with the page, and WebSocket.
  web_tls,  ///< The same, encrypted.
};

/// A listener that the server is to open.
struct listener {
  const catalog_row* speaks;  ///< Never null.
  std::uint16_t port;         ///< 0: a free one.
  carrier over = carrier::tcp;

  /// "irc", "irc-tls", "web", "web-tls": the option that opens it, and its name in logs.
  std::string name() const;
  bool is_encrypted() const { return over == carrier::tls || over == carrier::web_tls; }
  bool is_web() const { return over == carrier::web || over == carrier::web_tls; }
};

/// Options of the `server` program, from the command line and the configuration file.
/// docs/limits.md gives the reasons for the defaults.
struct options {
  std::vector<listener> listeners;  ///< At least one.
  dialect_settings dialects;
  std::string bind_address;                             ///< Empty: every interface, IPv4 and IPv6.
  gateway_limits limits;                                ///< For each connection.
  quota_limits quota{.connections_max = 0,              // 0: what the descriptor limit allows.
                     .connections_per_address_max = 0,  // 0: no limit of its own.
                     .backlog_bytes_max = 0};           // 0: a quarter of the memory.
  room_limits rooms{.rooms_max = 100'000, .kept_vacant_max = 1'000};
  tcp_settings tcp;
  opening_limits opening;
  std::size_t loops = 1;  ///< Network loops, each in a thread of its own.
  std::optional<std::uint16_t> admin_port;
  std::string admin_bind_address = "127.0.0.1";
  std::string log_level = "info";
  irc_options irc;
  history_options history;
  layer_options layers;
  cluster_options cluster;
};

/// The program is to end with this code; what there was to say has been said.
struct exit_code {
  int value;
};

/// Reads the command line and the configuration file that it may name. Prints help and version on
/// stdout, a mistake as one line on stderr, with the place in the file if it stands there.
std::variant<options, exit_code> parse_options(int argc, const char* const* argv);

}  // namespace confab::server
