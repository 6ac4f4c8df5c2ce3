#pragma once

#include <cstddef>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/test_multiplexer.hpp>

/// CAF's network loop, with the order of events in the hands of the simulation.
namespace confab::simulation {

/// A network loop without network. Actors that have something to do wait in a list; any of them can
/// be next. All actors of the server live in the loop (io/placement.hpp), so this is every order in
/// which they can run.
class choosing_loop final : public caf::io::network::test_multiplexer {
 public:
  explicit choosing_loop(caf::actor_system* system);
  ~choosing_loop() override;
  choosing_loop(const choosing_loop&) = delete;
  choosing_loop& operator=(const choosing_loop&) = delete;

  /// How many actors have something to do.
  std::size_t waiting() const { return waiting_.size(); }

  /// A number that stays the same while the actor lives; below 64.
  std::size_t tag_of(std::size_t which) const;

  /// The identity of the actor, or 0 if it is a function that was posted to the loop.
  caf::actor_id id_of(std::size_t which) const;

  /// Lets one of them handle at most `messages_max` messages.
  void run_actor(std::size_t which, std::size_t messages_max);

 protected:
  void exec_later(caf::resumable* actor) override;

 private:
  std::vector<caf::resumable*> waiting_;
};

/// An actor system on a `choosing_loop`, where time stands still unless it is told to pass.
class simulated_config : public caf::actor_system_config {
 public:
  simulated_config();
};

}  // namespace confab::simulation
