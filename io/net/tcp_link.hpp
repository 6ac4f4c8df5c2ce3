#pragma once

#include "io/net/link.hpp"
#include "io/net/read_buffer.hpp"

#include <cstdint>
#include <string>

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// A connection over TCP.
namespace confab {

/// A link on a socket of CAF's network loop.
///
/// Writes at once when flushed and asks the loop for help only when the socket is full: in the
/// normal case one system call per flush, where the stock scribe makes four. Several blocks leave
/// with one system call.
class tcp_link final : public link {
 public:
  /// Owns the connected socket `fd` from now on. `id` is never used twice in a gateway.
  tcp_link(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
           std::int64_t id, output_memory_ptr memory, read_buffer_ptr input);

  // link
  bool flush_some(std::size_t bytes_max) override;
  std::size_t undelivered() const override;
  void resume_input() override;
  void pause_input() override { paused_ = true; }
  void finish() override;
  void close_now() override;
  void reset() override;

  // caf::io::scribe
  std::string addr() const override;
  std::uint16_t port() const override;
  void graceful_shutdown() override { close_now(); }
  void add_to_loop() override { resume_input(); }
  void remove_from_loop() override;

 private:
  /// What the network loop calls.
  class socket final : public caf::io::network::event_handler {
   public:
    socket(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
           tcp_link& owner)
        : event_handler(loop, fd), owner_(owner) {}
    void handle_event(caf::io::network::operation operation) override;
    void removed_from_loop(caf::io::network::operation) override {}
    void graceful_shutdown() override { owner_.close_now(); }

   private:
    tcp_link& owner_;
  };

  void on_readable();
  void on_writable();
  void on_bytes(std::size_t count);
  void on_end_of_input();
  void on_failure(caf::io::network::operation operation);
  bool write_some(std::size_t bytes_max);
  void watch_input(bool enable);
  void watch_output(bool enable);
  void send_end_of_output();
  void discard_input();
  void outlive_this_round();

  socket socket_;
  read_buffer_ptr input_;
  bool paused_ = true;
  bool watching_input_ = false;
  bool watching_output_ = false;
  bool input_ended_ = false;
  bool finishing_ = false;
  bool closed_ = false;
};

}  // namespace confab
