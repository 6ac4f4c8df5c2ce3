#pragma once

#include "actors/cluster/link_report.hpp"
#include "actors/interfaces.hpp"

#include <optional>
#include <string>
#include <vector>

/// The numbers of a server as Prometheus wants them.
namespace confab::server {

/// Everything in the Prometheus text format: what there is by dialect, and by listener.
/// docs/limits.md names the metrics. `archive`: nothing if there is none, or if it has not
/// answered. `links`: to other nodes.
std::string metrics_text(const registry_report& rooms, const std::vector<gateway_report>& all,
                         const std::optional<archive_report>& archive = std::nullopt,
                         const std::vector<link_report>& links = {});

}  // namespace confab::server
