#pragma once

#include "io/net/buffer_pool.hpp"
#include "io/net/tcp_settings.hpp"

#include <cstdint>
#include <string>

#include <caf/io/doorman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// Accepts connections over TCP.
namespace confab {

/// A doorman whose connections are `tcp_link`s. When the process has run out of descriptors it
/// accepts and closes, with one that it keeps for this, instead of being woken for ever.
class tcp_doorman final : public caf::io::doorman {
 public:
  /// Owns the listening socket `fd` from now on. Numbers its links from `links_before` + 1 on: no
  /// two links of a gateway may have the same number.
  tcp_doorman(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
              tcp_settings settings, std::int64_t links_before = 0);
  ~tcp_doorman() override;

  bool new_connection() override { return true; }  // Connections are announced by accept_some().
  void graceful_shutdown() override;
  void launch() override { add_to_loop(); }
  std::string addr() const override;
  std::uint16_t port() const override;
  void add_to_loop() override;
  void remove_from_loop() override;

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
  void announce(caf::io::network::native_socket fd);
  void shed();

  socket socket_;
  buffer_pool_ptr buffers_;
  tcp_settings settings_;
  caf::io::network::native_socket spare_;  ///< Given up to accept and close when there is no other.
  std::int64_t last_link_;
  bool watching_ = false;
};

}  // namespace confab
