#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/output/outbox.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <sys/uio.h>

/// The layers of one connection at work.
namespace confab {

/// The layers between a socket and a dialect. Either may be null.
struct connection_layers {
  /// Next to the socket; may change what is written, as TLS does.
  std::unique_ptr<byte_layer> lower;
  /// Next to the dialect, which writes what passes this layer already framed, as for WebSocket.
  std::unique_ptr<byte_layer> upper;
};

/// What the layers of many connections write into, one connection after the other; of no use after
/// the handler of a read or a write. Used in the thread of the network loop only.
struct layer_scratch {
  layer_output lower;
  layer_output upper;
  std::string plain;
  std::string sealed;
};
using layer_scratch_ptr = std::shared_ptr<layer_scratch>;

/// Leads bytes through the layers of one connection, up from its socket and down from its outbox.
/// Knows neither: whoever owns the socket asks what to write, and says what came.
///
/// What a layer says by itself stands in order with what the gateway writes: below a layer that
/// seals, after what was sealed, and above it, after what waits to be.
class layer_pipe {
 public:
  /// `out` is what the gateway writes. It and its `memory` outlive this.
  layer_pipe(connection_layers layers, outbox& out, output_memory& memory,
             layer_scratch_ptr scratch);

  /// Takes what came from the socket. Returns what it says to the dialect: valid until the next
  /// call for any connection.
  std::string_view take(std::string_view bytes);

  /// The socket says that nothing more comes.
  void end_of_input();

  /// The layers have still to talk to the peer.
  bool is_opening() const;
  /// The layers have no use for more input: the peer has said that nothing more comes, broke the
  /// rules, or has got its answer.
  bool has_ended() const;
  /// The connection cannot go on: the peer makes the layers talk and does not listen, or there is
  /// no memory.
  bool is_overflown() const { return overflown_; }

  /// Whether anything is to be written, or the connection is to be found broken by trying.
  bool has_output() const { return !sealed_.empty() || !out_.empty() || overflown_; }
  /// Bytes that wait in the sealed form, beside those in `out`.
  std::size_t sealed_bytes() const { return sealed_.size(); }
  const outbox& sealed() const { return sealed_; }
  /// Whether what is written to the socket is something else than what the gateway writes.
  bool seals() const { return layers_.lower && !layers_.lower->passes_output(); }
  /// Fills `pieces` with what is to be written to the socket next; of what is not sealed yet, no
  /// more than `bytes_max` are taken for that. Returns how many pieces there are; none with output
  /// waiting: `is_overflown`, or a layer has swallowed it. `consume` follows, before anything else
  /// is done with any pipe of the same scratch.
  std::size_t gather(std::span<iovec> pieces, std::size_t bytes_max);
  /// So many bytes of the pieces are written.
  void consume(std::size_t bytes);

  /// The gateway has written its last byte: appends what the upper layer says then.
  void finish();
  /// All is written: appends what the lower layer says then. Returns true if there is something.
  bool add_last_words();

  output_form form() const;
  std::optional<std::string> client_address() const;
  std::string_view complaint() const;

 private:
  std::string_view take_lower(std::string_view bytes);
  std::string_view take_upper(std::string_view bytes);
  void queue(outbox& to, std::string_view bytes);

  connection_layers layers_;
  outbox& out_;
  outbox sealed_;  ///< What goes to the socket before all that is in `out_`.
  layer_scratch_ptr scratch_;
  std::string_view fresh_;  ///< Sealed, not queued: what `gather` gave, in the scratch.
  layer_state lower_state_;
  layer_state upper_state_;
  bool overflown_ = false;
  bool last_words_added_ = false;
};

}  // namespace confab
