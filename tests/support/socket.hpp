#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

/// How long a test waits for something that must happen. Only a broken program ever takes so long,
/// so no test depends on the speed of the machine.
constexpr std::chrono::seconds patience{60};

/// Whether this machine has IPv6 on its loopback interface.
bool has_ipv6();

/// What a test client does before it connects.
struct connect_options {
  /// IPv4 or IPv6 address in numbers.
  std::string address = "127.0.0.1";
  /// SO_RCVBUF in bytes; 0 leaves the system's own, which grows to megabytes.
  int receive_buffer_bytes = 0;
};

/// A TCP client under full control of the test: it decides byte by byte what the peer gets, and how
/// the connection ends. No function waits longer than `patience`; every failure throws
/// `std::runtime_error` with what was expected and what had come instead.
class client {
 public:
  /// Connects to `port`; throws `std::system_error` when nobody listens there.
  explicit client(std::uint16_t port, const connect_options& options = {});
  ~client();
  client(client&& other) noexcept;
  client& operator=(client&& other) noexcept;

  /// Appends `bytes` to what the next `pump` sends.
  void queue(std::string_view bytes);
  /// Sends all of `bytes`, and keeps what arrives meanwhile for the reading functions.
  void send(std::string_view bytes);
  /// Sends `bytes` one at a time, each as a write (and with TCP_NODELAY a segment) of its own.
  void send_bytewise(std::string_view bytes);
  /// Sends `line` with a newline and returns the next line that comes back.
  std::string request(std::string_view line);

  /// The next line, without its `\n`.
  std::string read_line();
  /// The next `count` lines, each without its `\n`.
  std::vector<std::string> read_lines(std::size_t count);
  /// Exactly `count` bytes.
  std::string read_exactly(std::size_t count);
  /// Everything up to the end of the stream, whether the peer closed or reset it.
  std::string read_to_end();
  /// A line that has arrived already, or nothing; does not touch the socket.
  std::optional<std::string> take_line();
  /// Throws when something arrives, or the peer closes, within `duration`. Prefer to ask for
  /// something whose reply would come later: that needs no waiting.
  void expect_silence(std::chrono::milliseconds duration = std::chrono::milliseconds{100});

  /// Tells the peer that nothing more will be sent; reading goes on.
  void shutdown_sending();
  /// Ends the connection with a RST, as a crashed or unplugged peer would.
  void reset();
  /// Closes the descriptor in the ordinary way.
  void close();

  /// True from the moment that the peer's end of stream, or its reset, was read.
  bool ended() const { return ended_; }
  /// True when the connection ended by a reset.
  bool was_reset() const { return was_reset_; }
  /// How many queued bytes the kernel has not taken yet.
  std::size_t unsent_bytes() const { return outbox_.size() - sent_; }
  /// With `false`, `pump` leaves arriving bytes in the kernel: a client that never reads.
  void read_when_ready(bool enabled) { reads_ = enabled; }

  /// One round of poll over all `clients`: sends what is queued, stores what has arrived. Returns
  /// after the first event or after `timeout`.
  friend void pump(const std::vector<client*>& clients, std::chrono::milliseconds timeout);

 private:
  short interest() const;
  void handle(short events);
  void send_queued();
  void receive();
  std::string take(std::size_t count, std::size_t skipped);

  int fd_ = -1;
  std::string inbox_;
  std::size_t taken_ = 0;
  std::string outbox_;
  std::size_t sent_ = 0;
  bool reads_ = true;
  bool ended_ = false;
  bool was_reset_ = false;
};

void pump(const std::vector<client*>& clients, std::chrono::milliseconds timeout);

/// Pumps `clients` until `condition` holds; throws `what` when it does not within `patience`.
/// `condition` is asked at least every 10 ms, so it may also look at a process or at a file.
void pump_until(const std::vector<client*>& clients, const std::function<bool()>& condition,
                const std::string& what);

/// Waits until `condition` holds; throws `what` when it does not within `patience`.
void wait_until(const std::function<bool()>& condition, const std::string& what);

/// Cuts `bytes` into lines without their `\n`; a rest without one is the last line.
std::vector<std::string> split_lines(std::string_view bytes);

}  // namespace confab::test
