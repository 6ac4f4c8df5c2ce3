#pragma once

#include "tests/simulation/dice.hpp"

#include <cstddef>
#include <unordered_map>
#include <vector>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/io/network/test_multiplexer.hpp>

/// CAF's network loop, with the order of events in the hands of the simulation.
namespace confab::simulation {

/// A network loop without network. Actors that have something to do wait in a list; any of them can
/// be next. All actors of the server live in the loop (io/placement.hpp), so this is every order in
/// which they can run.
///
/// It can also stand for several loops, as a server with --loops has them. Then the handler of an
/// actor is no step that nobody sees the middle of: when it has woken an actor of another loop,
/// that loop, and others, may go on before it does. Two actors of one loop never run at a time.
/// Nothing is shared between actors, so what they can see of one another's timing is just that.
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

  /// The actor is in this loop of several. Those that are not placed are in the loop of the actor
  /// that has started them, or in loop 0.
  void place(caf::actor_id actor, std::size_t loop) { loops_[actor] = loop; }

  /// From now on loops run side by side, as `chance` wants it; null: no longer.
  void run_side_by_side(dice* chance) { chance_ = chance; }

 protected:
  void exec_later(caf::resumable* actor) override;

 private:
  /// Somebody who has something to do.
  struct waiter {
    caf::resumable* actor;
    std::size_t loop;  ///< Of a function that was posted.
  };

  static caf::actor_id id_of(const caf::resumable& actor);
  std::size_t loop_of(const waiter& who) const;
  bool runs(std::size_t loop) const;
  void let_other_loops_run();

  std::vector<waiter> waiting_;
  std::unordered_map<caf::actor_id, std::size_t> loops_;  ///< Of the actors that were seen.
  std::vector<std::size_t> running_;  ///< The loops that are in the middle of a handler.
  dice* chance_ = nullptr;            ///< Null: one loop, or nobody runs beside another.
};

/// An actor system on a `choosing_loop`, where time stands still unless it is told to pass.
class simulated_config : public caf::actor_system_config {
 public:
  simulated_config();
};

}  // namespace confab::simulation
