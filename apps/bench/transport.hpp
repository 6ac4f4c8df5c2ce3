#pragma once

#include "apps/bench/address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace confab::bench {

/// Names a connection: its index in the order of opening.
using ConnectionId = std::uint32_t;

/// What a transport tells about its connections.
class Handler {
 public:
  /// The server accepted the connection.
  virtual void connected(ConnectionId id) = 0;

  /// Bytes have come: those that an earlier call left, and new ones. Returns how many are used up;
  /// the rest is handed in again. They are valid during the call only.
  virtual std::size_t received(ConnectionId id, std::string_view bytes) = 0;

 protected:
  ~Handler() = default;
};

/// All TCP connections of a run, in one epoll set, on the caller's thread.
class Transport {
 public:
  explicit Transport(const Address& server);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  /// Starts a connection; Handler::connected follows, or poll throws.
  ConnectionId open();

  /// Where to append bytes for the server; flush() sends them.
  std::string& output(ConnectionId id) { return connections_[id].output; }

  /// Sends what it can of the output; the rest goes as soon as the server takes it.
  void flush(ConnectionId id);

  /// Never reads from this connection again. From now on the server may end it: see is_open().
  void stop_reading(ConnectionId id);

  /// Whether the connection still exists (only one that is not read can end without a Failure).
  [[nodiscard]] bool is_open(ConnectionId id) const { return connections_[id].descriptor >= 0; }

  /// Waits up to `milliseconds` for events and handles them. Returns whether there were any.
  /// Throws Failure when the server refuses or closes a connection.
  bool poll(Handler& handler, int milliseconds);

 private:
  struct Connection {
    int descriptor = -1;
    bool is_connected = false;
    bool reads = true;
    bool waits_for_space = false;
    std::string output;
    std::string unused;  ///< the incomplete message at the end of the last input
  };

  void watch(ConnectionId id, int operation);
  void finish_connect(ConnectionId id, Handler& handler);
  void read(ConnectionId id, Handler& handler);
  void lose(ConnectionId id, const std::string& what, int error);
  std::size_t fill(ConnectionId id);

  Connector connector_;
  int epoll_ = -1;
  std::vector<Connection> connections_;
  std::vector<char> input_;
};

}  // namespace confab::bench
