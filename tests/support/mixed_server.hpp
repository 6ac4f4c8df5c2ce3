#pragma once

#include "tests/support/server_process.hpp"
#include "tests/support/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

/// The number after `listening: DIALECT on port ` in `log`; 0 as long as that line is not complete.
std::uint16_t announced_port(std::string_view log, std::string_view dialect);

/// The port of the listener for `dialect`; waits until `server` has announced it.
std::uint16_t wait_for_port(const running_server& server, std::string_view dialect);

/// `text` as a message of the framed protocol: padded with blanks to 200 bytes.
std::string frame_of(std::string_view text);

/// The bytes of `texts`, each in a frame of its own.
std::string frames_of(const std::vector<std::string>& texts);

/// A client of the framed protocol.
class framed_client {
 public:
  /// Connects, and has sent nothing yet.
  explicit framed_client(std::uint16_t port) : wire_(port) {}

  /// Sends `text` in one frame.
  void send(std::string_view text) { wire_.send(frame_of(text)); }
  /// The next message, without the blanks at its end.
  std::string read();
  /// Sends `text` and returns the next message.
  std::string ask(std::string_view text);
  /// Requires that everything sent so far was dealt with in silence, and that nothing waits for
  /// this client: the answer to the next request is the next message.
  void require_nothing_pending();

  /// The connection itself.
  client& wire() { return wire_; }

 private:
  client wire_;
};

/// A server that listens for all three dialects, in one process.
class mixed_server : public running_server {
 public:
  explicit mixed_server(const std::vector<std::string>& options = {},
                        start_of_server start = start_of_server::awaited);

  /// Returns once it listens for all of them.
  void await_start();

  std::uint16_t framed_port() const { return framed_port_; }
  std::uint16_t oneroom_port() const { return oneroom_port_; }

  /// A framed client that has given its name, and has carried out `command` (`/join` or `/create`)
  /// unless that is empty.
  framed_client framed(const std::string& name, const std::string& command = {}) const;

  /// A connection to the oneroom listener that has sent nothing yet.
  client oneroom_connection() const { return client{oneroom_port_}; }
  /// A oneroom client that has given its name and has heard itself say `(name)`; nobody else who
  /// is in the lobby has read that yet.
  client oneroom(const std::string& name) const;

 private:
  std::uint16_t framed_port_ = 0;
  std::uint16_t oneroom_port_ = 0;
};

}  // namespace confab::test
