#pragma once

#include "io/net/layered_link.hpp"
#include "io/net/layers/ip_network.hpp"
#include "io/net/layers/tls_context.hpp"
#include "io/net/layers/web_site.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>

/// What the connections of one listener pass through.
namespace confab {

/// Immutable: a listener that is to get another certificate gets another one of these, and old
/// connections keep what they have.
struct listener_layers {
  tls_context_ptr tls = nullptr;  ///< Null: not encrypted.
  web_site_ptr site = nullptr;    ///< Null: the bytes of a dialect, else HTTP and WebSocket.
  /// Connections begin with a header of the PROXY protocol, and come from a trusted proxy.
  bool demands_proxy_header = false;
  std::vector<ip_network> trusted_proxies = {};

  /// The layers of a connection from this address.
  connection_layers make(const std::string& peer_address) const;

  /// When the certificate ends, in seconds of Unix time; 0: there is none.
  std::int64_t certificate_ends_s() const;
};

using listener_layers_ptr = std::shared_ptr<const listener_layers>;

using renew_atom = caf::atom_constant<caf::atom("renew")>;

}  // namespace confab

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::listener_layers_ptr)
