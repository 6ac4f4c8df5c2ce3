#pragma once

#include <utility>
#include <vector>

namespace confab {

/// Inserts into a list that stays for long, of which there are many: its memory grows by an eighth,
/// where `insert` would double it.
template <class T>
T& insert_compactly(std::vector<T>& list, typename std::vector<T>::iterator place, T added) {
  const auto index = place - list.begin();
  if (list.size() == list.capacity())
    list.reserve(list.size() + 1 + list.size() / 8);
  return *list.insert(list.begin() + index, std::move(added));
}

/// The same at the end of the list.
template <class T>
T& append_compactly(std::vector<T>& list, T added) {
  return insert_compactly(list, list.end(), std::move(added));
}

}  // namespace confab
