#pragma once

#include "apps/bench/options.hpp"
#include "apps/bench/protocol_adapter.hpp"
#include "io/net/layers/byte_layer.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace confab::bench {

/// The layers of one connection, on the side of the client: TLS, WebSocket, or the one over the
/// other. Between the bytes of a socket and those of a protocol's adapter.
class client_layers {
 public:
  /// The layer next to the socket comes first; at least one. `awaits_greeting`: the server says a
  /// line in the clear before the first layer begins. Nobody looks at it.
  client_layers(std::vector<std::unique_ptr<byte_layer>> layers, bool awaits_greeting);

  /// The socket is connected.
  void start();

  /// Takes what came from the socket, and appends to `plain` what the adapter gets. Throws failure
  /// when the server breaks the rules of a layer, or ends it.
  void take(std::string_view bytes, std::string& plain);

  /// Whether all handshakes are done.
  [[nodiscard]] bool is_open() const { return members_.back().state == layer_state::open; }

  /// What is to be sent next; whoever sends takes it away. Takes `plain` in, as long as the layers
  /// are open and not too much waits to be sent.
  std::string& outgoing(std::string& plain);

 private:
  struct member {
    std::unique_ptr<byte_layer> layer;
    layer_state state = layer_state::opening;
  };

  void pass_up(std::size_t index, std::string_view bytes, std::string& plain);
  void pass_down(std::size_t index, std::string_view bytes);

  std::vector<member> members_;
  bool awaits_greeting_;
  std::string outgoing_;
};

/// Makes the layers of one connection.
using layer_maker = std::function<std::unique_ptr<client_layers>()>;

/// What the options ask for; no function when connections are plain. Throws failure when a
/// certificate cannot be read.
layer_maker layers_for(const bench_options& options, const protocol_adapter& protocol);

}  // namespace confab::bench
