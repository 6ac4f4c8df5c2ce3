#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/output/outbox.hpp"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include <caf/io/scribe.hpp>

/// One connection as the gateway sees it, whatever carries the bytes.
namespace confab {

/// What the gateway needs beyond CAF's scribe, whose contract is too small for a server that must
/// not lose replies: the stock scribe detaches at the end of input, hides how much is unsent,
/// copies what it sends, and cannot cut a peer that does not read.
///
/// Output is queued in `out()` and leaves by `flush_some` or, once the operating system has refused
/// some of it, by itself.
///
/// Reports to its broker:
/// * `new_data_msg`: bytes came. One per loop round; none while paused.
/// * `connection_passivated_msg`: the peer has sent its last byte; it may still read.
/// * `data_transferred_msg`: some of the backlog has left by itself.
/// * `connection_closed_msg`: the connection is no more; the link must not be used again.
class link : public caf::io::scribe {
 public:
  link(caf::io::connection_handle handle, output_memory_ptr memory)
      : scribe(handle), memory_(std::move(memory)), out_(*memory_) {}

  /// What waits to be written. Nothing may be appended after `finish`.
  outbox& out() { return out_; }
  const outbox& out() const { return out_; }

  /// What has to be put around each line that is appended to `out()`.
  virtual output_form framing() const { return output_form::lines; }

  /// Writes what waits, but no more than `bytes_max`. Returns true when there is more to write that
  /// the operating system would perhaps take: then call again.
  virtual bool flush_some(std::size_t bytes_max) = 0;

  /// Bytes that the peer's operating system has not acknowledged yet: what waits, and what our own
  /// system still holds. A system call; it shows whether a peer takes anything at all.
  virtual std::size_t undelivered() const = 0;

  /// Lets bytes come in; they do not before the first call.
  virtual void resume_input() = 0;

  /// Lets no more bytes come in until `resume_input`. What is read already still comes.
  virtual void pause_input() = 0;

  /// Writes what waits, tells the peer that nothing follows, drops what the peer still sends, and
  /// ends with `connection_closed_msg` when the peer has closed.
  virtual void finish() = 0;

  /// Ends at once and says nothing to the broker. The peer gets what the operating system has
  /// taken.
  virtual void close_now() = 0;

  /// Ends at once and says nothing to the broker; the operating system drops what it holds for the
  /// peer.
  virtual void reset() = 0;

  // caf::io::scribe: what a link does not do.
  void configure_read(caf::io::receive_policy::config) override {}  // One read is one message.
  void ack_writes(bool) override {}
  std::vector<char>& wr_buf() override { return rd_buf(); }  // Nobody writes this way.
  std::vector<char>& rd_buf() override { return msg().buf; }
  void flush() override { flush_some(static_cast<std::size_t>(-1)); }

 private:
  output_memory_ptr memory_;
  outbox out_;
};

}  // namespace confab
