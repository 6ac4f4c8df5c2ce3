// ORDER: what holds between the texts that readers of one node see.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model_nodes.hpp"
#include "tests/simulation/precedence.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace confab::simulation {

namespace {

/// When all readers of this node had a text, if that is known; else never.
moment done_on(const history& run, const utterance& text, std::size_t node) {
  const bool was_told = text.done != never && was_telling(run, run.clients[text.client].node, node,
                                                          text.asked, text.done);
  return was_told ? text.done : never;
}

/// What was answered before something else was asked for came before it, where its author's node
/// has told of it.
void add_times(const history& run, const account& known, std::size_t node,
               const std::vector<moment>& times, precedence& order) {
  const auto& texts = known.texts;
  const auto node_at = [&](auto found) {
    return texts.size() + static_cast<std::size_t>(found - times.begin());
  };
  for (std::size_t i = 0; i + 1 < times.size(); ++i)
    order.add(texts.size() + i, texts.size() + i + 1);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (const auto done = done_on(run, texts[i], node); done != never)
      order.add(i, node_at(std::lower_bound(times.begin(), times.end(), done)));
    const auto asked = std::lower_bound(times.begin(), times.end(), texts[i].asked);
    if (asked != times.begin())
      order.add(node_at(std::prev(asked)), i);
  }
}

/// The texts of each author, as it said them: on all nodes, whatever happens to links.
void add_authors(const account& known, precedence& order) {
  for (std::size_t i = 0; i + 1 < known.texts.size(); ++i)
    if (known.texts[i].client == known.texts[i + 1].client)
      order.add(i, i + 1);
}

/// The texts of each room that each reader of the node got, as it got them. What it says itself
/// it hears when that was kept, which readers do not wait for.
void add_readers(const history& run, const account& known, std::size_t node, precedence& order) {
  for (const auto& reader : run.clients) {
    if (reader.node != node)
      continue;
    std::map<std::string, std::size_t> latest;
    for (const auto& seen : reader.sights) {
      const auto text = seen.what == sight::kind::said ? known.text_of_mark.find(mark_of(seen.body))
                                                       : known.text_of_mark.end();
      if (text == known.text_of_mark.end() ||
          (run.rules.archive && known.texts[text->second].client == reader.number))
        continue;
      const auto [previous, is_first] =
          latest.try_emplace(reader.speaks->has_nicks() ? seen.room : "", text->second);
      if (!is_first)
        order.add(std::exchange(previous->second, text->second), text->second);
    }
  }
}

/// Whoever is in several rooms sees the texts of each author in order all the same.
void check_authors(const history& run, const account& known, findings& found) {
  for (const auto& reader : run.clients) {
    std::map<std::size_t, std::size_t> latest;
    for (const auto& seen : reader.sights) {
      const auto text = seen.what == sight::kind::said ? known.text_of_mark.find(mark_of(seen.body))
                                                       : known.text_of_mark.end();
      if (text == known.text_of_mark.end())
        continue;
      auto& before = latest.try_emplace(known.texts[text->second].client, 0).first->second;
      if (before > text->second)
        found.push_back(name_of(reader) + " at " + std::to_string(seen.when) + ": ORDER: text " +
                        text->first + " came behind a later one of its author");
      before = std::max(before, text->second);
    }
  }
}

}  // namespace

void check_order_of_nodes(const history& run, const account& known, findings& found) {
  for (std::size_t node = 0; node < run.nodes.count; ++node) {
    std::set<moment> distinct;
    for (const auto& text : known.texts)
      if (const auto done = done_on(run, text, node); done != never)
        distinct.insert(done);
    const std::vector<moment> times{distinct.begin(), distinct.end()};
    precedence order{known.texts.size() + times.size()};
    add_times(run, known, node, times, order);
    add_authors(known, order);
    add_readers(run, known, node, order);
    std::string marks;
    for (const auto each : order.impossible())
      if (each < known.texts.size())
        marks += " " + std::string{mark_of(known.texts[each].text)};
    if (!marks.empty())
      found.push_back("ORDER: no one order fits what readers of node " + run.nodes.names[node] +
                      " saw of or before the texts" + marks);
  }
  check_authors(run, known, found);
}

}  // namespace confab::simulation
