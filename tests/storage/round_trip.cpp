// What is kept comes back as it was.

#include "io/storage/history_transfer.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <tuple>

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

/// Bytes that parsers trip over.
const std::string hostile = "a\0b\n\r'\"\xff\xfe\xc3(:5:+o\x80 %s\0"s;

identity_ptr hostile_somebody() {
  auto result = std::make_shared<identity>();
  result->name = hostile + "1";
  result->dialect = "tagged";
  result->nick = hostile + "2";
  result->user = hostile + "3";
  result->host = hostile + "4";
  result->real_name = hostile + "5";
  result->account = hostile + "6";
  result->bot = result->invisible = result->hears_wallops = result->server_operator = true;
  return result;
}

std::vector<event> one_of_each() {
  const auto tags = std::make_shared<const std::string>(hostile);
  return {said{hostile},
          said{"", text_kind::message, std::make_shared<const std::string>("")},
          said{hostile, text_kind::notice, tags},
          said{"", text_kind::tags_only, tags},
          joined{},
          left{false, hostile},
          left{true, hostile},
          kick(hostile_somebody(), hostile),
          renamed{hostile_somebody()},
          topic_set{hostile},
          topic_set{""},
          modes_set{{{true, 'o', hostile}, {false, ':', ""}, {true, '\0', "12:"}}},
          modes_set{}};
}

std::vector<std::string> expected(const event_batch& batch) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < batch.events.size(); ++i)
    if (is_kept(batch.events[i]))
      result.push_back(described(batch, i));
  return result;
}

}  // namespace

TEST_CASE("every event comes back as it was, byte for byte, even after another start") {
  const scratch_folder folder;
  const std::string room = "room" + hostile;
  const auto kept = batch(room, hostile_somebody(), one_of_each(), {5000, 5005, 77, 3, 1000});
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(batches{kept}));
  CHECK(described(all_of(*files.reader, room)) == expected(*kept));
  CHECK(all_of(*files.reader, "room").empty());
  tidied(*files.writer);
  files = {};
  files = opened(folder.file());
  CHECK(described(all_of(*files.reader, room)) == expected(*kept));
  CHECK(files.writer->size().events == 13);
  CHECK(files.writer->size().rooms == 1);
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE(
    "what says nothing of a room, or not to all of it, is not kept, and takes no number away") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto mixed =
      batch("a", somebody("bob"),
            {joined{}, invited{"x"}, away_set{}, real_name_set{}, wall{"x"}, said{"after"}},
            {10, 15, 1, 1, 0});
  auto to_operators = batch("a", somebody("bob"), {said{"secret"}}, {20, 20, 1, 1, 6});
  to_operators->to_prefix = '@';
  auto to_client = batch("a", somebody("bob"), {said{"private"}}, {30, 30, 1, 1, 7});
  to_client->to = audience_kind::client;
  REQUIRE_FALSE(files.writer->keep(batches{mixed, to_operators, to_client}));
  const auto found = described(all_of(*files.reader, "a"));
  CHECK(found == std::vector<std::string>{described(*mixed, 0), described(*mixed, 5)});
}

TEST_CASE("keeping the same again changes nothing") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto kept = texts("a", 0, 5);
  REQUIRE_FALSE(files.writer->keep(kept));
  const auto before = described(all_of(*files.reader, "a"));
  REQUIRE_FALSE(files.writer->keep(kept));
  CHECK(described(all_of(*files.reader, "a")) == before);
  files = {};
  files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(texts("a", 0, 6)));
  CHECK(all_of(*files.reader, "a").size() == 6);
}

TEST_CASE("whatever comes in between, each event keeps its id, and all are in order of time") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  batches all;
  const auto keep = [&](std::uint64_t run, std::uint64_t number, std::uint64_t sequence) {
    const auto kept = texts("a", sequence, 3, run, number);
    all.insert(all.end(), kept.begin(), kept.end());
    REQUIRE_FALSE(files.writer->keep(kept));
  };
  keep(1, 1, 0);
  keep(1, 2, 0);
  keep(1, 2, 10);         // Some were not kept.
  keep(1, 1, 3);          // Late: the next life has begun.
  keep(1, 2, 20);         // And this one is late as well, by now.
  keep(1, 2, 5'000'000);  // A great leap.
  keep(2, 1, 7);          // Another run of the server.
  std::sort(all.begin(), all.end(), [](const auto& left, const auto& right) {
    const auto place_of = [](const stamp& at) {
      return std::tuple{at.first_ms, at.run, at.room, at.sequence};
    };
    return place_of(left->at) < place_of(right->at);
  });
  std::vector<std::string> expected;
  for (const auto& each : all)
    expected.push_back(described(*each, 0));
  for (int start = 0; start < 2; ++start) {
    CHECK(described(all_of(*files.reader, "a")) == expected);
    for (const auto& each : all_of(*files.reader, "a")) {
      history_query query{history_part::around,
                          message_id{each->at.run, each->at.room, each->at.sequence},
                          {},
                          1,
                          false};
      CHECK(described(value_of(files.reader->page("a", query))) ==
            std::vector<std::string>{described(*each, 0)});
    }
    for (const auto& [run, number, sequence] : std::vector<std::array<std::uint64_t, 3>>{
             {1, 2, 3}, {1, 2, 9}, {1, 1, 6}, {1, 2, 23}, {2, 1, 6}, {2, 1, 10}, {3, 1, 0}}) {
      history_query query{history_part::after, message_id{run, number, sequence}, {}, 1, false};
      CHECK(value_of(files.reader->page("a", query)).empty());
    }
    files = {};
    CHECK(check_history(settings_of(folder.file())).empty());
    files = opened(folder.file());
  }
}

TEST_CASE("the author of a text and its time are told, and of nothing else") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto who = hostile_somebody();
  const auto told =
      batch("a", who, {joined{}, said{"x"}, said{"", text_kind::tags_only}}, {1, 3, 1, 1, 0});
  REQUIRE_FALSE(files.writer->keep(batches{told}));
  const auto origin = value_of(files.writer->origin_of("a", {1, 1, 1}));
  CHECK(described(origin.who) == described(who));
  CHECK(origin.said_ms == told->at.time_ms(1));
  CHECK(origin.said_ms == 2);
  CHECK(value_of(files.writer->origin_of("a", {1, 1, 0})).who == nullptr);
  CHECK(value_of(files.writer->origin_of("a", {1, 1, 2})).who == nullptr);
  CHECK(value_of(files.writer->origin_of("a", {1, 1, 3})).who == nullptr);
  CHECK(value_of(files.writer->origin_of("b", {1, 1, 1})).who == nullptr);
}
