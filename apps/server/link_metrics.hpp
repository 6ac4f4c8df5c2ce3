#pragma once

#include "actors/cluster/link_report.hpp"

#include <prometheus/metric_family.h>
#include <vector>

/// The numbers of links to other nodes as Prometheus wants them.
namespace confab::server {

/// Adds each number of all links, by the name of the other node; nothing if there are no links.
void add_links(const std::vector<link_report>& links,
               std::vector<prometheus::MetricFamily>& families);

}  // namespace confab::server
