#pragma once

#include "io/cluster/cluster_doorman.hpp"
#include "io/net/layers/mutual_tls.hpp"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <caf/intrusive_ptr.hpp>
#include <caf/io/network/default_multiplexer.hpp>

namespace confab {

/// An actor that whoever connects is given a handle of, and how it is reached.
struct published_door {
  caf::strong_actor_ptr door;
  std::set<std::string> interface_of_door;
  std::vector<int> listening;  ///< Sockets, which are owned from now on; all with the same port.
  std::uint16_t port = 0;
  mutual_tls_ptr context;  ///< Null: nothing is encrypted.
  cluster_doorman::complain on_refusal;
};

/// The broker that speaks BASP, CAF's protocol between actor systems: what is asked of it beyond
/// its messages.
class basp {
 public:
  explicit basp(caf::actor_system& system);

  /// Takes CAF's own messages.
  const caf::actor& broker() const { return broker_; }
  caf::io::network::default_multiplexer& loop() const { return *loop_; }

  void publish(published_door what);

  /// Whoever connects to what was published gets this context from now on. In the thread of the
  /// network loop.
  void renew(const mutual_tls_ptr& context) const;

  /// Ends all connections to a node as if the network had: soon, both sides notice. In the thread
  /// of the network loop.
  void cut(const caf::node_id& node) const;

 private:
  caf::actor broker_;
  caf::io::network::default_multiplexer* loop_;
  std::vector<caf::intrusive_ptr<cluster_doorman>> doormen_;  ///< The broker's.
};

}  // namespace confab
