#include "actors/told_readers.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

namespace confab {

audience_ptr told_readers::take_untold(gateway_id gateway, const audience_ptr& readers) {
  if (!readers || readers->empty())
    return nullptr;
  const auto found = std::find_if(groups_.begin(), groups_.end(),
                                  [gateway](const group& each) { return each.gateway == gateway; });
  if (found == groups_.end()) {
    groups_.push_back({gateway, readers, {}});
    return readers;
  }
  if (const auto first = std::exchange(found->first, nullptr)) {
    found->sorted = *first;
    std::sort(found->sorted.begin(), found->sorted.end());
  }
  auto wanted = *readers;
  std::sort(wanted.begin(), wanted.end());
  audience untold;
  std::set_difference(wanted.begin(), wanted.end(), found->sorted.begin(), found->sorted.end(),
                      std::back_inserter(untold));
  if (untold.empty())
    return nullptr;
  audience all;
  all.reserve(found->sorted.size() + untold.size());
  std::merge(found->sorted.begin(), found->sorted.end(), untold.begin(), untold.end(),
             std::back_inserter(all));
  found->sorted = std::move(all);
  return std::make_shared<const audience>(std::move(untold));
}

bool told_readers::contains(const client_id& reader) const {
  return std::any_of(groups_.begin(), groups_.end(), [&](const group& each) {
    if (each.gateway != reader.gateway)
      return false;
    if (each.first)
      return std::find(each.first->begin(), each.first->end(), reader.connection) !=
             each.first->end();
    return std::binary_search(each.sorted.begin(), each.sorted.end(), reader.connection);
  });
}

}  // namespace confab
