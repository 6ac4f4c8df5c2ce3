#pragma once

#include "actors/model/identity.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace confab {

/// A client watches at most so many nicks (MONITOR=100), if nothing else is said.
inline constexpr std::size_t watched_nicks_max = 100;

/// Which clients watch which nicks. Nicks that differ only in the case of A-Z are the same.
class watch_lists {
 public:
  explicit watch_lists(std::size_t nicks_each_max = watched_nicks_max)
      : nicks_each_max_(nicks_each_max) {}

  /// The client watches the nick from now on, or did already. False if its list is full.
  bool add(const client_id& watcher, std::string_view nick);

  /// The client does not watch the nick any more.
  void remove(const client_id& watcher, std::string_view nick);

  /// The client does not watch anything any more.
  void clear(const client_id& watcher);

  /// What the client watches, as it wrote it, in the order in which it was added.
  const std::vector<std::string>& watched_by(const client_id& watcher) const;

  /// Who watches the nick.
  const std::set<client_id>& watchers_of(std::string_view nick) const;

  /// How many nicks somebody watches.
  std::size_t watched_nicks() const { return watchers_.size(); }

 private:
  void forget_watcher(const client_id& watcher, std::string_view nick);

  std::size_t nicks_each_max_;
  std::map<client_id, std::vector<std::string>> lists_;  ///< None is empty.
  std::map<std::string, std::set<client_id>> watchers_;  ///< By folded nick; none is empty.
  std::vector<std::string> nothing_;                     ///< What most clients watch.
  std::set<client_id> nobody_;                           ///< Who watches most nicks.
};

}  // namespace confab
