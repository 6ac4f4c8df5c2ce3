#pragma once

#include "actors/cluster/known_dialects.hpp"
#include "actors/cluster/observed_peer.hpp"
#include "actors/cluster/peer_interface.hpp"
#include "actors/interfaces.hpp"
#include "apps/server/cluster_options.hpp"
#include "apps/server/start.hpp"
#include "io/net/layers/mutual_tls.hpp"
#include "io/net/listening_socket.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <caf/fwd.hpp>
#include <spdlog/fwd.h>

/// From options to links with other nodes.
namespace confab::server {

/// What links need, not yet served.
struct opened_cluster {
  listening_sockets port;
  mutual_tls_ptr context;  ///< Null: nothing is encrypted.
};

/// Reads the certificate, its key and the authority's. Otherwise returns one line that says which
/// option names a file that is no good, and why. Due only if links are to be encrypted.
std::variant<mutual_tls_ptr, std::string> load_link_certificate(const cluster_options& chosen);

/// Says in the log if the certificate ends within 30 days.
void log_end_of_link_certificate(const mutual_tls& context, const cluster_options& chosen,
                                 spdlog::logger& log);

/// Reads the certificates and opens the port; or returns one line that says what is wrong. Due only
/// if a cluster is wanted.
std::variant<opened_cluster, std::string> open_cluster(const cluster_options& chosen);

/// CAF's settings for links, and all types that cross them. Due before the actor system is made.
void configure_cluster(caf::actor_system_config& config);

/// The names of the dialects that there are.
std::vector<std::string_view> dialect_names();

/// Starts the actor that links this node to others. It dials a node, and lets it in, from the time
/// on when it is told by `serve_atom` which peer stands for it.
membership_actor start_membership(caf::actor_system& system, const cluster_options& chosen,
                                  opened_cluster opened,
                                  const std::shared_ptr<spdlog::logger>& log);

/// Of this node among all of the cluster, in the order of their names: the same on all nodes.
std::uint64_t place_of_node(const cluster_options& chosen);

/// Starts an actor for each of the other nodes, and has them linked. The history is kept for so
/// long; 0: no limit.
std::vector<observed_peer> start_peers(caf::actor_system& system, const cluster_options& chosen,
                                       const membership_actor& links, const started_actors& all,
                                       std::int64_t history_age_ms_max,
                                       const std::shared_ptr<spdlog::logger>& log);

}  // namespace confab::server
