#pragma once

#include "actors/cluster/observed_peer.hpp"
#include "actors/interfaces.hpp"
#include "apps/server/layering.hpp"
#include "apps/server/loops.hpp"
#include "apps/server/options.hpp"
#include "io/net/listening_socket.hpp"
#include "io/storage/open_history.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <spdlog/fwd.h>

/// From options to actors that serve.
namespace confab::server {

/// A listener with its sockets, not yet served.
struct opened_listener {
  listener wanted;
  std::vector<listening_sockets> sockets;  ///< One for each loop, all with the same port.
};

/// All sockets that a server listens on.
struct opened_sockets {
  std::vector<opened_listener> listeners;
  std::optional<listening_sockets> admin;  ///< Nothing: no admin port is wanted.
};

/// The actors of a running server, but for those that they start themselves.
struct started_actors {
  quota_actor quota;
  registry_actor registry;
  directory_actor directory;
  authenticator_actor authenticator;    ///< Null: there are no server operators.
  archive_actor archive;                ///< Null: nothing is kept.
  std::vector<gateway_actor> gateways;  ///< Of each listener, in their order, one per loop.
  std::size_t gateways_per_listener = 1;
  std::vector<observed_peer> peers = {};  ///< One per other node of the cluster.

  /// The number of the listener that a gateway serves.
  std::size_t listener_of(std::size_t gateway) const { return gateway / gateways_per_listener; }
};

/// Opens all sockets that were asked for, or returns one line for the user that says which one
/// cannot be opened, and why. A node of a cluster does not accept clients yet.
std::variant<opened_sockets, std::string> open_sockets(const options& chosen);

/// Starts all actors but those that serve clients. The archive owns the files of `history` from now
/// on; nothing: nothing is kept.
started_actors start_actors(loops& systems, const options& chosen,
                            std::optional<history_files> history,
                            const std::shared_ptr<spdlog::logger>& log);

/// Accepts clients from now on. Returns one line for the user if that is not to be.
std::optional<std::string> begin_to_listen(const options& chosen,
                                           const std::vector<opened_listener>& listeners);

/// Starts a gateway of each listener in every loop. They own the sockets of `listeners` from now
/// on.
void start_gateways(loops& systems, const options& chosen, std::vector<opened_listener> listeners,
                    const listener_layering& layers, started_actors& all,
                    const std::shared_ptr<spdlog::logger>& log);

}  // namespace confab::server
