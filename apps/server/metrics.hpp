#pragma once

#include "actors/interfaces.hpp"

#include <string>
#include <vector>

/// The numbers of a server as Prometheus wants them.
namespace confab::server {

/// Everything in the Prometheus text format. docs/limits.md names the metrics.
std::string metrics_text(const registry_report& rooms, const std::vector<gateway_report>& gateways);

}  // namespace confab::server
