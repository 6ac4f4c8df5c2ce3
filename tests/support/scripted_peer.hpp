#pragma once

#include "tests/support/deadline.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::test {

/// The internet protocol that a scripted peer listens with, on the loopback address.
enum class family { ipv4, ipv6 };

/// A server of one connection that says what the test tells it to.
///
/// It listens on a port that the system chooses. No thread: the test is the
/// script. Every wait ends at its deadline; errors throw std::runtime_error.
class scripted_peer {
 public:
  /// Listens at once, so that a client can be started before accept().
  explicit scripted_peer(family which = family::ipv4);
  scripted_peer(const scripted_peer&) = delete;
  scripted_peer& operator=(const scripted_peer&) = delete;
  ~scripted_peer();

  /// The port, in decimal digits.
  [[nodiscard]] std::string port() const { return std::to_string(port_); }

  /// Waits for the next connection; an earlier one is closed first. False at the deadline.
  [[nodiscard]] bool accept(std::chrono::milliseconds span = waiting_span);

  /// Sends all bytes, or throws when the other side does not take them in time.
  void send(std::string_view bytes);

  /// Waits until the bytes received so far contain `text` after the last text
  /// found. False at the deadline, or when the connection ended without it.
  [[nodiscard]] bool read_until(std::string_view text,
                                std::chrono::milliseconds span = waiting_span);

  /// Waits until the other side has closed its sending side. False at the deadline.
  [[nodiscard]] bool read_to_end(std::chrono::milliseconds span = waiting_span);

  /// Waits for more bytes, and adds them to received(). False at the deadline and at the end.
  [[nodiscard]] bool receive(const deadline& end);

  /// All bytes received from this connection so far.
  [[nodiscard]] const std::string& received() const { return received_; }

  /// True when the other side has closed its sending side, or the connection broke.
  [[nodiscard]] bool ended() const { return ended_; }

  /// Ends the sending side only: the other side reads the end, and can still write.
  void end_sending();

  /// Closes the connection; what was sent still arrives.
  void close();

  /// Closes the connection with a reset (RST).
  void reset();

 private:
  int listener_ = -1;
  int connection_ = -1;
  std::uint16_t port_ = 0;
  bool ended_ = false;
  std::size_t searched_ = 0;
  std::string received_;
};

/// A port on 127.0.0.1 where nobody listens: connections to it are refused.
/// Holds the port for as long as the object lives.
class refusing_port {
 public:
  refusing_port();
  refusing_port(const refusing_port&) = delete;
  refusing_port& operator=(const refusing_port&) = delete;
  ~refusing_port();

  [[nodiscard]] std::string port() const { return std::to_string(port_); }

 private:
  int socket_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace confab::test
