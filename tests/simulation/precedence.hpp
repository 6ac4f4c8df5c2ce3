#pragma once

#include <cstddef>
#include <deque>
#include <vector>

namespace confab::simulation {

/// What must come before what. Nodes are the texts and, after them, points in time.
class precedence {
 public:
  explicit precedence(std::size_t nodes) : next_(nodes), before_(nodes, 0) {}

  void add(std::size_t first, std::size_t second) {
    next_[first].push_back(second);
    ++before_[second];
  }

  /// Nodes that no order can place: they are in circles, or come after such.
  std::vector<std::size_t> impossible() {
    std::deque<std::size_t> ready;
    for (std::size_t node = 0; node < next_.size(); ++node)
      if (before_[node] == 0)
        ready.push_back(node);
    while (!ready.empty()) {
      const auto node = ready.front();
      ready.pop_front();
      for (const auto after : next_[node])
        if (--before_[after] == 0)
          ready.push_back(after);
    }
    std::vector<std::size_t> left;
    for (std::size_t node = 0; node < next_.size(); ++node)
      if (before_[node] > 0)
        left.push_back(node);
    return left;
  }

 private:
  std::vector<std::vector<std::size_t>> next_;
  std::vector<std::size_t> before_;
};

}  // namespace confab::simulation
