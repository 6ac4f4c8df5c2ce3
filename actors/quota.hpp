#pragma once

#include "actors/interfaces.hpp"
#include "actors/self.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>

/// The actor that keeps the limits of the whole server.
namespace confab {

/// What the whole server may use up, whatever dialect uses it. docs/limits.md.
struct quota_limits {
  std::size_t connections_max;
  std::size_t connections_per_address_max;
  std::size_t backlog_bytes_max;  ///< Output that waits for readers, of all connections.
};

/// Counts what the gateways use up. It decides who has to go; the gateways carry it out.
class quota_state {
 public:
  quota_state(self_pointer<quota_actor> self, quota_limits limits);

  /// Admits a connection or says why not.
  void arrive(const gateway_actor& gateway, connection_key connection, const std::string& address);

  /// An admitted connection is no more.
  void depart(const std::string& address);

  /// Has the largest backlog cut while there is too much of it in all.
  void weigh(backlog_report report);

 private:
  self_pointer<quota_actor> self_;
  quota_limits limits_;
  std::size_t connections_ = 0;
  std::unordered_map<std::string, std::size_t> connections_by_address_;
  std::unordered_map<gateway_id, backlog_report> backlogs_;
  bool relieving_ = false;  ///< A gateway was told to cut, and has not answered yet.
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
      [&state](backlog_atom, backlog_report& report) { state.weigh(std::move(report)); },
      [self](close_atom) { self->quit(); },
  };
}

}  // namespace confab
