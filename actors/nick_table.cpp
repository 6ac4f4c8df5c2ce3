#include "actors/nick_table.hpp"

#include "actors/model/case_mapping.hpp"

#include <utility>

namespace confab {

bool nick_table::claim(std::string_view nick, const client_id& whose) {
  return holders_.try_emplace(folded(nick), holder{whose}).first->second.whose == whose;
}

std::string nick_table::claim_numbered(std::string_view stem, const client_id& whose) {
  const auto key = folded(stem);
  auto& numbers = stems_[key];
  // The first one that is tried is free, unless somebody has chosen such a nick, which the alphabet
  // of chosen nicks does not allow.
  for (auto number = numbers.lowest();; number = numbers.lowest(number + 1)) {
    const auto suffix = number == 1 ? std::string{} : std::to_string(number);
    if (!holders_.try_emplace(key + suffix, holder{whose, key.size(), number}).second)
      continue;
    numbers.take(number);
    return std::string{stem} + suffix;
  }
}

void nick_table::release(std::string_view nick, const client_id& whose) {
  const auto found = holders_.find(folded(nick));
  if (found == holders_.end() || found->second.whose != whose)
    return;
  if (const auto stem_bytes = found->second.stem_bytes; stem_bytes > 0) {
    const auto stem = stems_.find(found->first.substr(0, stem_bytes));
    stem->second.give_back(found->second.number);
    if (stem->second.all_free())
      stems_.erase(stem);
  }
  holders_.erase(found);
}

const client_id* nick_table::find(std::string_view nick) const {
  const auto found = holders_.find(folded(nick));
  return found != holders_.end() ? &found->second.whose : nullptr;
}

bool nick_table::is_numbered(std::string_view nick, std::string_view stem,
                             const client_id& whose) const {
  const auto found = holders_.find(folded(nick));
  return found != holders_.end() && found->second.whose == whose &&
         found->second.stem_bytes == stem.size() && !stem.empty() &&
         same_name(std::string_view{found->first}.substr(0, stem.size()), stem);
}

}  // namespace confab
