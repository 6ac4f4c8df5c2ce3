#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/precedence.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <utility>

namespace confab::simulation {

namespace {

/// What was answered before something else was asked for came before it.
void add_times(const std::vector<utterance>& texts, const std::vector<moment>& times,
               precedence& order) {
  const auto node_at = [&](auto found) {
    return texts.size() + static_cast<std::size_t>(found - times.begin());
  };
  for (std::size_t i = 0; i + 1 < times.size(); ++i)
    order.add(texts.size() + i, texts.size() + i + 1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].done != never)
      order.add(i, node_at(std::lower_bound(times.begin(), times.end(), texts[i].done)));
    const auto asked = std::lower_bound(times.begin(), times.end(), texts[i].asked);
    if (asked != times.begin())
      order.add(node_at(std::prev(asked)), i);
  }
}

/// The texts of each author, as it said them.
void add_authors(const std::vector<utterance>& texts, precedence& order) {
  for (std::size_t i = 0; i + 1 < texts.size(); ++i)
    if (texts[i].client == texts[i + 1].client)  // The account lists one client after the other.
      order.add(i, i + 1);
}

/// The texts of each room that each reader got, as it got them. What a reader that is in one room
/// at a time has got has one order, whatever the room.
void add_readers(const history& run, const account& known, precedence& order) {
  for (const auto& reader : run.clients) {
    const auto none = known.texts.size();
    std::map<std::string, std::size_t> latest;
    for (const auto& seen : reader.sights) {
      if (seen.what != sight::kind::said)
        continue;
      const auto text = known.text_of_mark.find(mark_of(seen.body));
      if (text == known.text_of_mark.end())
        continue;
      // What it said itself comes when that is kept.
      if (run.rules.archive && known.texts[text->second].client == reader.number)
        continue;
      auto& previous =
          latest.try_emplace(reader.speaks->has_nicks() ? seen.room : "", none).first->second;
      if (previous != none)
        order.add(previous, text->second);
      previous = text->second;
    }
  }
}

/// The texts of each room, as the room gave them to the archive.
void add_rooms(const archive_seen& archive, const account& known, precedence& order) {
  std::map<std::string, std::size_t> latest;
  for (const auto& each : archive.tried) {
    const auto text = known.text_of_mark.find(each.mark);
    if (text == known.text_of_mark.end())
      continue;
    const auto [previous, is_first] = latest.try_emplace(each.room, text->second);
    if (!is_first && previous->second != text->second)
      order.add(std::exchange(previous->second, text->second), text->second);
  }
}

}  // namespace

void check_order(const history& run, const account& known, findings& found) {
  std::set<moment> distinct;
  for (const auto& text : known.texts)
    if (text.done != never)
      distinct.insert(text.done);
  const std::vector<moment> times{distinct.begin(), distinct.end()};
  precedence order{known.texts.size() + times.size()};
  add_times(known.texts, times, order);
  add_authors(known.texts, order);
  if (run.rules.archive)
    add_rooms(*run.rules.archive, known, order);
  // What is replayed comes again; that it comes in the room's order, `check_replays` says.
  if (!run.rules.archive || run.rules.archive->replay_texts == 0)
    add_readers(run, known, order);
  std::string marks;
  for (const auto node : order.impossible())
    if (node < known.texts.size())
      marks += " " + std::string{mark_of(known.texts[node].text)};
  if (!marks.empty())
    found.push_back("no one order fits what readers saw of or before the texts" + marks);
}

}  // namespace confab::simulation
