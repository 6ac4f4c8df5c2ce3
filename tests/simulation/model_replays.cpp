// Whoever comes in is told what was said before, and then what is said: without a gap, and once.

#include "tests/simulation/language.hpp"
#include "tests/simulation/model.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace confab::simulation {

namespace {

/// The texts of all rooms in the order of each, which is that in which they were to be kept.
class room_orders {
 public:
  explicit room_orders(const history& run, const account& known)
      : places_(known.texts.size(), nowhere), room_of_(known.texts.size(), nullptr) {
    for (const auto& each : run.rules.archive->tried) {
      const auto text = known.text_of_mark.find(each.mark);
      if (text == known.text_of_mark.end() || places_[text->second] != nowhere)
        continue;
      auto& room = rooms_[each.room];
      places_[text->second] = room.size();
      room_of_[text->second] = &each.room;
      room.push_back({text->second, each.kept});
    }
  }

  struct row {
    std::size_t text;
    bool kept;
  };

  using rooms = std::map<std::string, std::vector<row>>;

  const rooms& all() const { return rooms_; }
  const std::vector<row>& of(const std::string& room) { return rooms_[room]; }
  std::size_t place_of(std::size_t text) const { return places_[text]; }

  /// The room where it was said. Not all authors know that; null: nobody knows.
  const std::string* room_of(std::size_t text) const { return room_of_[text]; }

  static constexpr auto nowhere = static_cast<std::size_t>(-1);

 private:
  rooms rooms_;
  std::vector<std::size_t> places_;
  std::vector<const std::string*> room_of_;
};

/// What a reader saw of one room while it was there once.
struct visit {
  const stay* where = nullptr;
  std::vector<std::size_t> texts;  ///< Of others.
};

/// Looks at what one reader saw.
class replay_judge {
 public:
  replay_judge(const history& run, const account& known, room_orders& orders, const record& reader,
               findings& found)
      : run_(run), known_(known), orders_(orders), reader_(reader), found_(found) {}

  void check() {
    for (const auto& each : known_.stays)
      if (each.client == reader_.number)
        for (const auto& [room, texts] : orders_.all())
          if (room == each.room || !each.room_known)
            visits_[room].push_back({&each, {}});
    for (std::size_t i = 0; i < reader_.sights.size(); ++i)
      assign(i);
    for (const auto& [room, visits] : visits_)
      for (const auto& each : visits)
        if (each.where->room_known)
          check_visit(each);
  }

 private:
  /// Adds a text to what was seen in a stay.
  void assign(std::size_t sight_index) {
    const auto& seen = reader_.sights[sight_index];
    if (seen.what != sight::kind::said)
      return;
    const auto found = known_.text_of_mark.find(mark_of(seen.body));
    if (found == known_.text_of_mark.end())
      return;
    const auto number = found->second;
    if (known_.texts[number].client == reader_.number)
      return;  // See `check_kept`.
    const auto* room = orders_.room_of(number);
    if (room == nullptr) {
      find(seen.when, "text " + found->first + " came and was never to be kept");
      return;
    }
    const auto visits = visits_.find(*room);
    if (visits == visits_.end())
      return;
    auto* where = reader_.speaks->answers_joins() ? visit_by_sight(visits->second, sight_index)
                                                  : visit_by_time(visits->second, seen, number);
    if (where != nullptr)
      where->texts.push_back(number);
  }

  static visit* visit_by_sight(std::vector<visit>& visits, std::size_t sight_index) {
    visit* latest = nullptr;
    for (auto& each : visits)
      if (each.where->entered_sight < sight_index && sight_index < each.where->left_sight)
        latest = &each;
    return latest;
  }

  /// Where no answer says when a stay begins, one begins where a text does not follow the last one.
  visit* visit_by_time(std::vector<visit>& visits, const sight& seen, std::size_t number) {
    auto& now = visit_of_room_[&visits];
    while (now + 1 < visits.size() && seen.when >= visits[now + 1].where->asked &&
           (seen.when > visits[now + 1].where->entered || !follows(visits[now], number)))
      ++now;
    return &visits[now];
  }

  bool follows(const visit& each, std::size_t number) {
    if (each.texts.empty())
      return true;
    const auto last = orders_.place_of(each.texts.back());
    const auto place = orders_.place_of(number);
    return place > last && !missing_between(*each.where, last, place);
  }

  /// Whether this reader gets a text, if it is there.
  bool is_for_reader(const utterance& text) const {
    return text.client != reader_.number &&
           (reader_.speaks->hears_own_user() || known_.users[reader_.number] != text.user);
  }

  /// The first text between two places that the reader should have got as well. A room that begins
  /// anew knows what was kept only.
  std::optional<std::size_t> missing_between(const stay& where, std::size_t first,
                                             std::size_t last) {
    const auto& room = orders_.of(where.room);
    for (auto place = first + 1; place < last; ++place) {
      const auto& text = known_.texts[room[place].text];
      const bool may_be_lost = !room[place].kept && text.asked <= where.entered;
      if (is_for_reader(text) && !may_be_lost)
        return room[place].text;
    }
    return std::nullopt;
  }

  void check_visit(const visit& each) {
    const auto& where = *each.where;
    for (std::size_t i = 1; i < each.texts.size(); ++i)
      check_pair(where, each.texts[i - 1], each.texts[i]);
    const auto replayed = static_cast<std::size_t>(std::count_if(
        each.texts.begin(), each.texts.end(),
        [&](std::size_t number) { return known_.texts[number].done <= where.asked; }));
    if (replayed > run_.rules.archive->replay_texts)
      find(where.asked, "was told of " + std::to_string(replayed) + " texts of room " + where.room +
                            " that were said before it came in");
    const bool is_there = std::min({where.left, reader_.ending, reader_.hung_up}) > where.entered;
    if (where.entered != never && is_there && !run_.rules.archive->reads_may_fail)
      check_last_texts(where);
  }

  void check_pair(const stay& where, std::size_t one, std::size_t other) {
    const auto first = orders_.place_of(one);
    const auto second = orders_.place_of(other);
    const auto mark = std::string{mark_of(known_.texts[other].text)};
    if (first == second)
      find(where.entered, "text " + mark + " came twice");
    else if (second < first)
      find(where.entered, "text " + mark + " came behind a later one");
    else if (const auto missing = missing_between(where, first, second))
      find(where.entered, "text " + std::string{mark_of(known_.texts[*missing].text)} +
                              " is missing before " + mark);
  }

  /// Of what was surely said before the reader came in, and kept, the last texts were told: as many
  /// as may be, but for those that may have been said since.
  void check_last_texts(const stay& where) {
    const auto& room = orders_.of(where.room);
    std::size_t later = 0;
    for (auto each = room.rbegin(); each != room.rend(); ++each) {
      if (later >= run_.rules.archive->replay_texts)
        return;
      const auto& text = known_.texts[each->text];
      if (text.asked > where.entered)
        continue;
      ++later;
      if (text.done > where.asked || !each->kept || !is_for_reader(text))
        continue;
      const auto mark = mark_of(text.text);
      const bool was_told =
          std::any_of(reader_.sights.begin(), reader_.sights.end(), [&](const sight& seen) {
            return seen.what == sight::kind::said && seen.when >= where.asked &&
                   mark_of(seen.body) == mark;
          });
      if (!was_told)
        find(where.entered, "was not told of text " + std::string{mark} +
                                ", said before it came into room " + where.room);
    }
  }

  void find(moment when, const std::string& what) {
    found_.push_back(name_of(reader_) + " at " + std::to_string(when) + ": REPLAY: " + what);
  }

  const history& run_;
  const account& known_;
  room_orders& orders_;
  const record& reader_;
  findings& found_;
  std::map<std::string, std::vector<visit>> visits_;  ///< By room.
  std::map<const std::vector<visit>*, std::size_t> visit_of_room_;
};

}  // namespace

bool may_be_replayed(const history& run, const account& known, const record& reader,
                     std::size_t sight_index, const utterance& text) {
  if (!run.rules.archive || run.rules.archive->replay_texts == 0)
    return false;
  const auto when = reader.sights[sight_index].when;
  return std::any_of(known.stays.begin(), known.stays.end(), [&](const stay& each) {
    if (each.client != reader.number ||
        (each.room_known && text.room_known && each.room != text.room))
      return false;
    if (reader.speaks->answers_joins())
      return sight_index > each.entered_sight && when == each.entered;
    return each.asked <= when && when <= each.entered;
  });
}

void check_replays(const history& run, const account& known, findings& found) {
  if (!run.rules.archive)
    return;
  room_orders orders{run, known};
  for (const auto& reader : run.clients)
    if (known.listens[reader.number])
      replay_judge{run, known, orders, reader, found}.check();
}

}  // namespace confab::simulation
