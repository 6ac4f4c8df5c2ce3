#pragma once

#include "io/net/read_buffer.hpp"
#include "io/net/tcp_settings.hpp"
#include "io/output/output_memory.hpp"

#include <cstdint>
#include <string>

#include <caf/io/doorman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// Accepts connections over TCP.
namespace confab {

/// A doorman whose connections are `tcp_link`s. When the process has run out of descriptors it
/// accepts and closes, with one that it keeps for this, instead of being woken for ever.
class tcp_doorman : public caf::io::doorman {
 public:
  /// Owns the listening socket `fd` from now on. What its links queue counts in `memory`.
  /// `number` tells the doormen of a gateway apart.
  tcp_doorman(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
              tcp_settings settings, output_memory_ptr memory, std::uint32_t number);
  ~tcp_doorman() override;

  bool new_connection() override { return true; }  // Connections are announced by accept_some().
  void graceful_shutdown() override;
  void launch() override { add_to_loop(); }
  std::string addr() const override;
  std::uint16_t port() const override;
  void add_to_loop() override;
  void remove_from_loop() override;

 protected:
  /// Somebody has connected: makes a link of it and gives it to the broker, now or later.
  virtual void on_connected(caf::io::network::native_socket fd);

  /// The broker is to serve this link.
  void give_to_broker(caf::io::scribe_ptr opened);

  caf::io::network::default_multiplexer& loop() { return socket_.backend(); }
  std::int64_t next_link_id() { return ++last_link_; }
  const output_memory_ptr& memory() const { return memory_; }
  const read_buffer_ptr& input() const { return input_; }

 private:
  /// What the network loop calls.
  class socket final : public caf::io::network::event_handler {
   public:
    socket(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
           tcp_doorman& owner)
        : event_handler(loop, fd), owner_(owner) {}
    void handle_event(caf::io::network::operation operation) override;
    void removed_from_loop(caf::io::network::operation) override {}
    void graceful_shutdown() override { owner_.graceful_shutdown(); }

   private:
    tcp_doorman& owner_;
  };

  void accept_some();
  void shed();

  socket socket_;
  output_memory_ptr memory_;
  read_buffer_ptr input_;
  tcp_settings settings_;
  caf::io::network::native_socket spare_;  ///< Given up to accept and close when there is no other.
  std::int64_t last_link_;  ///< The id of the last link made; the upper bits are our number.
  bool watching_ = false;
};

}  // namespace confab
