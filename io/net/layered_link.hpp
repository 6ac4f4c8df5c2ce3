#pragma once

#include "io/net/layers/byte_layer.hpp"
#include "io/net/tcp_link.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// A connection whose bytes pass through layers.
namespace confab {

/// The layers between a socket and a dialect. Either may be null.
struct connection_layers {
  /// Next to the socket; may change what is written, as TLS does.
  std::unique_ptr<byte_layer> lower;
  /// Next to the dialect, which writes what passes this layer already framed, as for WebSocket.
  std::unique_ptr<byte_layer> upper;
};

/// What the layers of a doorman's links write into, one link after the other; of no use after the
/// handler of a read or a write. Used in the thread of the network loop only.
struct layer_scratch {
  layer_output lower;
  layer_output upper;
  std::string plain;
  std::string sealed;
};
using layer_scratch_ptr = std::shared_ptr<layer_scratch>;

/// A TCP link with layers.
///
/// It first *opens*: its layers talk to the peer, and no gateway knows of it. Whoever opens it is
/// told when it is open, then gives it to a broker; or that it has failed, or has ended.
class layered_link final : public tcp_link {
 public:
  using clock = std::chrono::steady_clock;

  /// Whoever waits for the link to be open. Outlives it, or takes leave with `abandon`.
  class opener {
   public:
    /// The link is open: it wants a broker.
    virtual void on_opened(layered_link& opened) = 0;
    /// The link is no more. Empty: that is in order.
    virtual void on_not_opened(layered_link& gone, std::string_view complaint) = 0;

   protected:
    ~opener() = default;
  };

  layered_link(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
               std::int64_t id, output_memory_ptr memory, read_buffer_ptr input,
               connection_layers layers, layer_scratch_ptr scratch, opener& waits);

  /// When the peer last said or took something whole while the link was opening.
  clock::time_point last_progress() const { return last_progress_; }

  /// Whether something waits to be written.
  bool is_answering() const { return has_output(); }

  /// Nobody waits for the link any more: ends it.
  void abandon();

  // link
  output_form framing() const override;
  std::size_t undelivered() const override { return tcp_link::undelivered() + sealed_.size(); }
  void resume_input() override;
  void finish() override;

  // caf::io::scribe
  std::string addr() const override;

 protected:
  // tcp_link
  void on_bytes(std::string_view bytes) override;
  void on_end_of_input() override;
  bool has_output() const override { return !sealed_.empty() || !out().empty(); }
  outbox& next_output(std::size_t bytes_max) override;
  bool add_last_words() override;
  void on_closed(caf::io::network::operation operation) override;

 private:
  bool is_opening() const { return opener_ != nullptr; }
  bool seals() const { return layers_.lower && !layers_.lower->passes_output(); }
  std::string_view take_lower(std::string_view bytes);
  std::string_view take_upper(std::string_view bytes);
  void queue(outbox& to, std::string_view bytes);
  bool is_in(layer_state state) const { return lower_state_ == state || upper_state_ == state; }
  bool has_ended() const;
  void pass_up(std::string_view bytes);
  void deliver();
  void become_open();

  connection_layers layers_;
  layer_scratch_ptr scratch_;
  opener* opener_;     ///< Null: the link belongs to a broker.
  outbox sealed_;      ///< What goes to the socket before all that is in `out()`.
  std::string early_;  ///< What came before anybody wanted it.
  clock::time_point last_progress_ = clock::now();
  layer_state lower_state_ = layer_state::open;
  layer_state upper_state_ = layer_state::open;
  bool input_end_noted_ = false;
  bool input_end_due_ = false;  ///< The broker has still to hear of it.
  bool overflown_ = false;
  bool last_words_added_ = false;
};

}  // namespace confab
