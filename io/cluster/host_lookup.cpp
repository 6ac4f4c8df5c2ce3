#include "io/cluster/host_lookup.hpp"

#include <caf/all.hpp>

namespace confab {

void look_up_host(caf::actor_system& system, const cluster_peer& where,
                  const dial_plan::attempt& attempt, const membership_inside& asker) {
  const auto ask = [](caf::event_based_actor* self, const cluster_peer& peer,
                      const dial_plan::attempt& which, const membership_inside& to) {
    self->send(to, found_atom::value, host_found{which, resolve(peer.host, peer.port)});
  };
  system.spawn<caf::detached>(ask, where, attempt, asker);
}

}  // namespace confab
