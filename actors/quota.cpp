#include "actors/quota.hpp"

#include <algorithm>
#include <utility>

#include <caf/all.hpp>

namespace confab {

quota_state::quota_state(self_pointer<quota_actor> self, quota_limits limits)
    : self_(self), limits_(limits) {}

void quota_state::arrive(const gateway_actor& gateway, connection_key connection,
                         const std::string& address) {
  if (connections_ >= limits_.connections_max) {
    self_->send(gateway, refuse_atom::value, connection, refusal::server_full);
    return;
  }
  auto& from_address = connections_by_address_[address];
  if (from_address >= limits_.connections_per_address_max) {
    self_->send(gateway, refuse_atom::value, connection, refusal::address_full);
    return;
  }
  ++from_address;
  ++connections_;
  self_->send(gateway, arrive_atom::value, connection, address);
}

void quota_state::depart(const std::string& address) {
  const auto found = connections_by_address_.find(address);
  if (found == connections_by_address_.end())
    return;
  --connections_;
  if (--found->second == 0)
    connections_by_address_.erase(found);
}

void quota_state::weigh(backlog_report report) {
  const auto id = report.id;
  if (report.after_relief)
    relieving_ = false;
  backlogs_[id] = std::move(report);
  std::size_t bytes = 0;
  for (const auto& [gateway, backlog] : backlogs_)
    bytes += backlog.bytes;
  if (relieving_ || bytes <= limits_.backlog_bytes_max)
    return;
  const auto largest =
      std::max_element(backlogs_.begin(), backlogs_.end(), [](const auto& left, const auto& right) {
        return left.second.largest_bytes < right.second.largest_bytes;
      });
  // It answers with its new backlog: then there is less, or the next one has to go.
  relieving_ = true;
  const auto excess = bytes - limits_.backlog_bytes_max;
  const auto own = largest->second.bytes;
  self_->send(largest->second.gateway, shed_atom::value, own - std::min(own, excess));
}

}  // namespace confab
