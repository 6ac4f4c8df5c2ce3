#pragma once

#include "apps/server/options.hpp"

#include <csignal>
#include <memory>

#include <spdlog/fwd.h>

/// A running server.
namespace confab::server {

/// The signals that end the server. They must be blocked in every thread.
sigset_t ending_signals();

/// Opens the listeners, starts the actors, serves until one of the ending signals comes, drains,
/// and returns the exit code: 0 after a signal, 1 if a listener cannot be opened.
int serve(const options& chosen, std::shared_ptr<spdlog::logger> log);

}  // namespace confab::server
