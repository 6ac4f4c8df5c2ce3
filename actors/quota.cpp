#include "actors/quota.hpp"

#include "actors/address_network.hpp"

#include <utility>

#include <caf/all.hpp>

namespace confab {

quota_state::quota_state(self_pointer<quota_actor> self, quota_limits limits)
    : self_(self), limits_(limits), memory_(limits.backlog_bytes_max, limits.gateways) {}

void quota_state::arrive(const gateway_actor& gateway, connection_key connection,
                         const std::string& address) {
  if (connections_ >= limits_.connections_max) {
    self_->send(gateway, refuse_atom::value, connection, refusal::server_full);
    return;
  }
  auto& from_network = connections_by_network_[network_of(address)];
  if (from_network >= limits_.connections_per_address_max) {
    self_->send(gateway, refuse_atom::value, connection, refusal::address_full);
    return;
  }
  ++from_network;
  ++connections_;
  self_->send(gateway, arrive_atom::value, connection, address);
}

void quota_state::depart(const std::string& address) {
  const auto found = connections_by_network_.find(network_of(address));
  if (found == connections_by_network_.end())
    return;
  --connections_;
  if (--found->second == 0)
    connections_by_network_.erase(found);
}

void quota_state::credit(credit_request request) {
  gateways_[request.id] = std::move(request.gateway);
  for (const auto& each :
       memory_.request(request.id, request.wanted_bytes, request.returned_bytes)) {
    const auto& gateway = gateways_.at(each.gateway);
    if (each.granted_bytes > 0)  // Ahead of the output that needs it.
      self_->send<caf::message_priority::high>(gateway, credit_atom::value, each.granted_bytes);
    if (each.recalled_bytes > 0)
      self_->send(gateway, shed_atom::value, each.recalled_bytes);
  }
}

}  // namespace confab
