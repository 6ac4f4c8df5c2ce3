// HISTORIES, LATE and ACCEPTED: what nodes keep, and get from each other.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model_nodes.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>

namespace confab::simulation {

namespace {

constexpr std::string_view said_prefix = "said ";

std::string describe(const held_event& each) {
  return each.id + " of room " + each.room + " at " + std::to_string(each.time_ms) + ": " +
         std::string{mark_of(each.what).empty() ? each.what : mark_of(each.what)};
}

class histories_judge {
 public:
  histories_judge(const history& run, const account& known, findings& found)
      : run_(run), known_(known), found_(found) {
    for (const auto& each : run.nodes.archives)
      if (each)
        taken_back_.insert(each->seen.taken_back.begin(), each->seen.taken_back.end());
  }

  /// Nothing stands there twice, or that nobody said.
  void check_contents(std::size_t node) {
    std::set<std::string> ids;
    std::set<std::string, std::less<>> marks;
    for (const auto& each : archive(node).contents) {
      if (!ids.insert(each.id).second)
        find(node, "holds event " + describe(each) + " twice");
      if (!each.what.starts_with(said_prefix))
        continue;
      const auto words = std::string_view{each.what}.substr(said_prefix.size());
      const auto mark = mark_of(words);
      const auto number = known_.text_of_mark.find(mark);
      if (number == known_.text_of_mark.end()) {
        find(node, "holds text " + describe(each) + ", which nobody said");
        continue;
      }
      const auto& text = known_.texts[number->second];
      if (words != text.text || (text.room_known && each.room != folded_nick(text.room)))
        find(node, "holds text " + std::string{mark} + " as " + describe(each));
      if (!marks.emplace(mark).second)
        find(node, "holds text " + std::string{mark} + " twice");
      if (taken_back_.contains(std::string{mark}) && !archive(node).stayed_full)
        find(node, "holds text " + std::string{mark} + ", which was taken back");
    }
  }

  /// All have come to the same. A node whose disk is full has nothing that others have not.
  void check_equal() {
    const node_archive* first = nullptr;
    std::size_t first_node = 0;
    for (std::size_t node = 0; node < run_.nodes.archives.size(); ++node)
      if (has_archive(node) && (first == nullptr || first->stayed_full)) {
        first = &archive(node);
        first_node = node;
      }
    if (first == nullptr || first->stayed_full)
      return;
    const auto there = as_set(*first);
    for (std::size_t node = 0; node < run_.nodes.archives.size(); ++node) {
      if (!has_archive(node) || node == first_node)
        continue;
      const auto here = as_set(archive(node));
      std::string difference;
      for (const auto& [id, each] : there)
        if (!here.contains(id) && !archive(node).stayed_full)
          difference += " -[" + describe(*each) + "]";
      for (const auto& [id, each] : here)
        if (!there.contains(id) && !archive(node).stayed_full)
          difference += " +[" + describe(*each) + "]";
      for (const auto& [id, each] : here)
        if (archive(node).stayed_full && !holds_id(*first, each->id))
          difference += " +[" + describe(*each) + "]";
      if (!difference.empty())
        find(node,
             "does not hold what node " + run_.nodes.names[first_node] + " holds:" + difference);
    }
  }

  /// What its author knows to be kept is on the disk of its node by then, and in the end on all.
  void check_accepted(const utterance& text) {
    const auto node = run_.clients[text.client].node;
    if (text.accepted == never || !has_archive(node))
      return;
    const std::string mark{mark_of(text.text)};
    if (!was_kept(node, mark, text.accepted))
      found_.push_back("ACCEPTED: text " + mark + " was accepted at " +
                       std::to_string(text.accepted) + ", and its node had not kept it");
    for (std::size_t each = 0; each < run_.nodes.archives.size(); ++each)
      if (text.accepted <= run_.quiet && has_archive(each) && !archive(each).stayed_full &&
          !taken_back_.contains(mark) && !holds_text(each, text))
        find(each, "does not hold text " + mark + ", which was accepted at " +
                       std::to_string(text.accepted));
  }

  /// To whoever hears what it says itself, that is the answer: it comes behind the keeping.
  void check_heard(const record& who) {
    if (!has_archive(who.node))
      return;
    for (const auto& seen : who.sights) {
      const auto mark = seen.what == sight::kind::said ? mark_of(seen.body) : std::string_view{};
      const auto number = known_.text_of_mark.find(mark);
      if (number != known_.text_of_mark.end() &&
          known_.texts[number->second].client == who.number &&
          !was_kept(who.node, std::string{mark}, seen.when))
        found_.push_back(name_of(who) + " at " + std::to_string(seen.when) + ": ACCEPTED: hears " +
                         std::string{mark} + ", which its node had not kept");
    }
  }

  /// Whoever is told of a text is told by a room, which keeps it, too: what a node has got from the
  /// history of another one alone is told to nobody.
  void check_told(const record& reader) {
    // What the room of a node that was killed has handed to its archive may be lost with both.
    if (!has_archive(reader.node) || reader.node_killed != never)
      return;
    for (const auto& seen : reader.sights) {
      if (seen.what != sight::kind::said)
        continue;
      const auto& given = given_[reader.node];
      if (!given.contains(mark_of(seen.body)))
        found_.push_back(name_of(reader) + " at " + std::to_string(seen.when) + ": LATE: text " +
                         std::string{mark_of(seen.body)} +
                         " came though no room of its node has kept it");
    }
  }

  void note_given(std::size_t node) {
    for (const auto& each : archive(node).seen.tried)
      given_[node].insert(each.mark);
  }

  bool has_archive(std::size_t node) const { return run_.nodes.archives[node].has_value(); }

 private:
  using by_all = std::tuple<std::string, std::string, std::int64_t, std::string>;

  const node_archive& archive(std::size_t node) const { return *run_.nodes.archives[node]; }

  static std::map<by_all, const held_event*> as_set(const node_archive& of) {
    std::map<by_all, const held_event*> result;
    for (const auto& each : of.contents)
      result.emplace(by_all{each.id, each.room, each.time_ms, each.what}, &each);
    return result;
  }

  static bool holds_id(const node_archive& of, const std::string& id) {
    return std::any_of(of.contents.begin(), of.contents.end(),
                       [&](const held_event& each) { return each.id == id; });
  }

  bool was_kept(std::size_t node, const std::string& mark, moment when) const {
    const auto& tried = archive(node).seen.tried;
    return std::any_of(tried.begin(), tried.end(), [&](const keeping& each) {
      return each.kept && each.mark == mark && each.when <= when;
    });
  }

  bool holds_text(std::size_t node, const utterance& text) const {
    const auto words = std::string{said_prefix} + text.text;
    return std::any_of(archive(node).contents.begin(), archive(node).contents.end(),
                       [&](const held_event& each) { return each.what == words; });
  }

  void find(std::size_t node, const std::string& what) {
    found_.push_back("HISTORIES: node " + run_.nodes.names[node] + " " + what);
  }

  const history& run_;
  const account& known_;
  findings& found_;
  std::set<std::string> taken_back_;
  std::map<std::size_t, std::set<std::string, std::less<>>> given_;
};

}  // namespace

void check_histories(const history& run, const account& known, findings& found) {
  if (run.nodes.archives.empty())
    return;
  histories_judge judge{run, known, found};
  for (std::size_t node = 0; node < run.nodes.archives.size(); ++node)
    if (judge.has_archive(node)) {
      judge.note_given(node);
      judge.check_contents(node);
    }
  judge.check_equal();
  for (const auto& text : known.texts)
    judge.check_accepted(text);
  for (const auto& who : run.clients) {
    judge.check_told(who);
    judge.check_heard(who);
  }
}

}  // namespace confab::simulation
