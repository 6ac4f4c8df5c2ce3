#pragma once

#include "io/net/link.hpp"
#include "io/net/read_buffer.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <sys/uio.h>

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// A connection over TCP.
namespace confab {

/// A link on a socket of CAF's network loop.
///
/// Writes at once when flushed and asks the loop for help only when the socket is full: in the
/// normal case one system call per flush, where the stock scribe makes four. Several blocks leave
/// with one system call.
class tcp_link : public link {
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

 protected:
  /// So many bytes were read into the buffer: hands them to the broker.
  virtual void on_bytes(std::string_view bytes) { hand_over(bytes); }
  /// The peer sends nothing more: tells the broker.
  virtual void on_end_of_input() { announce_end_of_input(); }
  /// Whether anything waits to be written.
  virtual bool has_output() const { return !out().empty(); }
  /// Fills `pieces` with what is written next, about `bytes_max` of what waits at most. Returns how
  /// many there are: none with output waiting means that the connection cannot go on.
  virtual std::size_t gather_output(std::span<iovec> pieces, std::size_t bytes_max) {
    return out().gather(pieces, bytes_max);
  }
  /// Follows each `gather_output`: so many bytes of its pieces are written.
  virtual void consume_output(std::size_t bytes) { out().consume(bytes); }
  /// All that waited for the socket is written.
  virtual void on_drained() {}
  /// All is written, and nothing follows. Returns true if there are last words to write first.
  virtual bool add_last_words() { return false; }
  /// The connection is broken, or has ended on both sides: tells the broker.
  virtual void on_closed(caf::io::network::operation operation);

  void hand_over(std::string_view bytes);
  void announce_end_of_input();
  /// Ends the connection, and tells whom it concerns.
  void fail(caf::io::network::operation operation);
  bool is_closed() const { return closed_; }
  bool is_paused() const { return paused_; }
  bool is_finishing() const { return finishing_; }
  caf::io::network::default_multiplexer& loop() { return socket_.backend(); }

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
  void end_input();
  /// How a write went.
  enum class written : std::uint8_t { as_asked, socket_full, broken };
  written write_some(std::size_t bytes_max);
  void end_output();
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
