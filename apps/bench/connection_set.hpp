#pragma once

#include "apps/bench/client_layers.hpp"
#include "apps/bench/connector.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace confab::bench {

/// Names a connection: its index in the order of opening.
using connection_id = std::uint32_t;

/// What a set of connections tells about them.
class connection_handler {
 public:
  /// The server accepted the connection, and its layers, if it has any, are open.
  virtual void connected(connection_id id) = 0;

  /// Bytes have come: those that an earlier call left, and new ones. Returns how many are used up;
  /// the rest is handed in again. They are valid during the call only.
  virtual std::size_t received(connection_id id, std::string_view bytes) = 0;

 protected:
  ~connection_handler() = default;
};

/// All TCP connections of a run, in one epoll set, on the caller's thread.
class connection_set {
 public:
  /// Connections get the layers that `make_layers` makes; without a function they are plain.
  explicit connection_set(const std::vector<socket_address>& servers, layer_maker make_layers = {});
  ~connection_set();
  connection_set(const connection_set&) = delete;
  connection_set& operator=(const connection_set&) = delete;

  /// Starts a connection to one of the servers; connection_handler::connected follows, or poll
  /// throws.
  connection_id open(socket_buffers buffers = socket_buffers::usual, std::size_t server = 0);

  /// Where to append bytes for the server; flush() sends them.
  std::string& output(connection_id id) { return connections_[id].output; }

  /// Sends what it can of the output; the rest goes as soon as the server takes it.
  void flush(connection_id id);

  /// Never reads from this connection again. From now on the server may end it: see is_open().
  void stop_reading(connection_id id);

  /// From now on takes what comes and drops it: no call of connection_handler::received follows.
  void skim(connection_id id) { connections_[id].skims = true; }

  /// The same, but what comes is only taken by `sweep`.
  void leave_to_sweep(connection_id id);

  /// Takes and drops what has come on all connections that are left to this.
  void sweep();

  /// Whether the connection still exists (only one that is not read can end without a failure).
  [[nodiscard]] bool is_open(connection_id id) const { return connections_[id].descriptor >= 0; }

  /// Waits up to `timeout_ms` for events and handles them. Returns whether there were any.
  /// Throws failure when the server refuses or closes a connection.
  bool poll(connection_handler& handler, int timeout_ms);

 private:
  struct connection_state {
    int descriptor = -1;
    bool is_connected = false;
    bool reads = true;
    bool skims = false;
    bool is_swept = false;
    bool waits_for_space = false;
    std::unique_ptr<client_layers> layers;  ///< null: the connection is plain
    std::string output;
    std::string unused;  ///< the incomplete message at the end of the last input
  };

  void watch(connection_id id, int operation);
  void finish_connect(connection_id id, connection_handler& handler);
  void read(connection_id id, connection_handler& handler);
  void read_layered(connection_id id, connection_handler& handler);
  void hand_in(connection_id id, connection_handler& handler, std::string_view bytes);
  void lose(connection_id id, const std::string& what, int error);
  std::size_t receive(connection_id id, std::size_t at);
  std::size_t fill(connection_id id);
  void drop_input(connection_id id);

  std::vector<connector> connectors_;  ///< one for each server
  layer_maker make_layers_;
  int epoll_ = -1;
  std::vector<connection_state> connections_;
  std::vector<char> input_;
  std::string plain_;  ///< what the layers of the connection that is read have made of input_
};

}  // namespace confab::bench
