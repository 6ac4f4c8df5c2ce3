#pragma once

#include "io/cluster/opening_socket.hpp"
#include "io/net/layers/mutual_tls.hpp"
#include "io/net/loop_timer.hpp"
#include "io/net/tcp_doorman.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <string>
#include <utility>

namespace confab {

/// Accepts connections of other nodes. CAF hears of one when it is open, and of no stranger.
class cluster_doorman final : public tcp_doorman {
 public:
  /// Is told the address of whom it refused, and why.
  using complain = std::function<void(const std::string& address, const std::string& why)>;

  /// `context` null: nothing is encrypted.
  cluster_doorman(caf::io::network::default_multiplexer& loop, caf::io::network::native_socket fd,
                  mutual_tls_ptr context, complain on_refusal);

  /// Connections to come get this context. Due only if there was one before.
  void renew(mutual_tls_ptr context) { context_ = std::move(context); }

  void graceful_shutdown() override;

 protected:
  void on_connected(caf::io::network::native_socket fd) override;

 private:
  using places = std::list<opening_socket::pointer>;

  /// So many may be opening at once; one more ends the oldest of them.
  static constexpr std::size_t openings_max = 256;
  /// So long one may take to open.
  static constexpr std::chrono::seconds opening_max{3};

  void give(opened_socket opened);
  void forget(places::iterator where);
  void abandon_oldest();
  void check_deadlines();

  mutual_tls_ptr context_;
  complain on_refusal_;
  places opening_;  ///< The oldest first.
  loop_timer timer_;
};

}  // namespace confab
