#include "apps/server/link_metrics.hpp"

#include <chrono>
#include <utility>

namespace confab::server {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

/// One number of every link.
struct link_number {
  const char* name;
  const char* help;
  MetricType type;
  double (*value)(const link_report&);
};

constexpr link_number link_numbers[] = {
    {"confab_cluster_link_up", "1 while the link to another node is up.", MetricType::Gauge,
     [](const link_report& l) { return l.up ? 1.0 : 0.0; }},
    {"confab_cluster_links_made_total", "How often the link was made.", MetricType::Counter,
     [](const link_report& l) { return static_cast<double>(l.made); }},
    {"confab_cluster_links_lost_total", "How often the link was lost.", MetricType::Counter,
     [](const link_report& l) { return static_cast<double>(l.lost); }},
    {"confab_cluster_links_healed_total", "How often the link was made after a loss.",
     MetricType::Counter, [](const link_report& l) { return static_cast<double>(l.healed); }},
    {"confab_cluster_links_ended_total", "How often the other node ended in order.",
     MetricType::Counter, [](const link_report& l) { return static_cast<double>(l.ended); }},
    {"confab_cluster_round_trip_seconds",
     "Until readers on the other node had what was measured last, and this one knew.",
     MetricType::Gauge,
     [](const link_report& l) { return std::chrono::duration<double>(l.round_trip).count(); }},
    {"confab_cluster_under_way_news", "What the other node was told and has not taken yet.",
     MetricType::Gauge, [](const link_report& l) { return static_cast<double>(l.news_under_way); }},
    {"confab_cluster_under_way_bytes", "Memory that this takes.", MetricType::Gauge,
     [](const link_report& l) { return static_cast<double>(l.bytes_under_way); }},
    {"confab_cluster_credit_bytes", "Memory that it may take before the link is given up.",
     MetricType::Gauge, [](const link_report& l) { return static_cast<double>(l.credit_bytes); }},
    {"confab_cluster_clients", "Clients of the other node.", MetricType::Gauge,
     [](const link_report& l) { return static_cast<double>(l.clients); }},
    {"confab_cluster_texts_to_catch_up",
     "About how many events of the other node's history are still missing here.", MetricType::Gauge,
     [](const link_report& l) { return static_cast<double>(l.texts_to_catch_up); }},
};

}  // namespace

void add_links(const std::vector<link_report>& links, std::vector<MetricFamily>& families) {
  if (links.empty())
    return;
  for (const auto& number : link_numbers) {
    MetricFamily family{number.name, number.help, number.type, {}};
    for (const auto& link : links) {
      ClientMetric metric;
      metric.label = {{"peer", link.node}};
      (number.type == MetricType::Counter ? metric.counter.value : metric.gauge.value) =
          number.value(link);
      family.metric.push_back(std::move(metric));
    }
    families.push_back(std::move(family));
  }
}

}  // namespace confab::server
