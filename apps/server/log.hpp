#pragma once

#include <memory>
#include <string>

#include <spdlog/fwd.h>

namespace confab::server {

/// The server's log: one line an event on stderr, at once, from `level` up.
///
/// Longer lines than 1 KiB are cut, and end with `…` then. Never waits: while nobody reads stderr
/// (a full pipe) lines are dropped, not the service.
std::shared_ptr<spdlog::logger> make_log(const std::string& level);

}  // namespace confab::server
