#pragma once

#include "apps/server/start.hpp"

#include <chrono>

#include <caf/fwd.hpp>

/// The end of a server.
namespace confab::server {

/// How long all requests that are under way may take to end. They take far less; this only guards
/// against a defect.
inline constexpr std::chrono::milliseconds quiet_span{500};

/// How long other nodes may take to hear that this one ends. It takes a round trip.
inline constexpr std::chrono::milliseconds farewell_span{1000};

/// Stops accepting and reading everywhere, lets the requests end that are under way, for `span` at
/// most, then has what is queued written, tells other nodes that this one ends, and ends all
/// actors. Returns when the gateways have ended, each after a span of its own at most.
void drain(caf::actor_system& system, const started_actors& all,
           std::chrono::milliseconds span = quiet_span);

}  // namespace confab::server
