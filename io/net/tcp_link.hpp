#pragma once

#include "io/net/buffer_pool.hpp"
#include "io/net/link.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// A connection over TCP.
namespace confab {

/// A link on a socket of CAF's network loop.
///
/// Writes at once when flushed and asks the loop for help only when the socket is full: in the
/// normal case one system call a flush, where the stock scribe makes four.
class tcp_link final : public link {
 public:
  /// Owns the connected socket `fd` from now on. `id` is never used twice in a gateway.
  tcp_link(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
           std::int64_t id, buffer_pool_ptr buffers);

  // link
  std::size_t backlog() const override { return out_.size() - sent_; }
  std::size_t undelivered() const override;
  void resume_input() override;
  void pause_input() override { paused_ = true; }
  void finish() override;
  void close_now() override;
  void reset() override;

  // caf::io::scribe
  void configure_read(caf::io::receive_policy::config) override {}  // One read is one message.
  void ack_writes(bool enable) override { ack_writes_ = enable; }
  std::vector<char>& wr_buf() override;
  std::vector<char>& rd_buf() override { return msg().buf; }
  void flush() override;
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
  bool write_some();
  void watch_input(bool enable);
  void watch_output(bool enable);
  void send_end_of_output();
  void discard_input();
  void outlive_this_round();

  socket socket_;
  buffer_pool_ptr buffers_;
  std::vector<char> out_;
  std::size_t sent_ = 0;  ///< The first bytes of `out_` that the operating system has taken.
  bool paused_ = true;
  bool watching_input_ = false;
  bool watching_output_ = false;
  bool ack_writes_ = false;
  bool input_ended_ = false;
  bool finishing_ = false;
  bool closed_ = false;
};

}  // namespace confab
