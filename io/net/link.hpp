#pragma once

#include <cstddef>

#include <caf/io/scribe.hpp>

/// One connection as the gateway sees it, whatever carries the bytes.
namespace confab {

/// What the gateway needs beyond CAF's scribe, whose contract is too small for a server that must
/// not lose replies: the stock scribe detaches at the end of input, hides how much is unsent, and
/// cannot cut a peer that does not read.
///
/// Reports to its broker:
/// * `new_data_msg`: bytes came. One per loop round; none while paused.
/// * `connection_passivated_msg`: the peer has sent its last byte; it may still read.
/// * `data_transferred_msg`, if `ack_writes(true)`: the backlog shrank to `remaining`.
/// * `connection_closed_msg`: the connection is no more; the link must not be used again.
class link : public caf::io::scribe {
 public:
  using caf::io::scribe::scribe;

  /// Bytes in `wr_buf()` that the operating system has not taken yet.
  virtual std::size_t backlog() const = 0;

  /// Bytes that the peer's operating system has not acknowledged yet: the backlog, and what our own
  /// system still holds. A system call; it shows whether a peer takes anything at all.
  virtual std::size_t undelivered() const = 0;

  /// Lets bytes come in; they do not before the first call.
  virtual void resume_input() = 0;

  /// Lets no more bytes come in until `resume_input`. What is read already still comes.
  virtual void pause_input() = 0;

  /// Writes the backlog, tells the peer that nothing follows, drops what the peer still sends, and
  /// ends with `connection_closed_msg` when the peer has closed. Nothing may be written after it.
  virtual void finish() = 0;

  /// Ends at once and says nothing to the broker. The peer gets what the operating system has
  /// taken.
  virtual void close_now() = 0;

  /// Ends at once and says nothing to the broker; the operating system drops what it holds for the
  /// peer.
  virtual void reset() = 0;
};

}  // namespace confab
