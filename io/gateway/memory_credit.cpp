#include "io/gateway/memory_credit.hpp"

#include <algorithm>
#include <bit>

namespace confab {

memory_credit::request memory_credit::give_back(std::size_t bytes) {
  const auto returned = std::min(bytes, bytes_);
  bytes_ -= returned;
  return {wanted_bytes_, returned};
}

std::optional<memory_credit::request> memory_credit::review(std::size_t held_bytes) {
  // Powers of two, and a wide gap between asking and giving back: a few messages do for any load.
  const auto comfortable = std::bit_ceil(std::max(held_bytes * 4, wanted_bytes_min));
  if (wanted_bytes_ > 0 && held_bytes * 2 <= wanted_bytes_ && comfortable * 4 > wanted_bytes_)
    return std::nullopt;
  wanted_bytes_ = comfortable;
  return give_back(bytes_ - std::min(bytes_, comfortable));
}

}  // namespace confab
