#include "io/cluster/basp.hpp"

#include <sys/socket.h>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/basp_broker.hpp>

namespace confab {

basp::basp(caf::actor_system& system)
    : broker_(system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"))),
      loop_(&dynamic_cast<caf::io::network::default_multiplexer&>(system.middleman().backend())) {}

// As CAF's middleman does, whose own way opens the sockets itself.
void basp::publish(published_door what) {
  for (const int descriptor : what.listening) {
    doormen_.push_back(
        caf::make_counted<cluster_doorman>(*loop_, descriptor, what.context, what.on_refusal));
    caf::anon_send(broker_, caf::publish_atom::value, caf::io::doorman_ptr{doormen_.back()},
                   what.port, what.door, what.interface_of_door);
  }
}

void basp::renew(const mutual_tls_ptr& context) const {
  for (const auto& each : doormen_)
    each->renew(context);
}

// The broker has no message for it. Its table of nodes may be read by anybody, and a connection
// that it still serves has a descriptor that is still open.
void basp::cut(const caf::node_id& node) const {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(broker_);
  constexpr auto ending =
      caf::abstract_actor::is_terminated_flag | caf::abstract_actor::is_shutting_down_flag;
  auto* broker = dynamic_cast<caf::io::basp_broker*>(actor);
  if (broker == nullptr || broker->getf(ending))
    return;
  for (const auto& connection : broker->connections())
    if (broker->instance.tbl().lookup_direct(connection) == node)
      ::shutdown(static_cast<int>(connection.id()), SHUT_RDWR);
}

}  // namespace confab
