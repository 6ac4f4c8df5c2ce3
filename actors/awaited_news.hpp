#pragma once

#include <cstdint>
#include <vector>

#include <caf/fwd.hpp>

namespace confab {

/// The news of members that have announced themselves to a room and are still on their way to it.
class awaited_news {
 public:
  bool empty() const { return awaited_.empty(); }

  /// News of this member will come.
  void begin(caf::actor_id member);

  /// The news of this member have come, or will not come.
  void end(caf::actor_id member);

  /// The number of the news that were announced last.
  std::uint64_t latest() const { return latest_; }

  /// Whether these news and all that were announced before them have come.
  bool have_come(std::uint64_t number) const {
    return awaited_.empty() || awaited_.front().number > number;
  }

 private:
  struct entry {
    caf::actor_id member;
    std::uint64_t number;
  };

  std::vector<entry> awaited_;  ///< In the order of their numbers.
  std::uint64_t latest_ = 0;
};

}  // namespace confab
