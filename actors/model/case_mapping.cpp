#include "actors/model/case_mapping.hpp"

#include <algorithm>

namespace confab {

std::string folded(std::string_view name) {
  std::string result{name};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char byte) { return folded(byte); });
  return result;
}

std::string upper_cased(std::string_view word) {
  std::string result{word};
  std::transform(result.begin(), result.end(), result.begin(), [](char byte) {
    return byte >= 'a' && byte <= 'z' ? static_cast<char>(byte - 'a' + 'A') : byte;
  });
  return result;
}

bool same_name(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char one, char other) { return folded(one) == folded(other); });
}

std::weak_ordering compare_names(std::string_view left, std::string_view right) {
  return std::lexicographical_compare_three_way(
      left.begin(), left.end(), right.begin(), right.end(), [](char one, char other) {
        return std::weak_ordering{static_cast<unsigned char>(folded(one)) <=>
                                  static_cast<unsigned char>(folded(other))};
      });
}

}  // namespace confab
