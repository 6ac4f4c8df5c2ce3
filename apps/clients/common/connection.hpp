#pragma once

#include "io/net/file_descriptor.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace confab::client {

/// A TCP connection to a server, as a stream of bytes; it knows no framing.
class connection {
 public:
  /// Takes a connected, non-blocking socket.
  explicit connection(file_descriptor socket) : socket_(std::move(socket)) {}

  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// Sends all bytes; waits while the server does not take them. A failure is told by the next
  /// receive(), after what the server had still sent: often the reason for the failure.
  void send(std::string_view bytes);

  /// Sends what the server takes at once, and returns how many bytes that were. All count as taken
  /// after a failure, which is told as send() does.
  [[nodiscard]] std::size_t send_some(std::string_view bytes);

  /// Tells the server that nothing more will be sent; receiving goes on.
  void finish_sending();

  /// What has arrived, valid until the next call; empty when nothing has, or when the
  /// connection has ended. Does not wait.
  [[nodiscard]] std::string_view receive();

  /// True when the server has closed the connection or the connection failed, and all that the
  /// server had sent is received.
  [[nodiscard]] bool ended() const { return ended_; }

  /// True when it has ended otherwise than by the server's closing it, or before the server took
  /// all that was sent.
  [[nodiscard]] bool failed() const { return send_error_ != 0 || ending_error_ != 0; }

  /// Why it has ended, as one line for the user.
  [[nodiscard]] std::string ending() const;

 private:
  void end(int error_number);

  file_descriptor socket_;
  std::string buffer_;
  int send_error_ = 0;
  int ending_error_ = 0;
  bool ended_ = false;
};

}  // namespace confab::client
