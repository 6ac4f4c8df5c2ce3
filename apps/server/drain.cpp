#include "apps/server/drain.hpp"

#include <cstddef>
#include <vector>

#include <caf/all.hpp>

namespace confab::server {

namespace {

/// Has all of them drain, side by side. Returns when all have, or when `span` is over.
template <class Actor>
void await_drained(caf::scoped_actor& self, const std::vector<Actor>& all,
                   std::chrono::milliseconds span) {
  const auto ask = [&](const Actor& each) { return self->request(each, span, drain_atom::value); };
  std::vector<decltype(ask(all.front()))> answers;
  answers.reserve(all.size());
  for (const auto& each : all)
    answers.push_back(ask(each));
  for (auto& answer : answers)
    answer.receive([](gateway_id) {}, [](caf::error&) {});
}

}  // namespace

// Gateways in two steps, for a request may need several of them. Peers say farewell when the
// clients have left, which they do as soon as the gateways finish, however long these take then.
void drain(caf::actor_system& system, const started_actors& all, std::chrono::milliseconds span) {
  caf::scoped_actor self{system};
  await_drained(self, all.gateways, span);
  for (const auto& gateway : all.gateways) {
    self->monitor(gateway);
    self->send(gateway, finish_atom::value);
  }
  await_drained(self, all.peers, farewell_span);
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
