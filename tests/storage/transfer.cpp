// A history leaves its file and comes into another one.

#include "io/storage/history_transfer.hpp"
#include "io/storage/sqlite.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <sstream>

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

std::string exported(const scratch_folder& folder) {
  std::ostringstream out;
  const auto result = export_history(settings_of(folder.file()), out);
  if (const auto* problem = std::get_if<std::string>(&result))
    throw std::runtime_error{*problem};
  return out.str();
}

import_outcome imported(history_writer& writer, const std::string& lines) {
  std::istringstream in{lines};
  return import_history(writer, in);
}

/// Two rooms with events of all kinds, whose names and texts are any bytes.
void fill(history_writer& writer) {
  std::string bytes;
  for (int i = 0; i < 256; ++i)
    bytes += static_cast<char>(i);
  auto who = std::make_shared<identity>(*somebody("a\xff" + bytes));
  who->account = "account";
  who->bot = true;
  const auto tags = std::make_shared<const std::string>("+a=\xfe");
  batches kept;
  for (std::uint64_t i = 0; i < 600; ++i)
    kept.push_back(
        batch(i % 2 == 0 ? "plain \"room\"" : "room\xff\0"s, who,
              {said{bytes.substr(i % 256)}, said{bytes.substr(0, i % 6), text_kind::notice, tags},
               said{"", text_kind::tags_only, tags}, joined{}, left{false, "bye"},
               left{true, bytes}, kick(somebody("whom"), "out"), renamed{somebody("before")},
               topic_set{"topic"}, modes_set{{{true, 'o', bytes}, {false, '\xfe', ""}}}},
              {static_cast<std::int64_t>(10 * i), static_cast<std::int64_t>(10 * i + 9),
               1 + i / 300, i % 2, 10 * i}));
  REQUIRE_FALSE(writer.keep(kept));
}

}  // namespace

TEST_CASE("an export that is imported is the same history, and twice the same as once") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  fill(*files.writer);
  const auto lines = exported(folder);
  const scratch_folder other_folder;
  auto other = opened(other_folder.file());
  const auto once = imported(*other.writer, lines);
  CHECK(once.problem == "");
  CHECK(once.kept == 6000);
  CHECK(once.skipped == 0);
  CHECK(exported(other_folder) == lines);
  for (const auto& room : {"plain \"room\""s, "room\xff\0"s})
    CHECK(described(all_of(*other.reader, room)) == described(all_of(*files.reader, room)));
  const auto twice = imported(*other.writer, lines);
  CHECK(twice.problem == "");
  CHECK(twice.kept == 0);
  CHECK(twice.skipped == 6000);
  CHECK(exported(other_folder) == lines);
  other = {};
  CHECK(check_history(settings_of(other_folder.file())).empty());
}

TEST_CASE("a line that is no event is told with its number") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  fill(*files.writer);
  const auto lines = exported(folder);
  const auto first = lines.substr(0, lines.find('\n') + 1);
  for (const auto& bad :
       std::vector<std::string>{"", "x", "[]", "{}", "null", first.substr(0, first.size() / 2),
                                "{\"room\":1}", "\xff", std::string(100'000, '[')}) {
    const scratch_folder other_folder;
    auto other = opened(other_folder.file());
    const auto outcome = imported(*other.writer, first + bad + "\n" + first);
    CHECK(outcome.problem.starts_with("line 2: "));
    CHECK(outcome.kept == 0);
  }
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"sequence\":0", "\"sequence\":-1"},
           {"\"sequence\":0", "\"sequence\":1e3"},
           {"\"sequence\":0", "\"sequence\":18446744073709551615"},
           {"\"kind\":\"message\"", "\"kind\":\"massage\""},
           {"\"kind\":\"message\"", "\"kind\":\"kick\""},
           {"base64\":\"", "base64\":\"A"},
           {"base64\":\"", "base64\":\"=AAA"},
           {"\"time_ms\":0", "\"time_ms\":-1"},
           {"\"time_ms\":0", "\"time_ms\":253402300800000"},
           {"\"time_ms\":0", "\"time_ms\":9223372036854775807"},
           {"\"time_ms\":0", "\"time_ms\":1e300"},
           {"\"sequence\":0", "\"sequence\":4611686018427387904"},
           {"\"room\":\"", "\"room\":\"" + std::string(1024, 'x')},
           {"\"nick\"", "\"nock\""}}) {
    auto changed = first;
    REQUIRE(changed.find(from) != std::string::npos);
    changed.replace(changed.find(from), from.size(), to);
    INFO(changed);
    const scratch_folder other_folder;
    auto other = opened(other_folder.file());
    CHECK(imported(*other.writer, changed).problem.starts_with("line 1: "));
  }
}

TEST_CASE("a check finds what is wrong between the tables") {
  const scratch_folder folder;
  {
    auto files = opened(folder.file());
    fill(*files.writer);
    tidied(*files.writer);
  }
  REQUIRE(check_history(settings_of(folder.file())).empty());
  for (const auto* harm :
       {"UPDATE rooms SET events=events+1 WHERE id=1",
        "UPDATE rooms SET next_position=100 WHERE id=2",
        "UPDATE rooms SET indexed_position=1000000 WHERE id=1", "DELETE FROM rooms WHERE id=1",
        "DELETE FROM segments WHERE room=1", "DELETE FROM authors WHERE id=2",
        "UPDATE authors SET uses=uses-1 WHERE id=1", "UPDATE events SET kind=77 WHERE kind=3",
        "UPDATE events SET other=NULL WHERE kind=6", "DELETE FROM words_docsize WHERE id%7=0",
        "UPDATE events SET text=x'00' WHERE kind=9", "UPDATE rooms SET indexed_position=5",
        "UPDATE segments SET first_sequence=1000000 WHERE room=1 AND first_position=0; "
        "UPDATE segments SET run=1"}) {
    const scratch_folder other_folder;
    std::filesystem::copy_file(folder.file(), other_folder.file());
    storage::connection{{other_folder.file()}}.run(harm);
    INFO(harm);
    CHECK_FALSE(check_history(settings_of(other_folder.file())).empty());
  }
}
