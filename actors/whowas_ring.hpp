#pragma once

#include "actors/model/identity.hpp"

#include <cstddef>
#include <deque>
#include <string_view>
#include <vector>

namespace confab {

/// Who had which nick, as long as there is place: beyond `entries_max` the oldest is forgotten.
class whowas_ring {
 public:
  explicit whowas_ring(std::size_t entries_max) : entries_max_(entries_max) {}

  /// The client is known by this identity no more.
  void add(identity_ptr who);

  /// Those who had a nick that matches the mask, newest first, at most `count_max` of them; 0: all.
  /// Looks at no more than `steps_max` bytes, nearly.
  std::vector<identity> find(std::string_view mask, std::size_t count_max,
                             std::size_t steps_max) const;

  /// How many are remembered.
  std::size_t size() const { return entries_.size(); }

 private:
  std::size_t entries_max_;
  std::deque<identity_ptr> entries_;  ///< Newest first.
};

}  // namespace confab
