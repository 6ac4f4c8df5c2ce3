#pragma once

#include "actors/cluster/observed_peer.hpp"
#include "actors/interfaces.hpp"
#include "apps/server/http_server.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/scoped_actor.hpp>

/// What the admin port shows of the server.
namespace confab::server {

/// The gateways of a server that has let clients in.
struct opened_gateways {
  std::vector<gateway_actor> all;
};

/// The actors that are asked.
struct observed_actors {
  registry_actor registry;
  std::vector<gateway_actor> gateways;    ///< None: clients are not let in yet.
  archive_actor archive;                  ///< Null: there is none.
  std::vector<observed_peer> peers = {};  ///< One for each other node of the cluster.
};

/// The pages `/metrics` (Prometheus text format), `/healthz` (the network loop answers), `/readyz`
/// (it does, and the server lets clients in: it is not catching up, and not draining), and
/// `/rooms`, which shows in a browser what goes on, with the rooms of `/rooms.json`.
///
/// Shares nothing with the actors: each page sends them messages and waits for the answers, for
/// all together no longer than a second, and two fifths more for `/metrics`.
class admin_pages final : public http_pages {
 public:
  admin_pages(caf::actor_system& system, observed_actors observed);

  /// Is to be told of `opened_gateways`. May be called in any thread.
  caf::actor inbox() const { return caf::actor_cast<caf::actor>(inbox_); }

  void begin_round() override { silent_ = false; }
  http_page page(std::string_view path) override;

 private:
  /// What all actors said of themselves.
  struct reports {
    registry_report rooms;
    std::vector<gateway_report> gateways;
  };

  void take_news();
  std::optional<reports> ask();
  std::optional<archive_report> ask_archive();
  http_page metrics();
  http_page healthz();
  http_page readyz();
  http_page rooms();

  caf::actor_system& system_;
  observed_actors observed_;
  caf::scoped_actor inbox_;
  bool silent_ = false;  ///< The actors have not answered an earlier request of this round.
};

}  // namespace confab::server

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(confab::server::opened_gateways)
