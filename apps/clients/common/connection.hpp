#pragma once

#include "io/net/file_descriptor.hpp"
#include "io/net/layers/byte_layer.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace confab::client {

/// A TCP connection to a server, as a stream of bytes; it knows no framing. What its bytes are on
/// the wire is the affair of a layer, such as TLS.
class connection {
 public:
  /// Takes a connected, non-blocking socket, and the layer above it, which is open. Null: the bytes
  /// go as they are.
  explicit connection(file_descriptor socket, std::unique_ptr<byte_layer> layer = nullptr)
      : socket_(std::move(socket)), layer_(std::move(layer)) {}

  connection(connection&&) = default;

  /// Says what the layer says at the end, and closes.
  ~connection();

  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// Sends all bytes; waits while the server does not take them. A failure is told by the next
  /// receive(), after what the server had still sent: often the reason for the failure.
  void send(std::string_view bytes);

  /// Sends what the server takes at once, and returns how many bytes that were. All count as taken
  /// after a failure, which is told as send() does. The layer may hold the last of them: see
  /// has_unsent().
  [[nodiscard]] std::size_t send_some(std::string_view bytes);

  /// True while the server has not taken all that the layer made of what was sent: then flush() is
  /// to be called when the socket takes more. Never without a layer.
  [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }

  /// Sends what the layer holds, as far as the server takes it at once.
  void flush();

  /// Tells the server that nothing more will be sent, once it has taken all; receiving goes on.
  void finish_sending();

  /// What has arrived, valid until the next call; empty when nothing has, or when the
  /// connection has ended. Does not wait.
  [[nodiscard]] std::string_view receive();

  /// True when the server has closed the connection or the connection failed, and all that the
  /// server had sent is received.
  [[nodiscard]] bool ended() const { return ended_; }

  /// True when it has ended otherwise than by the server's closing it, or before the server took
  /// all that was sent.
  [[nodiscard]] bool failed() const {
    return send_error_ != 0 || ending_error_ != 0 || !complaint_.empty();
  }

  /// Why it has ended, as one line for the user.
  [[nodiscard]] std::string ending() const;

 private:
  std::size_t write_some(std::string_view bytes);
  void shut_down();
  std::string_view lift(std::string_view bytes);
  void on_end_of_stream();
  void end(int error_number);

  file_descriptor socket_;
  std::unique_ptr<byte_layer> layer_;
  std::string buffer_;
  layer_output lifted_;    // what the layer made of buffer_
  std::string unsent_;     // what the layer made of what was sent, and the server has not taken
  std::string complaint_;  // about the layer's end
  bool sending_finished_ = false;
  int send_error_ = 0;
  int ending_error_ = 0;
  bool ended_ = false;
};

}  // namespace confab::client
