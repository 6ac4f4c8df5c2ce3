#pragma once

#include "actors/interfaces.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include <caf/fwd.hpp>

namespace httplib {
class Server;
}

/// The server seen from outside, over HTTP.
namespace confab::server {

/// Whom the admin port asks.
struct observed_actors {
  registry_actor registry;
  std::vector<gateway_actor> gateways;
};

/// Serves `/metrics` (Prometheus text format), `/healthz` (the network loop answers) and `/readyz`
/// (it does, and the server is not draining), in a thread of its own.
///
/// Shares nothing with the actors: each request sends them messages and waits for the answers.
class admin_port {
 public:
  /// Listens on `address`; port 0 takes a free one. Returns null if it cannot.
  static std::unique_ptr<admin_port> open(caf::actor_system& system, observed_actors observed,
                                          const std::string& address, std::uint16_t port);

  admin_port(const admin_port&) = delete;
  admin_port& operator=(const admin_port&) = delete;
  ~admin_port();

  std::uint16_t port() const { return port_; }

 private:
  explicit admin_port(std::unique_ptr<httplib::Server> http);

  std::unique_ptr<httplib::Server> http_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace confab::server
