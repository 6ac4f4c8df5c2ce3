#pragma once

#include "io/net/layer_pipe.hpp"
#include "io/net/tcp_link.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <sys/uio.h>

/// A connection whose bytes pass through layers.
namespace confab {

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
    /// The peer broke the rules: it is told so, and will not be served.
    virtual void on_broken(const layered_link& broken, std::string_view complaint) = 0;
    /// The link is no more.
    virtual void on_not_opened(layered_link& gone) = 0;

   protected:
    ~opener() = default;
  };

  layered_link(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
               std::int64_t id, output_memory_ptr memory, read_buffer_ptr input,
               connection_layers layers, layer_scratch_ptr scratch, opener& waits);

  /// When the peer came, or last got an answer, while the link was opening.
  clock::time_point last_progress() const { return last_progress_; }

  /// What waits to be written while the link is opening. Until it has left, nothing more is read.
  std::size_t answer_bytes() const { return pipe_.sealed_bytes() + out().size(); }

  /// Nobody waits for the link any more: ends it.
  void abandon();

  // link
  output_form framing() const override { return pipe_.form(); }
  std::size_t undelivered() const override {
    return tcp_link::undelivered() + pipe_.sealed_bytes();
  }
  void resume_input() override;
  void finish() override;

  // caf::io::scribe
  std::string addr() const override;

 protected:
  // tcp_link
  void on_bytes(std::string_view bytes) override;
  void on_end_of_input() override;
  bool has_output() const override { return pipe_.has_output(); }
  std::size_t gather_output(std::span<iovec> pieces, std::size_t bytes_max) override {
    return pipe_.gather(pieces, bytes_max);
  }
  void consume_output(std::size_t bytes) override { pipe_.consume(bytes); }
  void on_drained() override;
  bool add_last_words() override { return pipe_.add_last_words(); }
  void on_closed(caf::io::network::operation operation) override;

 private:
  bool is_opening() const { return opener_ != nullptr; }
  void pass_up(std::string_view bytes);
  void deliver();
  void note_end_of_input();
  void become_open();
  void end_opening();

  layer_pipe pipe_;
  opener* opener_;     ///< Null: the link belongs to a broker.
  std::string early_;  ///< What came before anybody wanted it.
  clock::time_point last_progress_ = clock::now();
  bool input_end_noted_ = false;
  bool input_end_due_ = false;  ///< The broker has still to hear of it.
};

}  // namespace confab
