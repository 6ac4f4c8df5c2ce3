#pragma once

#include "actors/interfaces.hpp"
#include "apps/server/history_options.hpp"
#include "io/storage/open_history.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <caf/fwd.hpp>
#include <spdlog/fwd.h>

/// From a file to the actors that keep what is said.
namespace confab::server {

/// How this server opens the history in a file.
history_settings settings_of_history(std::string file, bool is_synced = true,
                                     std::uint64_t bytes_max = 0);

/// How long what was said is kept.
history_retention retention_of(const history_options& chosen);

/// Starts the archive. It owns the file from now on.
archive_actor start_archive(caf::actor_system& system, const history_options& chosen,
                            history_files files, const std::shared_ptr<spdlog::logger>& log);

}  // namespace confab::server
