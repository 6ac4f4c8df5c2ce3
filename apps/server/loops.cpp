#include "apps/server/loops.hpp"

#include "apps/server/cluster_start.hpp"
#include "io/net/event_loop.hpp"

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab::server {

namespace {

/// CAF's settings, chosen by measurement: docs/performance.md.
class system_config final : public loop_config, public known_dialects {
 public:
  system_config(loop_place place, const cluster_options& cluster)
      : loop_config(place), known_dialects(dialect_names()) {
    if (place.number == 0 && cluster.is_wanted())
      configure_cluster(*this);
    load<caf::io::middleman, event_loop>();
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::size_t{1});  // All our actors run in network loops.
    set("scheduler.max-throughput", std::size_t{300});
    set("middleman.workers", std::size_t{0});
    set("logger.verbosity", caf::atom("quiet"));
  }
};

}  // namespace

struct loops::configured_system {
  configured_system(loop_place place, const cluster_options& cluster)
      : config(place, cluster), system(config) {}

  system_config config;
  caf::actor_system system;
};

loops::loops(std::size_t count, const cluster_options& cluster) {
  for (std::size_t number = 0; number < count; ++number)
    systems_.push_back(std::make_unique<configured_system>(loop_place{number, count}, cluster));
}

loops::~loops() {
  for (const auto& each : systems_)
    each->system.await_all_actors_done();
  while (!systems_.empty())  // The first one last: all others write to it.
    systems_.pop_back();
}

caf::actor_system& loops::at(std::size_t number) {
  return systems_.at(number)->system;
}

}  // namespace confab::server
