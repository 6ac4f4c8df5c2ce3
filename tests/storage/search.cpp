// Texts are found by their words.

#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

using namespace confab;
using namespace confab::test;
using namespace std::string_literals;

namespace {

using words = std::vector<std::string>;

/// A history with one room of texts, one ms after another from 1000 on.
class searched_room {
 public:
  searched_room() : files_(opened(folder_.file())) {}

  void say(const std::string& nick, const std::vector<std::string>& texts,
           const std::string& room = "a") {
    for (const auto& text : texts) {
      const auto time_ms = 1000 + static_cast<std::int64_t>(next_);
      REQUIRE_FALSE(
          files_.writer->keep(batches{batch(room, somebody(nick), {said{text}},
                                            {time_ms, time_ms, 1, room == "a" ? 1u : 2u, next_})}));
      ++next_;
    }
  }

  words find(history_search query, const std::function<bool()>& is_over = {}) {
    if (query.count_max == 0)
      query.count_max = 100;
    return words_of(value_of(files_.reader->search("a", query, is_over)));
  }
  words find(const std::string& what) {
    history_search query;
    query.words = what;
    return find(query);
  }

  history_files& files() { return files_; }

 private:
  scratch_folder folder_;
  history_files files_;
  std::uint64_t next_ = 0;
};

}  // namespace

TEST_CASE("a text is found by its words in whatever case and accent, once tidied") {
  searched_room room;
  room.say("bob", {"Hello World", "hello Café", "other", "", "hello\0hidden"s, "\xff hello \xfe"});
  room.say("bob", {"hello elsewhere"}, "b");
  CHECK(room.find("hello").empty());
  tidied(*room.files().writer);
  CHECK(room.find("HELLO world") == words{"Hello World"});
  CHECK(room.find("cafe") == words{"hello Café"});
  CHECK(room.find("hidden") == words{"hello\0hidden"s});
  CHECK(room.find("hello") ==
        words{"Hello World", "hello Café", "hello\0hidden"s, "\xff hello \xfe"});
  CHECK(room.find("hell").empty());
}

TEST_CASE("words of a search have no syntax") {
  searched_room room;
  room.say("bob", {"don't panic", "a OR b", "x NEAR y", "star*", "text:colon", "1 + 1"});
  tidied(*room.files().writer);
  CHECK(room.find("don't") == words{"don't panic"});
  CHECK(room.find("zebra OR panic").empty());
  CHECK(room.find("a or b") == words{"a OR b"});
  CHECK(room.find("NEAR") == words{"x NEAR y"});
  CHECK(room.find("sta*").empty());
  CHECK(room.find("text:colon") == words{"text:colon"});
  CHECK(room.find("panic !!! ---") == words{"don't panic"});
  for (const auto& each : std::vector<std::string>{
           "\"",    "\"\"", "' \"", "(",   ")",   "{a b}", "^panic", "-",     "+",      "\0"s,
           "a\0b"s, "\xff", "",     "   ", "NOT", "AND",   "OR",     "NEAR(", "words:", "\\"})
    CHECK_NOTHROW(room.find(each));
  CHECK_NOTHROW(room.find(std::string(100'000, '"')));
  std::string many;
  for (int i = 0; i < 10'000; ++i)
    many += "panic ";
  CHECK(room.find(many) == words{"don't panic"});
}

TEST_CASE("a search ends with the newest, between its times and by its author") {
  searched_room room;
  room.say("Bob", {"word 0", "word 1"});
  room.say("alice", {"word 2", "word 3"});
  room.say("bOB", {"word 4"});
  tidied(*room.files().writer);
  CHECK(room.find({"word", "", 0, 0, 2}) == words{"word 3", "word 4"});
  CHECK(room.find({"word", "boB", 0, 0, 0}) == words{"word 0", "word 1", "word 4"});
  CHECK(room.find({"word", "", 1000, 1003, 0}) == words{"word 1", "word 2"});
  CHECK(room.find({"word", "nobody", 0, 0, 0}).empty());
}

TEST_CASE("a search that is over returns what it has found") {
  searched_room room;
  room.say("bob", std::vector<std::string>(50, "word"));
  tidied(*room.files().writer);
  CHECK(room.find({"word", "", 0, 0, 0}, [] { return true; }).empty());
  int questions = 0;
  const auto some = room.find({"word", "", 0, 0, 0}, [&] { return ++questions > 20; });
  CHECK(some.size() < 50);
  CHECK(!some.empty());
  CHECK(room.find("word").size() == 50);
}

TEST_CASE("texts of more rooms than are remembered are found in the end, and after another start") {
  const scratch_folder folder;
  auto settings = settings_of(folder.file());
  settings.is_synced = false;
  auto files = opened(settings);
  batches kept;
  for (std::uint64_t i = 0; i < 5000; ++i)
    kept.push_back(
        batch("room " + std::to_string(i), somebody("bob"), {said{"word"}}, {1, 1, 1, i, 0}));
  REQUIRE_FALSE(files.writer->keep(kept));
  value_of(files.writer->tidy({}, 0));
  files = {};
  files = opened(settings);
  tidied(*files.writer);
  std::size_t found = 0;
  for (std::uint64_t i = 0; i < 5000; ++i) {
    history_search query;
    query.words = "word";
    query.count_max = 9;
    found += value_of(files.reader->search("room " + std::to_string(i), query, {})).size();
  }
  CHECK(found == 5000);
}
