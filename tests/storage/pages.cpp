// Pages of the history, compared with what a list of all events says.

#include "io/storage/history_transfer.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace confab;
using namespace confab::test;

namespace {

/// All events of a room, oldest first, and what pages of them are.
class simple_history {
 public:
  void add(const event_batch& batch) {
    for (std::size_t i = 0; i < batch.events.size(); ++i) {
      const auto* words = std::get_if<said>(&batch.events[i]);
      events_.push_back({{batch.at.run, batch.at.room, batch.at.sequence + i},
                         batch.at.time_ms(i),
                         words != nullptr && words->kind != text_kind::tags_only,
                         words != nullptr && words->text.starts_with("words"),
                         described(batch, i)});
    }
  }

  /// Whether it was there.
  bool redact(const message_id& id) {
    return std::erase_if(events_,
                         [&](const entry& each) { return each.id == id && each.is_text; }) > 0;
  }

  void keep_newest(std::size_t count) {
    if (events_.size() > count)
      events_.erase(events_.begin(), events_.end() - static_cast<std::ptrdiff_t>(count));
  }

  /// Those that a search for "words" finds.
  std::vector<std::string> with_words() const {
    std::vector<std::string> result;
    for (const auto& each : events_)
      if (each.has_words)
        result.push_back(each.words);
    return result;
  }

  std::vector<std::string> page(const history_query& query) const {
    const auto size = events_.size();
    const bool at_beginning = query.part == history_part::latest ||
                              query.part == history_part::after ||
                              query.part == history_part::between;
    const auto [known, before, after] = find(query.from, at_beginning ? 0 : size);
    if (!known)
      return {};
    switch (query.part) {
      case history_part::latest:
        return newest(after, size, query);
      case history_part::before:
        return newest(0, before, query);
      case history_part::after:
        return oldest(after, size, query);
      case history_part::around: {
        auto half = query;
        half.count_max = query.count_max / 2;
        auto result = newest(0, before, half);
        half.count_max = query.count_max - half.count_max;
        for (auto& each : oldest(before, size, half))
          result.push_back(std::move(each));
        return result;
      }
      case history_part::between: {
        const auto [to_known, to_before, to_after] = find(query.to, size);
        if (!to_known)
          return {};
        return after <= to_before ? oldest(after, to_before, query)
                                  : newest(to_after, before, query);
      }
    }
    return {};
  }

  message_id id_of(std::size_t index) const { return events_[index].id; }
  std::int64_t time_of(std::size_t index) const { return events_[index].time_ms; }
  std::size_t size() const { return events_.size(); }

 private:
  struct entry {
    message_id id;
    std::int64_t time_ms;
    bool is_text;
    bool has_words;
    std::string words;
  };
  struct place {
    bool is_known;
    std::size_t before, after;
  };

  place find(const history_point& point, std::size_t edge) const {
    if (std::holds_alternative<history_edge>(point))
      return {true, edge, edge};
    place result{true, 0, 0};
    if (const auto* id = std::get_if<message_id>(&point)) {
      while (result.before < events_.size() && events_[result.before].id != *id)
        ++result.before;
      return {result.before < events_.size(), result.before, result.before + 1};
    }
    const auto time_ms = std::get<std::int64_t>(point);
    for (const auto& each : events_) {
      result.before += each.time_ms < time_ms ? 1 : 0;
      result.after += each.time_ms <= time_ms ? 1 : 0;
    }
    return result;
  }

  std::vector<std::string> oldest(std::size_t begin, std::size_t end,
                                  const history_query& query) const {
    std::vector<std::string> result;
    for (auto i = begin; i < end && result.size() < query.count_max; ++i)
      if (events_[i].is_text || !query.texts_only)
        result.push_back(events_[i].words);
    return result;
  }

  std::vector<std::string> newest(std::size_t begin, std::size_t end,
                                  const history_query& query) const {
    std::vector<std::string> result;
    for (auto i = end; i > begin && result.size() < query.count_max; --i)
      if (events_[i - 1].is_text || !query.texts_only)
        result.push_back(events_[i - 1].words);
    std::reverse(result.begin(), result.end());
    return result;
  }

  std::vector<entry> events_;
};

/// Numbers that depend on the seed only.
class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}
  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  bool one_in(std::uint64_t odds) { return below(odds) == 0; }

 private:
  std::mt19937_64 engine_;
};

event random_event(dice& chance) {
  switch (chance.below(8)) {
    case 0:
      return joined{};
    case 1:
      return left{chance.one_in(2), "bye"};
    case 2:
      return said{"", text_kind::tags_only, std::make_shared<const std::string>("+x=y")};
    case 3:
      return said{"noted", text_kind::notice};
    default:
      return said{"words " + std::to_string(chance.below(1000))};
  }
}

/// What somebody says in one go, or does otherwise.
std::vector<event> random_events(dice& chance) {
  std::vector<event> result;
  if (chance.one_in(3)) {
    // Texts that are any bytes, and some that cannot be in a row with others.
    for (auto size = 1 + chance.below(chance.one_in(4) ? 600 : 40); size > 0; --size) {
      said text{chance.one_in(2) ? "words " + std::to_string(chance.below(1000)) : ""};
      for (auto more = chance.below(chance.one_in(30) ? 9000 : 20); more > 0; --more)
        text.text += static_cast<char>(chance.below(256));
      if (chance.one_in(50))
        text.kind = text_kind::notice;
      if (chance.one_in(50))
        text.tags = std::make_shared<const std::string>("+x=y");
      result.emplace_back(std::move(text));
      if (chance.one_in(50))
        result.push_back(random_event(chance));
    }
    return result;
  }
  for (auto size = 1 + chance.below(4); size > 0; --size)
    result.push_back(random_event(chance));
  return result;
}

history_point random_point(dice& chance, const simple_history& history) {
  if (history.size() == 0 || chance.one_in(10))
    return history_edge{};
  const auto index = static_cast<std::size_t>(chance.below(history.size()));
  switch (chance.below(4)) {
    case 0:
      return history.time_of(index);
    case 1:
      return history.time_of(index) + static_cast<std::int64_t>(chance.below(5)) - 2;
    case 2:
      if (chance.one_in(8))
        return message_id{history.id_of(index).run, 99, history.id_of(index).sequence};
      [[fallthrough]];
    default:
      return history.id_of(index);
  }
}

/// A history of three rooms, kept in batches of random sizes.
void fill(history_writer& writer, std::vector<simple_history>& rooms, dice& chance) {
  std::vector<stamp> next(rooms.size());
  for (std::size_t i = 0; i < next.size(); ++i)
    next[i] = {1'000'000, 0, 1, i + 1, 0};
  std::uint64_t lives = next.size();
  batches waiting;
  const auto who = somebody("alice");
  for (auto count = chance.below(120); count > 0; --count) {
    const auto room = static_cast<std::size_t>(chance.below(rooms.size()));
    auto& at = next[room];
    if (chance.one_in(15)) {
      at.room = ++lives;
      at.sequence = chance.below(3);
    }
    at.first_ms += static_cast<std::int64_t>(chance.below(6));
    const auto events = random_events(chance);
    at.last_ms = at.first_ms + static_cast<std::int64_t>(events.size()) - 1;
    if (chance.one_in(3))
      at.last_ms = at.first_ms + static_cast<std::int64_t>(chance.below(events.size()));
    auto made = batch("room " + std::to_string(room), who, events, at);
    rooms[room].add(*made);
    at.sequence += events.size() + chance.below(3);
    at.first_ms = at.last_ms + static_cast<std::int64_t>(chance.below(2));
    waiting.push_back(std::move(made));
    if (chance.one_in(5)) {
      REQUIRE_FALSE(writer.keep(waiting));
      waiting.clear();
    }
  }
  REQUIRE_FALSE(writer.keep(waiting));
}

}  // namespace

namespace {

void compare_pages(history_reader& reader, const std::vector<simple_history>& rooms, dice& chance) {
  for (int i = 0; i < 150; ++i) {
    const auto room = static_cast<std::size_t>(chance.below(rooms.size()));
    history_query query;
    query.part = static_cast<history_part>(chance.below(5));
    query.from = random_point(chance, rooms[room]);
    query.to = random_point(chance, rooms[room]);
    query.count_max = static_cast<std::size_t>(chance.below(chance.one_in(5) ? 400 : 12));
    query.texts_only = chance.one_in(2);
    INFO("part " << static_cast<int>(query.part) << ", question " << i);
    const auto page = value_of(reader.page("room " + std::to_string(room), query));
    if (described(page) != rooms[room].page(query))
      CHECK(described(page) == rooms[room].page(query));
  }
}

/// Redacts events of any kind, most of them in one place: the texts of a run go one by one.
void redact_some(history_writer& writer, std::vector<simple_history>& rooms, dice& chance) {
  for (std::size_t room = 0; room < rooms.size(); ++room) {
    for (auto count = chance.below(20); count > 0 && rooms[room].size() > 0; --count) {
      const auto near =
          chance.one_in(2) ? rooms[room].size() : std::min<std::size_t>(rooms[room].size(), 9);
      const auto id = rooms[room].id_of(static_cast<std::size_t>(chance.below(near)));
      CHECK(value_of(writer.redact("room " + std::to_string(room), id)) == rooms[room].redact(id));
    }
  }
}

}  // namespace

TEST_CASE("pages are what a list of all events says, for all parts and points, while some go") {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    INFO("seed " << seed);
    dice chance{seed};
    const scratch_folder folder;
    auto settings = settings_of(folder.file());
    settings.is_synced = false;
    auto files = opened(settings);
    std::vector<simple_history> rooms(3);
    fill(*files.writer, rooms, chance);
    compare_pages(*files.reader, rooms, chance);
    // Some texts can be found by their words, and others cannot yet.
    for (auto calls = chance.below(9); calls > 0; --calls)
      value_of(files.writer->tidy({}, 0));
    redact_some(*files.writer, rooms, chance);
    compare_pages(*files.reader, rooms, chance);
    history_retention limits;
    limits.events_per_room_max = 1 + chance.below(700);
    tidied(*files.writer, limits, 0);
    for (auto& each : rooms)
      each.keep_newest(limits.events_per_room_max);
    redact_some(*files.writer, rooms, chance);
    compare_pages(*files.reader, rooms, chance);
    std::size_t events = 0;
    for (std::size_t room = 0; room < rooms.size(); ++room) {
      events += rooms[room].size();
      history_search query;
      query.words = "words";
      query.count_max = 10'000;
      const auto found =
          described(value_of(files.reader->search("room " + std::to_string(room), query, {})));
      if (found != rooms[room].with_words())
        CHECK(found == rooms[room].with_words());
    }
    CHECK(files.writer->size().events == events);
    files = {};
    CHECK(check_history(settings).empty());
  }
}

TEST_CASE("pages are in the order of the times of events, also if a clock was set back") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  batches kept;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto time_ms = static_cast<std::int64_t>(i < 50 ? 1000 + i : 500 + i);
    kept.push_back(
        batch("a", somebody("bob"), {said{std::to_string(i)}}, {time_ms, time_ms, 1, 1, i}));
  }
  REQUIRE_FALSE(files.writer->keep(kept));
  // What was said at 1000 + i, then at 500 + i.
  const auto place_of = [](const std::string& text) { return (std::stoi(text) + 50) % 100; };
  for (std::int64_t time_ms = 400; time_ms < 1100; ++time_ms)
    for (const auto part : {history_part::latest, history_part::before, history_part::after,
                            history_part::around, history_part::between}) {
      const auto page = words_of(
          value_of(files.reader->page("a", {part, time_ms, std::int64_t{1500} - time_ms, 10})));
      for (std::size_t i = 1; i < page.size(); ++i)
        REQUIRE(place_of(page[i]) == place_of(page[i - 1]) + 1);
    }
}

TEST_CASE("rooms are told by their latest texts, the earliest first, without the two times") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto who = somebody("bob");
  const auto at = [](std::int64_t time_ms, std::uint64_t room, std::uint64_t sequence) {
    return stamp{time_ms, time_ms, 1, room, sequence};
  };
  REQUIRE_FALSE(files.writer->keep(
      batches{batch("c", who, {said{"x"}}, at(10, 1, 0)),
              batch("b", who, {said{"x"}, said{"y"}, said{"z"}}, {18, 20, 1, 2, 0}),
              batch("a", who, {said{"x"}}, at(30, 3, 0)), batch("b", who, {joined{}}, at(90, 2, 3)),
              batch("d", who, {joined{}}, at(25, 4, 0))}));
  const std::vector<std::string> rooms{"a", "b", "c", "d", "e"};
  using targets = std::vector<history_target>;
  CHECK(value_of(files.reader->targets(rooms, 10, 31, 9)) == targets{{"b", 20}, {"a", 30}});
  CHECK(value_of(files.reader->targets(rooms, 30, 9, 9)) == targets{{"c", 10}, {"b", 20}});
  CHECK(value_of(files.reader->targets(rooms, 0, 100, 1)) == targets{{"c", 10}});
}

TEST_CASE("three texts among very many joins are found at once") {
  const scratch_folder folder;
  auto settings = settings_of(folder.file());
  settings.is_synced = false;
  auto files = opened(settings);
  const auto who = somebody("bob");
  for (std::uint64_t i = 0; i < 20; ++i)
    REQUIRE_FALSE(files.writer->keep(
        batches{batch("a", who, std::vector<event>(1000, joined{}), {1000, 2000, 1, 1, i * 1001}),
                batch("a", who, {said{std::to_string(i)}}, {2000, 2000, 1, 1, i * 1001 + 1000})}));
  CHECK(words_of(value_of(files.reader->page("a", {history_part::latest, {}, {}, 3}))) ==
        std::vector<std::string>{"17", "18", "19"});
  CHECK(words_of(value_of(files.reader->page("a", {history_part::after, {}, {}, 2}))) ==
        std::vector<std::string>{"0", "1"});
}
