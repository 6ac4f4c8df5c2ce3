// What is redacted, too old or too much goes.

#include "io/storage/history_transfer.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace confab;
using namespace confab::test;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

bool is_anywhere(const scratch_folder& folder, const std::string& what) {
  for (const auto& each : std::filesystem::directory_iterator{folder.path()})
    if (bytes_of(each.path().string()).find(what) != std::string::npos)
      return true;
  return false;
}

history_page found(history_reader& reader, const std::string& room, const std::string& words) {
  history_search query;
  query.words = words;
  query.count_max = 1000;
  return value_of(reader.search(room, query, {}));
}

/// Texts of several rooms in turn, one a ms.
void keep_in_turn(history_writer& writer, std::size_t rooms, std::size_t count) {
  batches kept;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto room = i % rooms;
    const auto time_ms = static_cast<std::int64_t>(i);
    kept.push_back(batch("room " + std::to_string(room), somebody("bob"),
                         {said{std::to_string(i) + std::string(500, 'x')}},
                         {time_ms, time_ms, 1, room, i / rooms}));
  }
  REQUIRE_FALSE(writer.keep(kept));
}

}  // namespace

TEST_CASE("a redacted text is not found any more, and its bytes are gone from all files") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  auto kept = texts("a", 0, 400);
  kept.push_back(
      batch("a", somebody("bob"), {said{"zyzzyva qwertzuiop"}}, {9'000'000, 9'000'000, 1, 1, 400}));
  REQUIRE_FALSE(files.writer->keep(kept));
  tidied(*files.writer);
  REQUIRE_FALSE(files.writer->keep(texts("a", 401, 400)));
  tidied(*files.writer);
  REQUIRE(found(*files.reader, "a", "zyzzyva").size() == 1);
  REQUIRE(is_anywhere(folder, "qwertzuiop"));
  SECTION("in one go") {}
  SECTION("or when the server has been started again in between") {
    REQUIRE(value_of(files.writer->redact("a", {1, 1, 400})));
    files = {};
    files = opened(folder.file());
  }
  value_of(files.writer->redact("a", {1, 1, 400}));
  CHECK(found(*files.reader, "a", "zyzzyva").empty());
  CHECK(all_of(*files.reader, "a").size() == 800);
  CHECK(files.writer->size().events == 800);
  CHECK_FALSE(value_of(files.writer->redact("a", {1, 1, 400})));
  tidied(*files.writer);
  CHECK_FALSE(is_anywhere(folder, "zyzzyva"));
  CHECK_FALSE(is_anywhere(folder, "qwertzuiop"));
  CHECK(found(*files.reader, "a", "text").size() == 800);
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE("the words of redacted texts are wiped out at most once a minute") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(
      batches{batch("a", somebody("bob"), {said{"firstword"}, said{"secondword"}, said{"other"}},
                    {1, 3, 1, 1, 0})}));
  tidied(*files.writer, {}, 1000);
  REQUIRE(value_of(files.writer->redact("a", {1, 1, 0})));
  tidied(*files.writer, {}, 1000);
  CHECK_FALSE(is_anywhere(folder, "firstword"));
  REQUIRE(value_of(files.writer->redact("a", {1, 1, 1})));
  tidied(*files.writer, {}, 60'999);
  CHECK(is_anywhere(folder, "secondword"));
  CHECK(found(*files.reader, "a", "secondword").empty());
  tidied(*files.writer, {}, 61'000);
  CHECK_FALSE(is_anywhere(folder, "secondword"));
}

TEST_CASE("only a text of this room and id is redacted") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(
      batches{batch("a", somebody("bob"), {joined{}, said{"x"}}, {1, 2, 1, 1, 0})}));
  CHECK_FALSE(value_of(files.writer->redact("a", {1, 1, 0})));
  CHECK_FALSE(value_of(files.writer->redact("b", {1, 1, 1})));
  CHECK_FALSE(value_of(files.writer->redact("a", {1, 2, 1})));
  CHECK(all_of(*files.reader, "a").size() == 2);
  CHECK(value_of(files.writer->redact("a", {1, 1, 1})));
  CHECK(all_of(*files.reader, "a").size() == 1);
}

TEST_CASE("what is too old goes, with its words, authors, lives and rooms") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  keep_in_turn(*files.writer, 3, 900);
  REQUIRE_FALSE(files.writer->keep(
      batches{batch("old", somebody("only here"), {said{"last words"}}, {5, 5, 1, 9, 0})}));
  tidied(*files.writer);
  history_retention limits;
  limits.age_ms_max = 1000;
  tidied(*files.writer, limits, 1600);
  CHECK(files.writer->size().events == 300);
  CHECK(files.writer->size().rooms == 3);
  CHECK(words_of(all_of(*files.reader, "room 0")).front().starts_with("600x"));
  CHECK(all_of(*files.reader, "old").empty());
  // A room that has lost all goes on in the same life.
  tidied(*files.writer, limits, 100'000);
  CHECK(files.writer->size().events == 0);
  CHECK(files.writer->size().rooms == 0);
  REQUIRE_FALSE(files.writer->keep(texts("room 0", 300, 2, 1, 0)));
  files = {};
  files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(texts("room 1", 300, 2, 1, 1)));
  REQUIRE_FALSE(files.writer->keep(texts("old", 1, 2, 1, 9)));
  for (const std::string each : {"room 0", "room 1", "old"}) {
    const auto page = all_of(*files.reader, each);
    CHECK(page.size() == 2);
    history_query query{
        history_part::around, message_id{1, page[1]->at.room, page[1]->at.sequence}, {}, 2};
    CHECK(described(value_of(files.reader->page(each, query))) == described(page));
  }
  tidied(*files.writer);
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
  CHECK_FALSE(is_anywhere(folder, "only here"));
  CHECK_FALSE(is_anywhere(folder, "room 2"));
}

TEST_CASE("a room keeps no more events than it may") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  history_retention limits;
  limits.events_per_room_max = 30;
  keep_in_turn(*files.writer, 2, 1000);
  REQUIRE_FALSE(files.writer->keep(texts("small", 0, 30)));
  tidied(*files.writer, limits, 0);
  CHECK(all_of(*files.reader, "room 1").size() == 30);
  CHECK(words_of(all_of(*files.reader, "room 1")).front().starts_with("941x"));
  CHECK(all_of(*files.reader, "small").size() == 30);
  // At the same time of the clock, too.
  REQUIRE_FALSE(files.writer->keep(texts("small", 30, 500)));
  tidied(*files.writer, limits, 0);
  CHECK(words_of(all_of(*files.reader, "small")).front() == "text 500");
  CHECK(files.writer->size().events == 90);
}

TEST_CASE("if all is too much, the oldest of all rooms goes first") {
  const scratch_folder folder;
  auto settings = settings_of(folder.file());
  settings.is_synced = false;
  auto files = opened(settings);
  const std::size_t rooms = GENERATE(3U, 400U);
  keep_in_turn(*files.writer, rooms, 6000);
  tidied(*files.writer);
  const auto before = files.writer->size();
  history_retention limits;
  limits.bytes_max = before.bytes / 2;
  tidied(*files.writer, limits, 6000);
  const auto after = files.writer->size();
  CHECK(after.bytes <= limits.bytes_max);
  CHECK(after.events > 1500);
  std::vector<std::int64_t> left;
  for (std::size_t i = 0; i < rooms; ++i)
    for (const auto& each : all_of(*files.reader, "room " + std::to_string(i)))
      left.push_back(each->at.first_ms);
  CHECK(left.size() == after.events);
  // Which of them: the newest, but for a small part of the age.
  REQUIRE_FALSE(left.empty());
  const auto first = *std::min_element(left.begin(), left.end());
  CHECK(6000 - first - static_cast<std::int64_t>(left.size()) <= (rooms == 3 ? 50 : 300));
  files = {};
  CHECK(check_history(settings).empty());
  // Free pages are given back.
  CHECK(std::filesystem::file_size(folder.file()) < before.bytes * 2 / 3);
}

TEST_CASE("a call of tidy does a small part only") {
  const scratch_folder folder;
  auto settings = settings_of(folder.file());
  settings.is_synced = false;
  auto files = opened(settings);
  keep_in_turn(*files.writer, 2, 5000);
  history_retention limits;
  limits.age_ms_max = 1;
  CHECK(tidied(*files.writer, limits, 10'000) > 25);
}

TEST_CASE("authors are kept once, and counted right, while others go") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  history_retention limits;
  limits.events_per_room_max = 5;
  std::vector<identity_ptr> people;
  for (int i = 0; i < 7; ++i)
    people.push_back(somebody("person " + std::to_string(i)));
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto who = people[i * i % 7];
    const auto at = stamp{1, 1, 1, 1, 2 * i};
    REQUIRE_FALSE(
        files.writer->keep(batches{batch("a", who, {renamed{people[i % 7]}, said{"x"}}, at)}));
    if (i % 3 == 0)
      tidied(*files.writer, limits, 0);
    for (const auto& each : all_of(*files.reader, "a"))
      REQUIRE(each->who.who->nick.starts_with("person"));
  }
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
}
