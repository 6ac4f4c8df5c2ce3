#include "io/dialects/irc/targets.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/dialects/irc/names.hpp"

#include <set>
#include <string>

namespace confab::irc {

std::vector<std::string_view> split_list(std::string_view list, char separator) {
  std::vector<std::string_view> result;
  for (;;) {
    const auto end = list.find(separator);
    result.push_back(list.substr(0, end));
    if (end == std::string_view::npos)
      return result;
    list.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> targets_of(std::string_view list, char separator) {
  std::vector<std::string_view> result;
  std::set<std::string> known;
  for (const auto word : split_list(list, separator))
    if (!word.empty() && known.insert(folded(word)).second)
      result.push_back(word);
  return result;
}

std::optional<std::string_view> room_of(const settings& shared, std::string_view channel) {
  const auto room = room_of_channel(channel);
  return room && room->size() <= shared.room_name_bytes_max ? room : std::nullopt;
}

}  // namespace confab::irc
