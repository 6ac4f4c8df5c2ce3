#pragma once

#include <utility>

#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/scheduled_actor.hpp>

namespace confab {

/// A broker that drops what comes after its end, as every other actor does.
///
/// CAF 0.17.6 leaves the mailbox of a broker open when it ends. What comes late then stays there
/// for good, and keeps its sender and, by way of the sender, the broker itself in memory.
template <class Broker>
class closing_broker : public Broker {
 public:
  using Broker::Broker;

  bool cleanup(caf::error&& reason, caf::execution_unit* host) override {
    auto same_reason = reason;
    const bool ends_now = Broker::cleanup(std::move(reason), host);
    // The one that closes the mailbox; `Broker` passes it by.
    // NOLINTNEXTLINE(bugprone-parent-virtual-call)
    caf::scheduled_actor::cleanup(std::move(same_reason), host);
    return ends_now;
  }
};

}  // namespace confab
