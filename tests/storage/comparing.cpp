// Two histories are compared, and each gets what the other one has: docs/decisions/0035.

#include "io/storage/history_transfer.hpp"
#include "io/storage/sqlite.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <random>

using namespace confab;
using namespace confab::test;

namespace {

constexpr digest_question each_slot{0, all_slots, 1};

/// Gives one history what another one has, as peers do. Returns how many events came anew.
std::uint64_t give(history_reader& from, history_reader& reader, history_writer& to,
                   const missing_bounds& bounds = {}, const history_retention& limits = {},
                   std::int64_t now_ms = 0) {
  std::uint64_t result = 0;
  for (const auto& slot : value_of(from.digests(each_slot))) {
    held_question which{slot.slot, {}};
    for (bool goes_on = true; goes_on;) {
      const auto there = value_of(from.held(which, bounds));
      auto wanted = value_of(reader.missing(there.ranges, slot.slot, limits, now_ms));
      missing_question question{wanted, 0};
      while (!question.ranges.empty()) {
        const auto part = value_of(from.fetch(question, bounds));
        REQUIRE((part.ranges_done > 0 || part.events_done > question.skipped));
        std::size_t events = 0;
        for (const auto& each : part.events)
          events += each->events.size();
        CHECK(events <= bounds.rows_max * 256);
        result += value_of(to.keep_missing(part, limits, now_ms));
        question.ranges.erase(
            question.ranges.begin(),
            question.ranges.begin() + static_cast<std::ptrdiff_t>(part.ranges_done));
        question.skipped = part.events_done;
      }
      goes_on = there.next.has_value();
      if (goes_on)
        which.from = *there.next;
    }
  }
  return result;
}

/// A history in a folder of its own.
struct node {
  scratch_folder folder;
  history_settings settings = [this] {
    auto result = settings_of(folder.file());
    result.is_synced = false;
    return result;
  }();
  history_files files = opened(settings);

  void keep(const batches& kept) { REQUIRE_FALSE(files.writer->keep(kept)); }

  std::uint64_t take_from(node& other, const missing_bounds& bounds = {},
                          const history_retention& limits = {}, std::int64_t now_ms = 0) {
    return give(*other.files.reader, *files.reader, *files.writer, bounds, limits, now_ms);
  }

  std::vector<std::string> all(const std::string& room) {
    return described(all_of(*files.reader, room));
  }

  std::vector<history_digest> digests() { return value_of(files.reader->digests(each_slot)); }

  void check() {
    tidied(*files.writer);
    files = {};
    CHECK(check_history(settings) == std::vector<std::string>{});
    files = opened(settings);
  }
};

void check_equal(node& one, node& other, const std::vector<std::string>& rooms) {
  CHECK(one.digests() == other.digests());
  for (const auto& room : rooms) {
    INFO(room);
    if (one.all(room) != other.all(room))
      CHECK(one.all(room) == other.all(room));
  }
  CHECK(one.files.writer->size().events == other.files.writer->size().events);
}

std::size_t found(node& where, const std::string& room, const std::string& words) {
  history_search query;
  query.words = words;
  query.count_max = 100'000;
  return value_of(where.files.reader->search(room, query, {})).size();
}

}  // namespace

TEST_CASE("comparing: what one history has and the other one has not, each gets, in its place") {
  node one, other;
  const auto first = texts("cafe", 0, 50);
  one.keep(first);
  other.keep(first);
  // While they were not linked:
  one.keep(texts("cafe", 50, 20));
  one.keep(texts_at_once("cafe", 70, 300));
  other.keep(texts("cafe", 60, 30, 1, 2));
  other.keep(texts_at_once("lounge", 0, 40, 2, 2));
  // And afterwards:
  one.keep(texts("cafe", 500, 10));
  other.keep(texts("cafe", 500, 10));
  CHECK(one.digests() != other.digests());
  CHECK(one.take_from(other) == 70);
  CHECK(other.take_from(one) == 320);
  check_equal(one, other, {"cafe", "lounge"});
  CHECK(one.all("cafe").size() == 410);
  // A second time there is nothing to get.
  CHECK(one.take_from(other) == 0);
  CHECK(other.take_from(one) == 0);
  // All of it is found by its words, whether its place was passed or not.
  tidied(*one.files.writer);
  tidied(*other.files.writer);
  CHECK(found(one, "cafe", "text") == 410);
  CHECK(found(other, "cafe", "text") == 410);
  one.check();
  other.check();
}

TEST_CASE("comparing: what was said before is in its place also where words were indexed since") {
  node one, other;
  one.keep(texts("cafe", 0, 100));
  other.keep(texts("cafe", 0, 10));
  other.keep(texts("cafe", 90, 10));
  tidied(*other.files.writer);
  CHECK(other.take_from(one) == 80);
  check_equal(one, other, {"cafe"});
  CHECK(found(other, "cafe", "text") == 100);
  // Live texts go on in the same life of the room.
  one.keep(texts("cafe", 100, 5));
  other.keep(texts("cafe", 100, 5));
  check_equal(one, other, {"cafe"});
  for (std::uint64_t i = 0; i < 105; ++i)
    CHECK(value_of(other.files.writer->origin_of("cafe", {1, 1, i})).who != nullptr);
  other.check();
}

TEST_CASE("comparing: a text that was taken back goes everywhere, and never comes back") {
  node one, other;
  const auto all = texts("cafe", 0, 10);
  one.keep(all);
  other.keep(all);
  tidied(*other.files.writer);
  REQUIRE(value_of(one.files.writer->redact("cafe", {1, 1, 3})));
  CHECK(one.digests() != other.digests());
  SECTION("the one that has it gives it to nobody") {
    CHECK(one.take_from(other) == 0);
    CHECK(one.all("cafe").size() == 9);
  }
  SECTION("nor does the same text come live a second time") {
    one.keep(all);
    CHECK(one.all("cafe").size() == 9);
  }
  CHECK(other.take_from(one) == 1);
  check_equal(one, other, {"cafe"});
  CHECK(found(other, "cafe", "3") == 0);
  // Who had neither gets neither.
  node third;
  CHECK(third.take_from(other) == 10);
  check_equal(one, third, {"cafe"});
  third.keep(all);
  check_equal(one, third, {"cafe"});
  one.check();
  other.check();
  third.check();
}

TEST_CASE("comparing: answers are bounded, however much there is") {
  node one, other;
  for (std::uint64_t i = 0; i < 50; ++i)
    one.keep(texts_at_once("room " + std::to_string(i % 7), 1000 * i, 200, 1, i % 7));
  const missing_bounds bounds{3, 5, 2000};
  std::uint64_t calls = 0;
  for (const auto& slot : one.digests()) {
    held_question which{slot.slot, {}};
    for (bool goes_on = true; goes_on; ++calls) {
      const auto there = value_of(one.files.reader->held(which, bounds));
      CHECK(there.ranges.size() <= 9);
      goes_on = there.next.has_value();
      if (goes_on)
        which.from = *there.next;
    }
  }
  CHECK(calls > 5);
  const auto part =
      value_of(one.files.reader->fetch({{{"room 1", 1, 1, 1000, 200, false}}, 0}, bounds));
  CHECK(part.ranges_done == 0);
  CHECK(part.events_done < 40);
  CHECK(other.take_from(one, bounds) == 10'000);
  for (std::uint64_t i = 0; i < 7; ++i)
    check_equal(one, other, {"room " + std::to_string(i)});
  other.check();
}

TEST_CASE("comparing: what the limits have removed is not asked for again") {
  node one, other;
  one.keep(texts("cafe", 0, 300));
  other.keep(texts("cafe", 0, 300));
  history_retention limits;
  std::int64_t now_ms = 2'000'000;
  SECTION("by age") {
    limits.age_ms_max = 1'000'000 - 200;
  }
  SECTION("by number") {
    limits.events_per_room_max = 100;
  }
  tidied(*other.files.writer, limits, now_ms);
  CHECK(other.all("cafe").size() == 100);
  CHECK(other.take_from(one, {}, limits, now_ms) == 0);
  CHECK(other.all("cafe").size() == 100);
  // What is missing of the rest comes.
  one.keep(texts("cafe", 5000, 3, 1, 2));
  CHECK(other.take_from(one, {}, limits, now_ms) == 3);
}

TEST_CASE("comparing: if all is full, nothing as old as the oldest is asked for") {
  node one, other;
  for (std::uint64_t i = 0; i < 40; ++i) {
    batches kept;
    for (std::uint64_t text = 0; text < 50; ++text) {
      const auto time_ms = static_cast<std::int64_t>(i) * slot_ms + static_cast<std::int64_t>(text);
      kept.push_back(batch("cafe", somebody("bob"), {said{std::string(2000, 'x')}},
                           {time_ms, time_ms, 1, 1, i * 50 + text}));
    }
    one.keep(kept);
    other.keep(kept);
  }
  history_retention limits;
  limits.bytes_max = other.files.writer->size().bytes / 2;
  tidied(*other.files.writer, limits, 0);
  const auto before = other.all("cafe");
  CHECK(before.size() < 1200);
  CHECK(other.take_from(one, {}, limits, 0) == 0);
  CHECK(other.all("cafe") == before);
}

TEST_CASE("comparing: that texts were taken back is remembered for as long as texts are kept") {
  node one;
  one.keep(texts("cafe", 0, 10));
  REQUIRE(value_of(one.files.writer->redact("cafe", {1, 1, 3})));
  storage::connection look{{one.folder.file()}};
  CHECK(look.number("SELECT count(*) FROM removed") == 1);
  history_retention limits;
  limits.age_ms_max = 1000;
  tidied(*one.files.writer, limits, 1'000'500);
  CHECK(look.number("SELECT count(*) FROM removed") == 1);
  tidied(*one.files.writer, limits, 2'000'000);
  CHECK(look.number("SELECT count(*) FROM removed") == 0);
  CHECK(one.digests().empty());
  one.check();
}

TEST_CASE("comparing: numbers that nobody could have are no harm") {
  node one;
  one.keep(texts("cafe", 0, 10));
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  const std::vector<event_range> insane{{"cafe", 1, 1, 0, most, false},
                                        {"cafe", 1, 1, most, most, false},
                                        {"cafe", most, most, 5, most, false},
                                        {"", 0, 0, 0, 0, false},
                                        {"cafe", 1, 1, most, most, true}};
  const auto missing = value_of(one.files.reader->missing(insane, 0, {}, 0));
  CHECK(missing.size() <= lacking_max);
  const auto part = value_of(one.files.reader->fetch({insane, most}, {}));
  CHECK(part.events.size() <= 10);
  value_of(one.files.reader->fetch({insane, 0}, {}));
  for (const std::int64_t slot : {std::numeric_limits<std::int64_t>::min(), std::int64_t{-1},
                                  std::numeric_limits<std::int64_t>::max()}) {
    CHECK(value_of(one.files.reader->held({slot, {}}, {})).ranges.empty());
    value_of(one.files.reader->digests({slot, slot, slot}));
    CHECK(value_of(one.files.reader->missing(insane, slot, {}, 0)).empty());
  }
  missing_events far;
  far.events = texts("cafe", most - 5, 3);
  far.removed.push_back({"cafe", {1, 1, most}, 5});
  CHECK(value_of(one.files.writer->keep_missing(far, {}, 0)) == 0);
  one.check();
}

TEST_CASE("comparing: whoever missed what, by chance, all are equal when all have compared") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 chance{seed};
    std::vector<node> nodes(3);
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t> sequences;
    std::uint64_t now_ms = 1'000'000;
    std::vector<removed_text> said_before;
    for (int step = 0; step < 150; ++step) {
      const auto author = chance() % 3;
      const auto room = chance() % 2;
      const auto run = 1 + author;
      const auto number = 10 * room + author;
      auto& sequence = sequences[{run, number}];
      const auto count = chance() % 4 == 0 ? 1 + chance() % 40 : 1;
      std::vector<event> events;
      for (std::uint64_t i = 0; i < count; ++i) {
        if (chance() % 6 == 0)
          events.emplace_back(joined{});
        else
          events.emplace_back(said{"words " + std::to_string(chance() % 100)});
      }
      now_ms += chance() % 30 == 0 ? 700'000 : chance() % 40;
      const auto time_ms = static_cast<std::int64_t>(now_ms - chance() % 20);
      const auto name = "room " + std::to_string(room);
      const auto made = batch(name, somebody("author " + std::to_string(author)), events,
                              {time_ms, 0, run, number, sequence});
      said_before.push_back({name, {run, number, sequence}, time_ms});
      sequence += count + (chance() % 5 == 0 ? 1 : 0);
      for (auto& each : nodes)
        if (chance() % 4 != 0)
          each.keep({made});
      if (chance() % 10 == 0) {
        const auto& which = said_before[chance() % said_before.size()];
        value_of(nodes[chance() % 3].files.writer->redact(which.room, which.which));
      }
      if (chance() % 15 == 0)
        nodes[chance() % 3].take_from(nodes[chance() % 3], {4, 10, 500});
      if (chance() % 20 == 0)
        tidied(*nodes[chance() % 3].files.writer);
    }
    for (int round = 0; round < 2; ++round)
      for (auto& to : nodes)
        for (auto& from : nodes)
          if (&to != &from)
            to.take_from(from, {4, 10, 500});
    for (auto& each : nodes) {
      check_equal(nodes[0], each, {"room 0", "room 1"});
      each.check();
      const auto texts = value_of(
          each.files.reader->page("room 0", {history_part::latest, {}, {}, 100'000, true}));
      CHECK(found(each, "room 0", "words") == texts.size());
    }
  }
}
