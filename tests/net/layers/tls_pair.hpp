#pragma once

#include "io/net/layers/tls_layer.hpp"
#include "tests/net/layers/pieces.hpp"
#include "tests/support/tls_contexts.hpp"

#include <string>
#include <string_view>

/// A client and a server that speak TLS through memory.
namespace confab::test {

/// One side of a connection, and what came to it.
struct tls_side {
  explicit tls_side(const tls_context_ptr& context) : layer(context) {}
  tls_side(const tls_context_ptr& context, const std::string& host, const tls_session& resumed = {})
      : layer(context, host, resumed) {}

  tls_layer layer;
  layer_state state = layer_state::opening;
  std::string heard;

  /// Takes `bytes` in pieces; returns what is to be sent.
  std::string take(std::string_view bytes, std::size_t piece_bytes = std::size_t(-1)) {
    layer_output out;
    auto cut = in_steps(bytes, piece_bytes);
    if (cut.empty())
      cut.push_back({});
    for (const auto piece : cut)
      if (state != layer_state::broken && state != layer_state::finished)
        state = layer.take(piece, out);
    heard += out.up;
    return out.down;
  }

  std::string seal(std::string_view plain) {
    std::string down;
    layer.seal(plain, down);
    return down;
  }

  std::string finish() {
    std::string down;
    layer.finish(down);
    return down;
  }

  layer_state end_of_input() {
    layer_output out;
    return state = layer.end_of_input(out);
  }
};

struct tls_pair {
  tls_side client;
  tls_side server;

  tls_pair(const tls_context_ptr& for_client, const tls_context_ptr& for_server,
           const std::string& host = "localhost", const tls_session& resumed = {})
      : client(for_client, host, resumed), server(for_server) {}

  /// Both sides speak until neither has anything to say.
  tls_pair& shake_hands(std::size_t piece_bytes = std::size_t(-1)) {
    auto wire = client.take({});
    while (!wire.empty())
      wire = client.take(server.take(wire, piece_bytes), piece_bytes);
    return *this;
  }

  bool is_open() const {
    return client.state == layer_state::open && server.state == layer_state::open;
  }
};

}  // namespace confab::test
