#pragma once

#include <cstddef>
#include <functional>
#include <random>
#include <vector>

/// Tries every order in which the actors of a scenario can handle their messages.
namespace confab::test {

/// Calls `scenario(choose)` again and again, each time with another way to choose, until all ways
/// were tried or `runs_max` is reached. `choose(count)` returns a number below `count`; a scenario
/// must do the same when it is given the same choices. Returns the number of runs.
inline std::size_t for_each_interleaving(
    const std::function<void(const std::function<std::size_t(std::size_t)>&)>& scenario,
    std::size_t runs_max) {
  struct choice {
    std::size_t taken;
    std::size_t count;
  };
  std::vector<choice> path;
  for (std::size_t runs = 1;; ++runs) {
    std::size_t depth = 0;
    scenario([&](std::size_t count) {
      if (depth == path.size())
        path.push_back({0, count});
      return path[depth++].taken;
    });
    // Depth first: the last choice that has an alternative takes the next one.
    while (!path.empty() && path.back().taken + 1 == path.back().count)
      path.pop_back();
    if (path.empty() || runs == runs_max)
      return runs;
    ++path.back().taken;
  }
}

/// Plays a scenario `runs` times, each time in another random order, the same ones every time.
/// Finds what depends on an early choice in scenarios that have too many interleavings.
inline void for_random_orders(
    const std::function<void(const std::function<std::size_t(std::size_t)>&)>& scenario,
    std::size_t runs) {
  for (std::size_t run = 0; run < runs; ++run) {
    std::mt19937_64 random{run};
    scenario([&random](std::size_t count) { return random() % count; });
  }
}

}  // namespace confab::test
