#pragma once

#include <chrono>
#include <csignal>
#include <optional>

/// The signals that the server waits for.
namespace confab::server {

/// SIGTERM and SIGINT, which end it, and SIGHUP. They must be blocked in every thread before
/// `await_signal`.
sigset_t awaited_signals();

/// Blocks until a signal comes, and returns it, or for `span`, and returns nothing. After a signal
/// that ends the server another one ends the process at once.
std::optional<int> await_signal(std::chrono::milliseconds span);

/// Ends the process with exit status 1, and says so on stderr, unless it ends by itself within
/// `span`, whole seconds. Whoever supervises it learns that not everything was written.
void exit_unless_ended_within(std::chrono::seconds span);

}  // namespace confab::server
