#pragma once

#include "actors/interfaces.hpp"
#include "actors/memory_pool.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>

/// The actor that keeps the limits of the whole server.
namespace confab {

/// What the whole server may use up, whatever dialect uses it. docs/limits.md.
struct quota_limits {
  std::size_t connections_max;
  std::size_t connections_per_address_max;  ///< An IPv6 network of 64 bits counts as one address.
  std::size_t backlog_bytes_max;            ///< Memory held for readers, by all gateways together.
  std::size_t gateways = 1;                 ///< How many gateways there are.
};

/// Counts what the gateways use up. It decides who has to go; the gateways carry it out.
class quota_state {
 public:
  quota_state(self_pointer<quota_actor> self, quota_limits limits);

  /// Admits a connection or says why not.
  void arrive(const gateway_actor& gateway, connection_key connection, const std::string& address);

  /// An admitted connection is no more.
  void depart(const std::string& address);

  /// Gives the gateway the credit that it wants, as far as there is any.
  void credit(credit_request request);

 private:
  self_pointer<quota_actor> self_;
  quota_limits limits_;
  std::size_t connections_ = 0;
  std::unordered_map<std::string, std::size_t> connections_by_network_;
  memory_pool memory_;
  std::unordered_map<gateway_id, gateway_actor> gateways_;
};

/// The behavior of the quota actor. `Pointer` is the actor's own pointer type, with a `state` of
/// type `std::optional<quota_state>`.
template <class Pointer>
quota_actor::behavior_type quota(Pointer self, quota_limits limits) {
  auto& state = self->state.emplace(self, limits);
  return {
      [&state](arrive_atom, const gateway_actor& gateway, connection_key connection,
               const std::string& address) { state.arrive(gateway, connection, address); },
      [&state](depart_atom, const std::string& address) { state.depart(address); },
      [&state](credit_atom, credit_request& request) { state.credit(std::move(request)); },
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab
