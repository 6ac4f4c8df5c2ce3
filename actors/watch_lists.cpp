#include "actors/watch_lists.hpp"

#include "actors/model/case_mapping.hpp"

#include <algorithm>

namespace confab {

bool watch_lists::add(const client_id& watcher, std::string_view nick) {
  const auto key = folded(nick);
  if (const auto found = watchers_.find(key);
      found != watchers_.end() && found->second.contains(watcher))
    return true;
  auto& list = lists_[watcher];
  if (list.size() >= nicks_each_max_)
    return false;
  list.emplace_back(nick);
  watchers_[key].insert(watcher);
  return true;
}

void watch_lists::remove(const client_id& watcher, std::string_view nick) {
  const auto found = lists_.find(watcher);
  if (found == lists_.end())
    return;
  std::erase_if(found->second, [&](const std::string& each) { return same_name(each, nick); });
  if (found->second.empty())
    lists_.erase(found);
  forget_watcher(watcher, nick);
}

void watch_lists::clear(const client_id& watcher) {
  const auto found = lists_.find(watcher);
  if (found == lists_.end())
    return;
  for (const auto& nick : found->second)
    forget_watcher(watcher, nick);
  lists_.erase(found);
}

const std::vector<std::string>& watch_lists::watched_by(const client_id& watcher) const {
  const auto found = lists_.find(watcher);
  return found != lists_.end() ? found->second : nothing_;
}

const std::set<client_id>& watch_lists::watchers_of(std::string_view nick) const {
  const auto found = watchers_.find(folded(nick));
  return found != watchers_.end() ? found->second : nobody_;
}

void watch_lists::forget_watcher(const client_id& watcher, std::string_view nick) {
  const auto found = watchers_.find(folded(nick));
  if (found == watchers_.end())
    return;
  found->second.erase(watcher);
  if (found->second.empty())
    watchers_.erase(found);
}

}  // namespace confab
