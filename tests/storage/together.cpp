// The writer and the reader in a thread each.

#include "io/storage/history_transfer.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <thread>

using namespace confab;
using namespace confab::test;

TEST_CASE("who reads sees whole commits, and neither end fails because of the other") {
  const scratch_folder folder;
  auto files = opened(folder.file());
  constexpr std::uint64_t commits = 1500;
  std::string problem;
  std::thread writing{[&] {
    history_retention limits;
    limits.events_per_room_max = 500;
    try {
      for (std::uint64_t i = 0; i < commits; ++i) {
        if (const auto failure = files.writer->keep(texts("a", i * 10, 10)))
          throw std::runtime_error{failure->detail};
        value_of(files.writer->tidy(limits, 2'000'000));
      }
    } catch (const std::exception& error) {
      problem = error.what();
    }
  }};
  std::uint64_t last = 0;
  std::size_t reads = 0;
  std::string trouble;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (trouble.empty() && last + 1 < commits * 10 &&
         std::chrono::steady_clock::now() < deadline) {
    history_query query;
    query.count_max = 30;
    history_search words;
    words.words = "text";
    words.count_max = 30;
    try {
      const auto page = value_of(files.reader->page("a", query));
      value_of(files.reader->search("a", words, {}));
      for (std::size_t i = 0; i < page.size(); ++i)
        if (page[i]->at.sequence != page[0]->at.sequence + i)
          trouble = "a gap";
      if (page.empty())
        continue;
      ++reads;
      if (page.back()->at.sequence < last || page.back()->at.sequence % 10 != 9)
        trouble = "a part of a commit, or an older one";
      last = page.back()->at.sequence;
    } catch (const std::exception& error) {
      trouble = error.what();
    }
  }
  writing.join();
  CHECK(problem == "");
  CHECK(trouble == "");
  CHECK(last == commits * 10 - 1);
  CHECK(reads > 10);
  history_retention limits;
  limits.events_per_room_max = 500;
  tidied(*files.writer, limits);
  CHECK(files.writer->size().events == 500);
  CHECK(check_history(settings_of(folder.file())).empty());
}
