#pragma once

#include "io/net/link.hpp"
#include "tests/support/simulated_carriage.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

/// A network without sockets for the real gateway: every byte and every failure is a call.
namespace confab::test {

/// How many ranges of blocks an outbox refers to.
std::size_t pieces_waiting(const outbox& out);

/// A connection whose other end is the test.
class simulated_link final : public link {
 public:
  simulated_link(std::int64_t id, output_memory_ptr memory)
      : link(caf::io::connection_handle::from_int(id), std::move(memory)) {}

  /// What the two sides say passes through layers from now on. Before anything else is done.
  void pass_through(const carriage_plan& plan, output_memory& memory) {
    carriage_ = std::make_unique<simulated_carriage>(plan, out(), memory);
  }

  // -- the peer's side --------------------------------------------------------

  /// The peer sends bytes; they wait while the gateway reads nothing.
  void peer_sends(std::string_view bytes);
  /// The peer has sent its last byte, and still reads.
  void peer_ends_input() { input_ending_ = true; }
  /// The peer is gone without a word.
  void peer_resets() { resetting_ = true; }
  /// The peer's kernel takes no more than this many bytes from now on.
  void peer_takes(std::size_t bytes) { window_ = bytes; }
  /// What the peer has got so far; forgotten by the call.
  std::string peer_got();
  /// The peer does not close its side when it has read the end of the stream.
  void peer_lingers() { lingering_ = true; }
  /// Both directions are closed.
  bool closed() const { return closed_; }
  /// Bytes of the peer that the gateway has not read yet.
  std::size_t unread() const;
  /// How often the gateway was handed bytes. Layers keep what is not whole.
  std::size_t inputs() const { return inputs_; }
  /// The gateway has not been told yet that the peer has sent its last byte.
  bool end_unread() const { return input_ending_; }
  /// The gateway writes what is queued and reads nothing more.
  bool finishing() const { return finishing_; }
  /// So many bytes were taken by the operating system and are not acknowledged.
  void system_holds(std::size_t bytes) { held_by_system_ = bytes; }
  /// Bytes that were written after `finish`; there should be none.
  std::size_t late_output() const {
    return finishing_ && out().size() > out_at_finish_ ? out().size() - out_at_finish_ : 0;
  }
  /// Bytes may come in: the gateway has dealt with all that it has read.
  bool reading() const { return !paused_; }

  /// Lets the network do one thing: hand over at most `bytes_max` bytes, the end of the input, or
  /// a failure. Returns false if there is nothing to do.
  bool step(std::size_t bytes_max = std::string::npos);

  /// The operating system takes no more than so many bytes at a time, though it would take more.
  void takes_at_once(std::size_t bytes) { write_bytes_max_ = bytes; }
  /// What the gateway has queued and the operating system has not taken, without the first
  /// `skipped` bytes of it.
  std::string queued(std::size_t skipped = 0) const;
  /// How many times the gateway has offered its output to the operating system.
  std::size_t flushes() const { return flushes_; }
  /// How many bytes were queued when the gateway closed the connection.
  std::size_t dropped() const { return dropped_bytes_; }
  /// There is output that the operating system would take and was not offered.
  bool awaits_flush() const { return !closed_ && has_output() && !awaiting_window_ && window_ > 0; }
  /// Bytes of the dialect that the peer has not got.
  std::size_t waiting() const { return carriage_ ? queued().size() : out().size(); }

  // -- link -------------------------------------------------------------------

  output_form framing() const override {
    return carriage_ ? carriage_->pipe().form() : output_form::lines;
  }
  bool flush_some(std::size_t bytes_max) override;
  std::size_t undelivered() const override { return out().size() + held_by_system_; }
  void resume_input() override { paused_ = false; }
  void pause_input() override { paused_ = true; }
  void finish() override;
  void close_now() override;
  void reset() override { close_now(); }
  std::string addr() const override { return "simulated"; }
  std::uint16_t port() const override { return 0; }
  void graceful_shutdown() override { close_now(); }
  void add_to_loop() override {}
  void remove_from_loop() override {}

 private:
  bool has_output() const { return carriage_ ? carriage_->pipe().has_output() : !out().empty(); }
  bool take_input(std::size_t bytes_max);
  bool take_output();
  bool write_some(std::size_t bytes_max);
  bool write_through_layers(std::size_t bytes_max);
  std::size_t deliver(std::span<const iovec> pieces, std::size_t bytes_max);
  std::string raw_bytes(const outbox& from) const;
  void fail();
  caf::execution_unit* unit();

  std::unique_ptr<simulated_carriage> carriage_;  ///< Null: there are no layers.
  std::deque<simulated_carriage::piece> pieces_;  ///< That wait in `inbound_`, with layers.
  std::string inbound_;
  std::string outbound_;
  std::size_t window_ = std::string::npos;
  std::size_t out_at_finish_ = 0;
  std::size_t held_by_system_ = 0;
  std::size_t write_bytes_max_ = std::string::npos;
  std::size_t dropped_bytes_ = 0;
  std::size_t flushes_ = 0;
  std::size_t inputs_ = 0;
  bool paused_ = true;
  bool input_ending_ = false;
  bool resetting_ = false;
  bool finishing_ = false;
  bool lingering_ = false;
  bool awaiting_window_ = false;  ///< Output was flushed and did not fit.
  bool closed_ = false;
};

using simulated_link_ptr = caf::intrusive_ptr<simulated_link>;

/// Lets the test connect.
class simulated_doorman final : public caf::io::doorman {
 public:
  explicit simulated_doorman(output_memory_ptr memory)
      : doorman(caf::io::accept_handle::from_int(1)), memory_(std::move(memory)) {}

  /// What the output of its links takes up.
  const output_memory_ptr& memory() const { return memory_; }

  /// A new connection to the gateway, through layers if there is a plan for them.
  simulated_link_ptr connect(const std::optional<carriage_plan>& plan = std::nullopt);

  bool new_connection() override { return true; }
  void graceful_shutdown() override;
  void launch() override {}
  std::string addr() const override { return "simulated"; }
  std::uint16_t port() const override { return 0; }
  void add_to_loop() override {}
  void remove_from_loop() override {}

 private:
  output_memory_ptr memory_;
  std::int64_t links_made_ = 0;
};

using simulated_doorman_ptr = caf::intrusive_ptr<simulated_doorman>;

}  // namespace confab::test
