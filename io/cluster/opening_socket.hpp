#pragma once

#include "io/net/file_descriptor.hpp"
#include "io/net/layers/mutual_tls.hpp"
#include "io/net/resolve.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <variant>

#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>
#include <caf/ref_counted.hpp>

namespace confab {

/// A connection between two nodes that is ready for CAF.
struct opened_socket {
  file_descriptor descriptor;
  mutual_tls_session_ptr session;  ///< Null: nothing is encrypted.
};

/// A connection between two nodes until it is open: connected, encrypted, and, on the side that
/// dials, until the other side has said something.
///
/// CAF sees none of that. It would connect with a call that blocks, and it cuts a connection that
/// it dialled unless the first word has come by the next heartbeat. Nor does a stranger reach CAF:
/// a silent one would keep its loop busy, and BASP believes whatever it is told.
///
/// Lives in the thread of the network loop. Ends once: by calling `on_end` outside of all handlers
/// of actors, or by `abandon`.
class opening_socket final : public caf::io::network::event_handler, public caf::ref_counted {
 public:
  /// An open connection, or one plain line that says why there is none.
  using ending = std::variant<opened_socket, std::string>;
  using callback = std::function<void(ending)>;
  using pointer = caf::intrusive_ptr<opening_socket>;
  using clock = std::chrono::steady_clock;

  /// Dials. `context` null: nothing is encrypted.
  static pointer dial(caf::io::network::default_multiplexer& loop, const socket_address& where,
                      mutual_tls_ptr context, callback on_end);

  /// Opens a connection that was accepted, which is encrypted.
  static pointer accept(caf::io::network::default_multiplexer& loop, file_descriptor accepted,
                        mutual_tls_ptr context, callback on_end);

  /// Use `dial` or `accept`.
  opening_socket(caf::io::network::default_multiplexer& loop, file_descriptor socket,
                 callback on_end);

  clock::time_point begun() const { return begun_; }

  /// Closes it. `on_end` is not called any more.
  void abandon();

  void handle_event(caf::io::network::operation operation) override;
  void removed_from_loop(caf::io::network::operation) override {}
  void graceful_shutdown() override { abandon(); }

 private:
  enum class stage { connecting, shaking_hands, listening, ended };

  void step();
  void check_connected();
  void shake_hands();
  void listen();
  void await(caf::io::network::operation operation);
  void await(tls_step outcome);
  void end(ending result);
  void leave_loop();

  stage stage_ = stage::connecting;
  bool dials_ = true;
  bool reads_ = false;   ///< The loop watches for input,
  bool writes_ = false;  ///< or for room for output.
  mutual_tls_ptr context_;
  mutual_tls_session_ptr session_;
  callback on_end_;
  clock::time_point begun_ = clock::now();
};

/// Lets a connection between nodes end soon after the other side stops answering, and not wait to
/// gather small messages.
void prepare_cluster_socket(int descriptor);

}  // namespace confab
