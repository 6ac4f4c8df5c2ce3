#pragma once

#include <chrono>
#include <csignal>

/// The signals that end the server.
namespace confab::server {

/// SIGTERM and SIGINT. They must be blocked in every thread before `await_ending_signal`.
sigset_t ending_signals();

/// Blocks until an ending signal comes, and returns it. From then on another one ends the process
/// at once.
int await_ending_signal();

/// Ends the process with exit status 1, and says so on stderr, unless it ends by itself within
/// `span`, whole seconds. Whoever supervises it learns that not everything was written.
void exit_unless_ended_within(std::chrono::seconds span);

}  // namespace confab::server
