#pragma once

#include "actors/interfaces.hpp"
#include "io/net/layered_link.hpp"
#include "io/net/listener_layers.hpp"
#include "io/net/loop_timer.hpp"
#include "io/net/tcp_doorman.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

/// Accepts connections whose bytes pass through layers.
namespace confab {

/// Bounds of the time before a connection is open. docs/limits.md gives the reasons.
struct opening_limits {
  /// So many connections may be opening at a listener; one more ends the oldest of them.
  std::size_t openings_max = 1024;
  /// A peer that has not said what it has to say is closed after so long,
  std::chrono::seconds silence_max{10};
  /// and one that does not take an answer after so long.
  std::chrono::seconds answer_max{60};
  /// All of them together may leave so much of their answers unread.
  std::size_t answers_bytes_max = 16 * 1024 * 1024;
};

/// The broker of a `layered_doorman`, as far as it wants to know what goes wrong.
class opening_observer {
 public:
  /// A connection from this address was not opened.
  virtual void on_opening_failed(const std::string& address, std::string_view complaint) = 0;

 protected:
  ~opening_observer() = default;
};

/// A doorman whose connections are `layered_link`s. The broker hears of a connection when it is
/// open, so what happens before costs it nothing: handshakes, pages of the web, strangers.
class layered_doorman final : public tcp_doorman, private layered_link::opener {
 public:
  layered_doorman(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
                  tcp_settings settings, output_memory_ptr memory, std::uint32_t number,
                  listener_layers_ptr layers, opening_limits limits);

  /// Connections to come get their layers from this one.
  void renew(listener_layers_ptr layers) { layers_ = std::move(layers); }

  /// Adds what is known of connections that are not open, and of the certificate.
  void add_to(gateway_report& report) const;

  void graceful_shutdown() override;

 protected:
  void on_connected(caf::io::network::native_socket fd) override;

 private:
  using link_ptr = caf::intrusive_ptr<layered_link>;

  void on_opened(layered_link& opened) override;
  void on_broken(const layered_link& broken, std::string_view complaint) override;
  void on_not_opened(layered_link& gone) override { take(gone); }
  struct opening {
    link_ptr link;
    std::string address;  ///< Where it comes from: a link that has ended does not know.
  };

  std::deque<opening>::iterator find(const layered_link& which);
  opening take(const layered_link& which);
  void make_room();
  void push_out_oldest();
  void check_deadlines();

  listener_layers_ptr layers_;
  opening_limits limits_;
  layer_scratch_ptr scratch_ = std::make_shared<layer_scratch>();
  std::deque<opening> opening_;  ///< The oldest first.
  std::uint64_t failed_ = 0;
  std::uint64_t timed_out_ = 0;
  std::uint64_t pushed_out_ = 0;
  loop_timer timer_;
};

}  // namespace confab
