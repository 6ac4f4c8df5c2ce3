#pragma once

#include "io/net/layers/tls_layer.hpp"
#include "tests/support/scripted_peer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace confab::test {

/// A scripted peer that speaks TLS: what the test says and reads is in the clear.
class tls_peer {
 public:
  /// Listens at once. `greeting` goes out together with the end of the handshake.
  explicit tls_peer(tls_context_ptr context, std::string greeting = {})
      : context_(std::move(context)), greeting_(std::move(greeting)) {}

  [[nodiscard]] std::string port() const { return wire_.port(); }

  /// Waits for the next connection and the end of its handshake. False at the deadline, and when
  /// the other side gave up.
  [[nodiscard]] bool accept(std::chrono::milliseconds span = waiting_span);

  /// As those of scripted_peer.
  void send(std::string_view text);
  [[nodiscard]] bool read_until(std::string_view text,
                                std::chrono::milliseconds span = waiting_span);
  [[nodiscard]] const std::string& received() const { return output_.up; }

  /// Waits until the other side has said farewell. False at the deadline, and when it ended without
  /// a word.
  [[nodiscard]] bool read_to_farewell(std::chrono::milliseconds span = waiting_span);

  /// Says `last_words` and farewell at once: the other side reads the end, and can still write. In
  /// two steps the other side might have gone before the second.
  void end_sending(std::string_view last_words = {});

  /// Says farewell and closes the connection.
  void close();

  /// Closes the connection without a word.
  void cut() { wire_.close(); }

  /// The connection below TLS.
  [[nodiscard]] scripted_peer& wire() { return wire_; }

 private:
  bool receive(const deadline& end);

  scripted_peer wire_;
  tls_context_ptr context_;
  std::string greeting_;
  std::optional<tls_layer> layer_;
  layer_state state_ = layer_state::opening;
  layer_output output_;
  std::size_t taken_ = 0;     // of what came on the wire
  std::size_t searched_ = 0;  // of what was in it
};

}  // namespace confab::test
