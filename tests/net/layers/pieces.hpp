#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Input cut into pieces, as a network may cut it.
namespace confab::test {

using pieces = std::vector<std::string_view>;

/// Pieces of `size` bytes each, the last one perhaps smaller.
inline pieces in_steps(std::string_view bytes, std::size_t size) {
  pieces result;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
    result.push_back(bytes.substr(0, size));
  return result;
}

/// Whole, byte by byte, and in two at each position; of long input at the first and the last 200.
inline std::vector<pieces> all_cuts(std::string_view bytes) {
  std::vector<pieces> result{{bytes}, in_steps(bytes, 1)};
  for (std::size_t at = 1; at < bytes.size(); ++at)
    if (at <= 200 || at + 200 >= bytes.size())
      result.push_back({bytes.substr(0, at), bytes.substr(at)});
  return result;
}

}  // namespace confab::test
