#pragma once

#include "apps/clients/common/arguments.hpp"
#include "io/net/layers/byte_layer.hpp"
#include "io/net/layers/tls_context.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace confab::client {

/// An open layer of TLS, or in one line why there is none and what to do.
struct tls_opening {
  std::unique_ptr<byte_layer> layer;
  std::string error;
};

/// Shakes hands with `server` over a connected, non-blocking socket, and checks that the
/// certificate is the server's. Takes at most `longest`. `tls` is what `context` was made of.
///
/// Reads nothing of what follows the handshake: what the server says first is still to be polled
/// for.
[[nodiscard]] tls_opening shake_hands(int socket, const server_address& server,
                                      const tls_choice& tls, tls_context_ptr context,
                                      std::chrono::milliseconds longest);

}  // namespace confab::client
