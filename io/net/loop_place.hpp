#pragma once

#include <cstddef>

#include <caf/actor_system_config.hpp>

/// Several loops in one process.
namespace confab {

/// Which of the loops of a process one is. The rooms are in loop 0.
struct loop_place {
  std::size_t number = 0;
  std::size_t count = 1;
};

/// The configuration of an actor system whose loop is one of several: the loop finds its place
/// here, since all that CAF tells it when it is made is its system.
class loop_config : public caf::actor_system_config {
 public:
  explicit loop_config(loop_place place) : place_(place) {}

  loop_place place() const { return place_; }

 private:
  loop_place place_;
};

}  // namespace confab
