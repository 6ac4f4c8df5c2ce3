#include "apps/server/drain.hpp"

#include <cstddef>
#include <vector>

#include <caf/all.hpp>

namespace confab::server {

namespace {

/// Returns when no gateway has a request under way, or when `span` is over. All wait side by side.
void let_requests_end(caf::scoped_actor& self, const std::vector<gateway_actor>& gateways,
                      std::chrono::milliseconds span) {
  const auto ask = [&](const gateway_actor& gateway) {
    return self->request(gateway, span, drain_atom::value);
  };
  std::vector<decltype(ask(gateways.front()))> answers;
  answers.reserve(gateways.size());
  for (const auto& gateway : gateways)
    answers.push_back(ask(gateway));
  for (auto& answer : answers)
    answer.receive([](gateway_id) {}, [](caf::error&) {});
}

}  // namespace

// In two steps, for a request may need several gateways.
void drain(caf::actor_system& system, const started_actors& all, std::chrono::milliseconds span) {
  caf::scoped_actor self{system};
  let_requests_end(self, all.gateways, span);
  for (const auto& gateway : all.gateways) {
    self->monitor(gateway);
    self->send(gateway, finish_atom::value);
  }
  for (std::size_t ended = 0; ended < all.gateways.size(); ++ended)
    self->receive([](const caf::down_msg&) {});
  for (const auto& peer : all.peers)
    self->send(peer, finish_atom::value);
  self->send(all.registry, close_atom::value);
  self->send(all.directory, close_atom::value);
  if (all.authenticator)
    self->send(all.authenticator, close_atom::value);
  self->send(all.quota, close_atom::value);
  if (all.archive)
    self->send(all.archive, close_atom::value);
}

}  // namespace confab::server
