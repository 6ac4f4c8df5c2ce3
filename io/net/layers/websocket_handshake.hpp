#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/net/layers/http_head.hpp"
#include "io/net/layers/http_response.hpp"

#include <string>
#include <string_view>
#include <vector>

/// The request that turns a connection of HTTP into a WebSocket (RFC 6455, 4.2).
namespace confab {

/// What the server says to a client that asks for a WebSocket.
struct websocket_handshake {
  http_response response;  ///< 101: from here on, both sides speak WebSocket.
  output_form form = output_form::text_frames;
  std::string complaint;  ///< For the log: why a page was turned away. Empty if none was.
};

/// Answers a GET for the path of the WebSocket.
///
/// * `origins`: pages of these origins ("https://chat.example.org", or "*" for all) may connect,
///   and those of the host that the request names. A request without Origin comes from no page, and
///   passes.
/// * Of the subprotocols that the client offers, the first that is known is chosen:
///   `text.ircv3.net` or `binary.ircv3.net`. If none is, none is named, and lines are text.
websocket_handshake answer_handshake(const http_request& request,
                                     const std::vector<std::string>& origins);

/// The value of Sec-WebSocket-Accept for a client's key.
std::string accept_value(std::string_view key);

}  // namespace confab
