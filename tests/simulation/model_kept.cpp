// What was accepted is in the storage.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace confab::simulation {

namespace {

class keeping_judge {
 public:
  keeping_judge(const history& run, const account& known, findings& found)
      : run_(run), known_(known), archive_(*run.rules.archive), found_(found) {
    for (const auto& each : archive_.tried)
      if (each.kept)
        kept_at_.try_emplace(each.mark, each.when);
  }

  void check_held() {
    std::map<std::size_t, std::size_t> latest_of_author;
    for (const auto& each : archive_.held) {
      const std::string mark{mark_of(each.text)};
      const auto number = known_.text_of_mark.find(mark);
      if (number == known_.text_of_mark.end()) {
        find("nobody said text '" + each.text + "', which the storage holds");
        continue;
      }
      const auto& text = known_.texts[number->second];
      if (++times_held_[mark] == 2)
        find("the storage holds text " + mark + " twice");
      if (each.text != text.text || (text.room_known && each.room != text.room))
        find("the storage holds text " + mark + " as '" + each.text + "' in room " + each.room);
      // The account lists the texts of an author as it said them.
      auto& latest = latest_of_author.try_emplace(text.client, number->second).first->second;
      if (number->second < latest)
        find("the storage holds text " + mark + " behind one that its author said later");
      latest = number->second;
    }
  }

  void check_answer(const utterance& text) {
    const std::string mark{mark_of(text.text)};
    const bool is_held = times_held_.contains(mark);
    if (text.told_unkept && is_held)
      find("text " + mark + " was refused as not kept and is in the storage");
    if (text.accepted == never)
      return;
    if (!is_held)
      find("text " + mark + " was accepted at " + std::to_string(text.accepted) +
           " and is not in the storage");
    else if (kept_at_.at(mark) > text.accepted)
      find("text " + mark + " was accepted at " + std::to_string(text.accepted) +
           " and kept not before " + std::to_string(kept_at_.at(mark)));
  }

  /// Where a client hears what it says, that confirms it: it comes once, in order, behind the
  /// keeping, and if it is due.
  void check_echoes(const record& who) {
    std::set<std::size_t> heard;
    for (std::size_t i = 0; i < who.sights.size(); ++i) {
      const auto number = number_of_own(who, who.sights[i]);
      // Who may come in several times may be told what it said before it came.
      const bool may_be_from_before = number && who.speaks->has_nicks() &&
                                      may_be_replayed(run_, known_, who, i, known_.texts[*number]);
      if (!number || may_be_from_before)
        continue;
      const auto& text = known_.texts[*number];
      const auto kept = kept_at_.find(mark_of(text.text));
      if (kept == kept_at_.end() || kept->second > who.sights[i].when)
        find(name_of(who) + " heard its text " + std::string{mark_of(text.text)} + " at " +
             std::to_string(who.sights[i].when) + ", which was not kept by then");
      if (!heard.empty() && *heard.rbegin() >= *number)
        find(name_of(who) + " heard its text " + std::string{mark_of(text.text)} +
             " out of order or twice");
      heard.insert(*number);
    }
    for (std::size_t i = 0; i < known_.texts.size(); ++i)
      if (known_.texts[i].client == who.number && must_be_heard(who, known_.texts[i]) &&
          !heard.contains(i))
        find(name_of(who) + " did not hear its text " + std::string{mark_of(known_.texts[i].text)});
  }

  /// As many batches as may wait for the archive are what can be tried at once.
  void check_waiting() {
    std::map<std::pair<std::size_t, client_id>, std::set<std::size_t>> batches;
    for (const auto& each : archive_.tried) {
      auto& waiting = batches[{each.transaction, each.author}];
      const bool is_new = waiting.insert(each.batch).second;
      if (is_new && waiting.size() == archive_.unconfirmed_batches_max + 1)
        found_.push_back("UNCONFIRMED: at " + std::to_string(each.when) + ", " +
                         std::to_string(waiting.size()) + " batches of the author of text " +
                         each.mark + " waited to be kept");
    }
  }

 private:
  void find(const std::string& what) { found_.push_back("KEPT: " + what); }

  std::optional<std::size_t> number_of_own(const record& who, const sight& seen) const {
    if (seen.what != sight::kind::said)
      return std::nullopt;
    const auto number = known_.text_of_mark.find(mark_of(seen.body));
    if (number == known_.text_of_mark.end() || known_.texts[number->second].client != who.number)
      return std::nullopt;
    return number->second;
  }

  bool must_be_heard(const record& who, const utterance& text) const {
    if (who.hears_itself)
      return text.accepted != never;
    const bool is_there = std::min({who.hung_up, who.ending}) > run_.quiet;
    return who.speaks->hears_own_connection() && known_.listens[who.number] && is_there &&
           !was_cut(run_.rules, who) && kept_at_.contains(mark_of(text.text));
  }

  const history& run_;
  const account& known_;
  const archive_seen& archive_;
  findings& found_;
  std::map<std::string, moment, std::less<>> kept_at_;  ///< By mark.
  std::map<std::string, std::size_t, std::less<>> times_held_;
};

}  // namespace

void check_kept(const history& run, const account& known, findings& found) {
  if (!run.rules.archive)
    return;
  keeping_judge judge{run, known, found};
  judge.check_held();
  for (const auto& text : known.texts)
    judge.check_answer(text);
  for (const auto& who : run.clients)
    if (who.hears_itself || who.speaks->hears_own_connection())
      judge.check_echoes(who);
  judge.check_waiting();
}

}  // namespace confab::simulation
