// Texts that are said in one go are one row, and each of them is as it would be alone.

#include "io/storage/event_run.hpp"
#include "io/storage/history_transfer.hpp"
#include "io/storage/sqlite.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <fstream>
#include <functional>
#include <iterator>
#include <set>
#include <sstream>
#include <utility>

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

std::int64_t number(const scratch_folder& folder, const char* query) {
  storage::connection look{{folder.file()}};
  return look.number(query);
}

std::int64_t rows_of(const scratch_folder& folder) {
  return number(folder, "SELECT count(*) FROM events");
}

/// Whether the bytes are in any file of the folder.
bool is_anywhere(const scratch_folder& folder, const std::string& what) {
  for (const auto& each : std::filesystem::directory_iterator{folder.path()}) {
    std::ifstream in{each.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
    if (bytes.find(what) != std::string::npos)
      return true;
  }
  return false;
}

std::size_t found(history_reader& reader, const std::string& words) {
  history_search query;
  query.words = words;
  query.count_max = 1000;
  return value_of(reader.search("a", query, {})).size();
}

std::vector<std::string> described_each(const event_batch& batch) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < batch.events.size(); ++i)
    result.push_back(described(batch, i));
  return result;
}

/// Bytes that parsers trip over, of all lengths at which a length needs one more byte.
std::vector<event> hostile_texts() {
  std::vector<event> result;
  for (const std::size_t size : {0U, 1U, 127U, 128U, 129U, 0U, 255U, 256U, 4095U, 4096U, 0U}) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
      text += static_cast<char>((i * 7 + size) % 256);
    result.emplace_back(said{text});
  }
  for (const auto& text : {"\0"s, "\xff\xfe"s, "\x80\x80\x80\x80\x80"s, "a\0b\n"s, "'\"%s"s})
    result.emplace_back(said{text});
  return result;
}

/// A word that no other text of the tests has.
std::string secret(std::size_t index) {
  return "zyzzyva" + std::string(index + 1, 'q') + 'x';
}

std::vector<event> secrets(std::size_t count) {
  std::vector<event> result;
  for (std::size_t i = 0; i < count; ++i)
    result.emplace_back(said{"common " + secret(i)});
  return result;
}

}  // namespace

TEST_CASE("texts of a batch are one row, and come back byte for byte, each with its time") {
  const scratch_folder folder;
  const auto last_ms = GENERATE(5000, 5003, 9000);
  const auto kept = batch("a", somebody("bob"), hostile_texts(), {5000, last_ms, 1, 1, 7});
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(batches{kept}));
  CHECK(rows_of(folder) == 1);
  CHECK(files.writer->size().events == kept->events.size());
  tidied(*files.writer);
  files = {};
  files = opened(folder.file());
  CHECK(described(all_of(*files.reader, "a")) == described_each(*kept));
  for (std::uint64_t i = 0; i < kept->events.size(); ++i) {
    history_query query{history_part::around, message_id{1, 1, 7 + i}, {}, 1, false};
    CHECK(described(value_of(files.reader->page("a", query))) ==
          std::vector<std::string>{described(*kept, i)});
  }
  CHECK(value_of(files.writer->origin_of("a", {1, 1, 9})).who->nick == "bob");
  std::ostringstream lines;
  CHECK(std::get<std::uint64_t>(export_history(settings_of(folder.file()), lines)) ==
        kept->events.size());
  const scratch_folder other_folder;
  auto other = opened(other_folder.file());
  std::istringstream in{lines.str()};
  CHECK(import_history(*other.writer, in).kept == kept->events.size());
  CHECK(described(all_of(*other.reader, "a")) == described_each(*kept));
  // The same again is nothing new.
  REQUIRE_FALSE(other.writer->keep(batches{kept}));
  CHECK(other.writer->size().events == kept->events.size());
  files = {};
  other = {};
  CHECK(check_history(settings_of(folder.file())).empty());
  CHECK(check_history(settings_of(other_folder.file())).empty());
}

TEST_CASE("a row has texts of one kind and without tags, and not too many of them") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto tags = std::make_shared<const std::string>("+a=b");
  const auto half = std::string(storage::run_bytes_max / 2, 'x');
  std::vector<event> events{said{"1"},
                            said{"2"},
                            said{"3", text_kind::notice},
                            said{"4", text_kind::notice},
                            said{"5", text_kind::notice, tags},
                            said{"6", text_kind::notice},
                            joined{},
                            said{"", text_kind::tags_only, tags},
                            said{half},
                            said{half},
                            said{"7"},
                            said{half + half + half},
                            said{"8"},
                            invited{"x"},
                            said{"9"}};
  const auto kept = batch("a", somebody("bob"), events, {1, 0, 1, 1, 0});
  REQUIRE_FALSE(files.writer->keep(batches{kept}));
  // 1 2 | 3 4 | 5 | 6 | joined | tags | half half | 7 | long | 8 | 9
  CHECK(rows_of(folder) == 11);
  auto expected = described_each(*kept);
  expected.erase(expected.end() - 2);
  CHECK(described(all_of(*files.reader, "a")) == expected);
  REQUIRE_FALSE(files.writer->keep(texts_at_once("b", 0, 600)));
  CHECK(rows_of(folder) == 14);
  CHECK(number(folder, "SELECT max(count) FROM events") == storage::run_events_max);
  CHECK(described(all_of(*files.reader, "b")) ==
        described_each(*texts_at_once("b", 0, 600).front()));
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE("of a batch of which the beginning was kept before, the rest is kept") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 0, 10)));
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 4, 20)));
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 2, 22)));
  CHECK(rows_of(folder) == 2);
  CHECK(described(all_of(*files.reader, "a")) ==
        described_each(*texts_at_once("a", 0, 24).front()));
  // Late, of a life that another one has followed.
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 0, 3, 1, 2)));
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 20, 9)));
  CHECK(all_of(*files.reader, "a").size() == 32);
  CHECK(words_of(all_of(*files.reader, "a")).at(27) == "text 24");
  CHECK(files.writer->size().events == 32);
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE("a text is redacted out of its row, and its bytes are gone from all files") {
  const bool is_indexed = GENERATE(true, false);
  const std::size_t count = GENERATE(2U, 5U, 200U);
  const auto which = GENERATE_COPY(std::size_t{0}, count / 2, count - 1);
  INFO(count << " texts, number " << which);
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto kept = batch("a", somebody("bob"), secrets(count), {1'000'009, 0, 1, 1, 0});
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 0, 9, 1, 9)));
  REQUIRE_FALSE(files.writer->keep(batches{kept}));
  REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 1000, 9, 1, 9)));
  if (is_indexed)
    tidied(*files.writer);
  REQUIRE(is_anywhere(folder, secret(which)));
  REQUIRE(value_of(files.writer->redact("a", {1, 1, which})));
  CHECK_FALSE(value_of(files.writer->redact("a", {1, 1, which})));
  CHECK(value_of(files.writer->origin_of("a", {1, 1, which})).who == nullptr);
  tidied(*files.writer);
  CHECK_FALSE(is_anywhere(folder, secret(which)));
  auto expected = described_each(*kept);
  expected.erase(expected.begin() + static_cast<std::ptrdiff_t>(which));
  history_query query{history_part::between, message_id{1, 9, 8}, message_id{1, 9, 1000}, 1000};
  CHECK(described(value_of(files.reader->page("a", query))) == expected);
  CHECK(found(*files.reader, "common") == count - 1);
  CHECK(found(*files.reader, secret(which)) == 0);
  CHECK(found(*files.reader, secret(which == 0 ? 1 : 0)) == 1);
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE("a limit that ends inside of a row is kept to exactly") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  const auto kept = batch("a", somebody("bob"), secrets(200), {1, 0, 1, 1, 0});
  REQUIRE_FALSE(files.writer->keep(batches{kept}));
  if (GENERATE(true, false))
    tidied(*files.writer);
  history_retention limits;
  std::uint64_t left = 200;
  for (const std::uint64_t limit : {199U, 150U, 149U, 2U, 1U}) {
    limits.events_per_room_max = limit;
    tidied(*files.writer, limits, 0);
    left = limit;
    const auto all = described_each(*kept);
    CHECK(described(all_of(*files.reader, "a")) ==
          std::vector<std::string>{all.end() - static_cast<std::ptrdiff_t>(left), all.end()});
    CHECK(found(*files.reader, "common") == left);
    CHECK(found(*files.reader, secret(199 - left)) == 0);
    CHECK(files.writer->size().events == left);
    CHECK(check_history(settings_of(folder.file())).empty());
  }
  CHECK(value_of(files.writer->redact("a", {1, 1, 199})));
  tidied(*files.writer, limits, 0);
  CHECK(files.writer->size().rooms == 0);
}

TEST_CASE("a row goes when all that it holds is too old") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(
      batches{batch("a", somebody("bob"), secrets(100), {1000, 1099, 1, 1, 0}),
              batch("a", somebody("bob"), secrets(100), {1100, 1150, 1, 1, 100})}));
  history_retention limits;
  limits.age_ms_max = 1000;
  tidied(*files.writer, limits, 2099);
  CHECK(files.writer->size().events == 200);
  limits.age_ms_max = 999;  // Another limit is looked at at once.
  tidied(*files.writer, limits, 2099);
  CHECK(files.writer->size().events == 100);
  CHECK(all_of(*files.reader, "a").front()->at.first_ms == 1100);
  tidied(*files.writer, limits, 1'000'000);
  CHECK(files.writer->size().events == 0);
}

namespace {

/// Does something once when the first bytes come, and keeps all of them.
class interrupted_lines : public std::stringbuf {
 public:
  explicit interrupted_lines(std::function<void()> work) : work_(std::move(work)) {}

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    if (work_)
      std::exchange(work_, nullptr)();
    return std::stringbuf::xsputn(bytes, count);
  }

 private:
  std::function<void()> work_;
};

}  // namespace

TEST_CASE("an export has each text once, though rows are cut meanwhile") {
  constexpr std::uint64_t rows = 250;
  constexpr std::uint64_t texts_each = 4;
  for (std::uint64_t row = 98; row <= 101; ++row) {
    const scratch_folder folder;
    auto files = opened(folder.file());
    for (std::uint64_t i = 0; i < rows; ++i)
      REQUIRE_FALSE(files.writer->keep(texts_at_once("a", i * texts_each, texts_each)));
    interrupted_lines lines{[&] {
      value_of(files.writer->redact("a", {1, 1, row * texts_each + 1}));
    }};
    std::ostream out{&lines};
    const auto count = std::get<std::uint64_t>(export_history(settings_of(folder.file()), out));
    CHECK(count >= rows * texts_each - 1);
    std::set<std::string> different;
    std::istringstream in{lines.str()};
    for (std::string line; std::getline(in, line);)
      different.insert(line);
    CHECK(different.size() == count);
  }
}

TEST_CASE("a check finds what is wrong in a row of several texts") {
  const scratch_folder folder;
  {
    auto files = opened(folder.file());
    REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 0, 20)));
    REQUIRE_FALSE(files.writer->keep(texts_at_once("a", 20, 20)));
    tidied(*files.writer);
  }
  REQUIRE(check_history(settings_of(folder.file())).empty());
  for (const auto* harm :
       {"UPDATE events SET count=19 WHERE id%64=0", "UPDATE events SET count=0",
        "UPDATE events SET count=257", "UPDATE events SET span_ms=-1",
        "UPDATE events SET span_ms=20", "UPDATE events SET lengths=NULL",
        "UPDATE events SET lengths=x'00'", "UPDATE events SET lengths=CAST(lengths||x'00' AS BLOB)",
        "UPDATE events SET lengths=CAST(replace(lengths, x'06', x'86') AS BLOB)",
        "UPDATE events SET text=CAST(text||x'00' AS BLOB)", "UPDATE events SET kind=2",
        "UPDATE events SET other=author", "UPDATE events SET tags=x'00'",
        "UPDATE events SET id=id-1 WHERE (id&63)=20", "UPDATE events SET id=id+1",
        "UPDATE rooms SET next_position=39", "INSERT INTO segments VALUES(1, 10, 1, 2, 7)",
        "INSERT INTO words(rowid, text) VALUES((1<<40)+40, 'text')",
        "DELETE FROM words_docsize WHERE id=(1<<40)+25"}) {
    const scratch_folder other_folder;
    std::filesystem::copy_file(folder.file(), other_folder.file());
    storage::connection{{other_folder.file()}}.run(harm);
    INFO(harm);
    CHECK_FALSE(check_history(settings_of(other_folder.file())).empty());
  }
}
