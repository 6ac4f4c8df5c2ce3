#pragma once

#include "apps/server/cluster_options.hpp"

#include <cstddef>
#include <memory>
#include <vector>

#include <caf/fwd.hpp>

/// Where the actors of a server live.
namespace confab::server {

/// The actor systems of a server: each has a network loop in a thread of its own, and actors of one
/// may write to those of any other.
///
/// CAF does not know that they belong together. A system that ends while an actor of another one
/// writes to its actors is used after its end, so all actors of all systems end first.
class loops {
 public:
  /// The first one is what other nodes of the cluster are linked to.
  loops(std::size_t count, const cluster_options& cluster);
  loops(const loops&) = delete;
  loops& operator=(const loops&) = delete;
  /// Waits until all actors have ended, which somebody must have told them to do.
  ~loops();

  std::size_t count() const { return systems_.size(); }

  /// Where everything is that there is once.
  caf::actor_system& home() { return at(0); }

  caf::actor_system& at(std::size_t number);

 private:
  struct configured_system;

  std::vector<std::unique_ptr<configured_system>> systems_;
};

}  // namespace confab::server
