#pragma once

#include "actors/cluster/peer_interface.hpp"
#include "apps/server/layering.hpp"
#include "apps/server/options.hpp"
#include "apps/server/start.hpp"
#include "io/net/layers/mutual_tls.hpp"

#include <memory>

#include <spdlog/fwd.h>

namespace confab::server {

/// Reads the certificates of a server that runs again when it is told to. Connections to come get
/// the new ones, those that are open stay as they are. Files that are no good change nothing, and
/// the log says what is wrong with them.
class certificate_keeper {
 public:
  /// What is given has to outlive this. Gateways that are started later are to be made with
  /// `layers` as they are then.
  certificate_keeper(const options& chosen, const started_actors& all, listener_layering& layers,
                     std::shared_ptr<spdlog::logger> log);

  /// Links to other nodes have this certificate; null: they are not encrypted.
  void keep(membership_actor links, mutual_tls_ptr context);

  /// Whether there is a certificate, for clients or for other nodes.
  bool has_any() const;

  void read_again();

  /// Says in the log which certificates end within 30 days, or have ended.
  void log_ends() const;

 private:
  void read_that_of_clients_again();
  void read_that_of_links_again();

  const options& chosen_;
  const started_actors& all_;
  listener_layering& layers_;
  std::shared_ptr<spdlog::logger> log_;
  membership_actor links_;  ///< Null: the server stands alone.
  mutual_tls_ptr context_;  ///< Null: links are not encrypted.
};

}  // namespace confab::server
