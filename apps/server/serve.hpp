#pragma once

#include "apps/server/options.hpp"

#include <memory>

#include <spdlog/fwd.h>

/// The life of a server.
namespace confab::server {

/// Opens the sockets, starts the actors, serves until one of the ending signals comes, drains, and
/// returns the exit code: 0 after a signal, 1 if a socket cannot be opened; stderr says which.
int serve(const options& chosen, const std::shared_ptr<spdlog::logger>& log);

}  // namespace confab::server
