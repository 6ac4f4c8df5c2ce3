// Which files are used, and what happens to those that are not.

#include "io/storage/history_transfer.hpp"
#include "io/storage/schema.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <sys/wait.h>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

/// The files of a folder with their bytes.
std::map<std::string, std::string> files_of(const scratch_folder& folder) {
  std::map<std::string, std::string> result;
  for (const auto& each : std::filesystem::directory_iterator{folder.path()}) {
    std::ifstream in{each.path(), std::ios::binary};
    result[each.path().filename().string()] = {std::istreambuf_iterator<char>{in}, {}};
  }
  return result;
}

std::string problem_of(const history_settings& settings) {
  auto result = open_history(settings);
  const auto* problem = std::get_if<std::string>(&result);
  return problem != nullptr ? *problem : "";
}

void check_refused(const scratch_folder& folder, const history_settings& settings,
                   const std::string& why) {
  const auto before = files_of(folder);
  CHECK(problem_of(settings) == "the history '" + settings.path + "' " + why);
  CHECK(files_of(folder) == before);
}

/// The steps that there are, and more.
std::vector<const char*> steps_and(std::vector<const char*> more) {
  const auto known = storage::known_steps();
  std::vector<const char*> result{known.begin(), known.end()};
  result.insert(result.end(), more.begin(), more.end());
  return result;
}

const std::vector<const char*> steps_to_4 =
    steps_and({"ALTER TABLE events ADD COLUMN mood INTEGER; UPDATE events SET mood=1",
               "CREATE TABLE moods(id INTEGER PRIMARY KEY) STRICT"});

/// Makes of a file of the present version what version 1 was.
void make_version_1(const scratch_folder& folder) {
  storage::connection file{{folder.file()}};
  file.run(
      "DROP INDEX texts; DROP INDEX others; DROP INDEX lives; DROP TABLE slots;"
      "DROP TABLE removed; ALTER TABLE rooms DROP COLUMN is_late; DELETE FROM chores;"
      "CREATE INDEX texts ON events(id) WHERE kind <= 1;"
      "CREATE UNIQUE INDEX segments_by_life ON "
      "segments(room, run, number, first_sequence);"
      "PRAGMA user_version=1");
}

}  // namespace

TEST_CASE("a file that is no database is refused and left as it is") {
  const scratch_folder folder;
  std::ofstream{folder.file()} << GENERATE(
      "x",
      "no database, but much longer than a header has to be, "
      "so that all of it would be there: 0123456789 0123456789");
  check_refused(folder, settings_of(folder.file()), "is no database");
}

TEST_CASE("the database of another program is refused and left as it is") {
  const scratch_folder folder;
  {
    storage::connection other{{folder.file(), nullptr, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE}};
    other.run("PRAGMA journal_mode=WAL; CREATE TABLE a(b); PRAGMA user_version=1");
  }
  check_refused(folder, settings_of(folder.file()), "is the database of another program");
}

TEST_CASE("a file of a newer version is refused and left as it is") {
  const scratch_folder folder;
  auto newer = settings_of(folder.file());
  newer.migration_steps = steps_to_4;
  std::string why = "is of version 4, and this program knows versions up to 2 only";
  { opened(newer); }
  check_refused(folder, settings_of(folder.file()), why);
}

TEST_CASE("a folder or what is in none is refused") {
  const scratch_folder folder;
  CHECK(problem_of(settings_of(folder.path())).find("is no file") != std::string::npos);
  CHECK(problem_of(settings_of(folder.file("a/b"))).find("No such file") != std::string::npos);
  CHECK(files_of(folder).empty());
}

TEST_CASE("a new history is for the eyes of its owner only") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(texts("a", 0, 1)));
  for (const auto& each : std::filesystem::directory_iterator{folder.path()})
    CHECK((each.status().permissions() & std::filesystem::perms::all) ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("an empty file becomes a history") {
  const scratch_folder folder;
  std::ofstream{folder.file()}.flush();
  auto files = opened(folder.file());
  CHECK_FALSE(files.writer->keep(texts("a", 0, 1)));
}

TEST_CASE("a file of version 1 is brought to the present version with all that it holds") {
  const scratch_folder folder;
  std::vector<std::string> before;
  std::vector<history_digest> digests;
  const digest_question all{0, all_slots, 1};
  {
    auto files = opened(folder.file());
    REQUIRE_FALSE(files.writer->keep(texts("a", 0, 10)));
    REQUIRE_FALSE(files.writer->keep(texts_at_once("b", 0, 300, 2, 7)));
    before = described(all_of(*files.reader, "a"));
    digests = value_of(files.reader->digests(all));
  }
  make_version_1(folder);
  auto files = opened(folder.file());
  CHECK(described(all_of(*files.reader, "a")) == before);
  CHECK(value_of(files.reader->digests(all)) == digests);
  REQUIRE_FALSE(files.writer->keep(texts("a", 10, 10)));
  CHECK(all_of(*files.reader, "a").size() == 20);
  files = {};
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE("the present version is brought to later ones with all that it holds") {
  const scratch_folder folder;
  std::vector<std::string> before;
  {
    auto files = opened(folder.file());
    REQUIRE_FALSE(files.writer->keep(texts("a", 0, 10)));
    before = described(all_of(*files.reader, "a"));
  }
  auto settings = settings_of(folder.file());
  settings.migration_steps = steps_to_4;
  auto files = opened(settings);
  CHECK(described(all_of(*files.reader, "a")) == before);
  storage::connection look{{folder.file()}};
  CHECK(look.number("PRAGMA user_version") == 4);
  CHECK(look.number("SELECT sum(mood) FROM events") == 10);
}

TEST_CASE("a step of a migration that fails leaves the file at the version that it had") {
  const scratch_folder folder;
  {
    auto files = opened(folder.file());
    REQUIRE_FALSE(files.writer->keep(texts("a", 0, 10)));
  }
  const auto steps = steps_and({"CREATE TABLE moods(id INTEGER PRIMARY KEY)", "nonsense"});
  auto settings = settings_of(folder.file());
  settings.migration_steps = steps;
  CHECK(problem_of(settings).find("syntax error") != std::string::npos);
  auto files = opened(folder.file());
  CHECK(all_of(*files.reader, "a").size() == 10);
}

TEST_CASE("a history has one server, which need not end well") {
  const scratch_folder folder;
  {
    const auto files = opened(folder.file());
    CHECK(problem_of(settings_of(folder.file())) ==
          "the history '" + folder.file() + "' is in use by another server");
    CHECK_FALSE(files.writer->keep(texts("a", 0, 1)));
  }
  // One that is killed.
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto files = opened(folder.file());
    const bool is_kept = !files.writer->keep(texts("a", 1, 1));
    [[maybe_unused]] const auto written = ::write(ends[1], is_kept ? "k" : "-", 1);
    ::pause();
  }
  char is_kept = 0;
  REQUIRE(::read(ends[0], &is_kept, 1) == 1);
  CHECK(is_kept == 'k');
  CHECK(problem_of(settings_of(folder.file())).find("in use") != std::string::npos);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ends[0]);
  ::close(ends[1]);
  auto files = opened(folder.file());
  CHECK(all_of(*files.reader, "a").size() == 2);
  files = {};
  CHECK(files_of(folder).size() == 1);  // Nothing is left beside it.
}

TEST_CASE("others can read the file while the server writes") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  REQUIRE_FALSE(files.writer->keep(texts("a", 0, 3)));
  auto reader = open_history_to_read(settings_of(folder.file()));
  CHECK(all_of(*std::get<0>(reader), "a").size() == 3);
  storage::connection other{{folder.file(), nullptr, SQLITE_OPEN_READONLY}};
  other.run(("VACUUM INTO '" + folder.file("copy") + "'").c_str());
  CHECK(all_of(*opened(folder.file("copy")).reader, "a").size() == 3);
  REQUIRE_FALSE(files.writer->keep(texts("a", 3, 3)));
  CHECK(all_of(*std::get<0>(reader), "a").size() == 6);
  CHECK(check_history(settings_of(folder.file())).empty());
}

TEST_CASE("damaged pages are told as damage") {
  const scratch_folder folder;
  {
    auto files = opened(folder.file());
    REQUIRE_FALSE(files.writer->keep(texts("a", 0, 2000)));
    tidied(*files.writer);
  }
  {
    std::fstream file{folder.file(), std::ios::binary | std::ios::in | std::ios::out};
    const auto pages =
        static_cast<std::streamoff>(std::filesystem::file_size(folder.file()) / 4096);
    for (std::streamoff page = 4; page < pages; ++page) {
      file.seekp(page * 4096);
      file << std::string(4096, '\xaa');
    }
  }
  CHECK_FALSE(check_history(settings_of(folder.file())).empty());
  auto result = open_history(settings_of(folder.file()));
  if (auto* files = std::get_if<history_files>(&result)) {
    history_query query;
    query.count_max = 10;
    const auto page = files->reader->page("a", query);
    REQUIRE(std::holds_alternative<storage_failure>(page));
    CHECK(std::get<storage_failure>(page).what == storage_trouble::damaged);
    const auto kept = files->writer->keep(texts("a", 2000, 1));
    REQUIRE(kept);
    CHECK(kept->what == storage_trouble::damaged);
  }
}

TEST_CASE("a history is in use whatever link leads to its file, and a hard link is refused") {
  const scratch_folder folder;
  const auto settings = settings_of(folder.file());
  const auto link = folder.file("link");
  {
    auto first = open_history(settings);
    REQUIRE(std::holds_alternative<history_files>(first));
    std::filesystem::create_symlink(folder.file(), link);
    CHECK(problem_of(settings_of(link)).find("in use by another server") != std::string::npos);
  }
  CHECK(problem_of(settings_of(link)).empty());
  std::filesystem::remove(link);
  std::filesystem::create_hard_link(folder.file(), link);
  CHECK(problem_of(settings_of(link)).find("hard link") != std::string::npos);
}

TEST_CASE("a history tells the latest run of which it holds something") {
  const scratch_folder folder;
  const auto settings = settings_of(folder.file());
  {
    auto opened = std::get<history_files>(open_history(settings));
    CHECK(opened.last_run == 0);
    for (const std::uint64_t run : {7U, 9U, 8U}) {
      auto said_then = std::make_shared<event_batch>(*texts("cafe", 0, 1).front());
      said_then->at.run = run;
      const batches kept{said_then};
      REQUIRE_FALSE(opened.writer->keep(kept));
    }
  }
  CHECK(std::get<history_files>(open_history(settings)).last_run == 9);
}
