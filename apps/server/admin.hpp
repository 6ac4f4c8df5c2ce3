#pragma once

#include "apps/server/admin_pages.hpp"
#include "apps/server/http_server.hpp"
#include "io/net/file_descriptor.hpp"
#include "io/net/listening_socket.hpp"

#include <thread>
#include <vector>

#include <caf/fwd.hpp>

/// The server seen from outside, over HTTP.
namespace confab::server {

/// Serves the `admin_pages` in a thread of its own, until its end.
class admin_port {
 public:
  /// Serves at `listeners`. Throws `std::bad_alloc` or `std::system_error` if the machine has no
  /// memory, descriptor or thread for it.
  admin_port(caf::actor_system& system, observed_actors observed, listening_sockets listeners);

  admin_port(const admin_port&) = delete;
  admin_port& operator=(const admin_port&) = delete;

  /// The server has let clients in; these serve them.
  void show(std::vector<gateway_actor> gateways);

  /// Closes all connections, whatever their clients are doing. Waits only for a page that is being
  /// made.
  ~admin_port();

 private:
  admin_pages pages_;
  http_server http_;
  file_descriptor stop_;  ///< Readable when the thread is to end.
  std::thread thread_;
};

}  // namespace confab::server
