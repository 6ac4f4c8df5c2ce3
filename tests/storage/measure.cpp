// What the history costs on this machine. Not a test: build the target storage_measure and run it.
// usage: storage_measure FOLDER [texts of the large room [keep|pages]]

#include "tests/storage/history_samples.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

using namespace confab;
using namespace confab::test;

namespace {

using clock_type = std::chrono::steady_clock;

double ms_since(clock_type::time_point start) {
  return std::chrono::duration<double, std::milli>(clock_type::now() - start).count();
}

/// Texts as people write them, in so many rooms by turns.
class crowd {
 public:
  explicit crowd(std::size_t rooms) : sequences_(rooms, 0) {
    for (int i = 0; i < 200; ++i)
      people_.push_back(somebody("person" + std::to_string(i)));
  }

  /// So many texts of one of them at once.
  std::shared_ptr<event_batch> speak(std::size_t texts = 1) {
    std::vector<event> events;
    for (std::size_t each = 0; each < texts; ++each) {
      std::string text;
      for (int i = 0; i < 11; ++i)
        text.append(i == 0 ? "" : " ").append(word());
      events.emplace_back(said{text});
    }
    const auto room = batches_++ % sequences_.size();
    const auto time_ms = 1'800'000'000'000 + static_cast<std::int64_t>(count_);
    count_ += texts;
    sequences_[room] += texts;
    return batch("room" + std::to_string(room), people_[chance_() % people_.size()],
                 std::move(events),
                 {time_ms, time_ms + static_cast<std::int64_t>(texts) - 1, 1, room,
                  sequences_[room] - texts});
  }

 private:
  /// One of 10,000 words, each half as often as one of half its rank: "coffee" is the tenth.
  std::string word() {
    const double share = static_cast<double>(chance_() % 1'000'000) / 1e6;
    const auto rank = static_cast<std::size_t>(std::pow(10'000.0, share));
    return rank == 10   ? "coffee"
           : rank == 30 ? "server"
                        : "w" + std::to_string(rank * 7919 % 10'007);
  }

  std::mt19937_64 chance_{1};
  std::vector<identity_ptr> people_;
  std::vector<std::uint64_t> sequences_;
  std::uint64_t count_ = 0, batches_ = 0;
};

void fail_if(const storage_outcome& outcome) {
  if (outcome) {
    std::fprintf(stderr, "%s\n", outcome->detail.c_str());
    std::exit(1);
  }
}

struct spans {
  std::vector<double> all;
  double at(double share) {
    std::sort(all.begin(), all.end());
    return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))];
  }
};

constexpr std::array without_index{"DROP INDEX texts"};

/// Commits of so many batches of so many texts.
struct commit_form {
  std::size_t batches, texts, commits;
};

constexpr std::array commit_forms{
    commit_form{1, 1, 3000},   commit_form{10, 1, 2000}, commit_form{100, 1, 1000},
    commit_form{1000, 1, 100}, commit_form{1, 64, 4000}, commit_form{8, 64, 2000},
    commit_form{32, 64, 1000},
};

void measure_keep(const std::string& path, bool is_synced, bool has_index) {
  for (const auto& form : commit_forms) {
    for (const char* end : {"", "-wal", "-shm"})
      std::filesystem::remove(path + end);
    auto settings = settings_of(path);
    settings.is_synced = is_synced;
    if (!has_index)
      settings.migration_steps = without_index;
    auto result = open_history(settings);  // Without the index the reader is of no use.
    auto& files = std::get<history_files>(result);
    crowd people{50};
    spans each;
    double cpu_us = 0;
    double all_ms = 0;
    for (std::size_t done = 0; done < form.commits; ++done) {
      batches kept;
      for (std::size_t i = 0; i < form.batches; ++i)
        kept.push_back(people.speak(form.texts));
      const auto one = clock_type::now();
      const auto cpu = std::clock();
      fail_if(files.writer->keep(kept));
      cpu_us += 1e6 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
      each.all.push_back(ms_since(one));
      all_ms += each.all.back();
    }
    const auto texts = static_cast<double>(form.batches * form.texts * form.commits);
    std::printf(
        "keep, %s%s, %4zu of %2zu a commit: %7.0f texts/s, median %.2f ms, p99 %.2f ms, max "
        "%.2f ms, %.2f us of CPU a text, %.0f bytes a text\n",
        is_synced ? "synced" : "not synced", has_index ? "" : ", without the index of texts",
        form.batches, form.texts, 1000.0 * texts / all_ms, each.at(0.5), each.at(0.99), each.at(1),
        cpu_us / texts, static_cast<double>(files.writer->size().bytes) / texts);
    std::fflush(stdout);
  }
}

void measure_tidy(history_writer& writer, const char* what, const history_retention& limits,
                  std::int64_t now_ms) {
  spans each;
  const auto start = clock_type::now();
  for (bool goes_on = true; goes_on;) {
    const auto one = clock_type::now();
    goes_on = value_of(writer.tidy(limits, now_ms));
    each.all.push_back(ms_since(one));
  }
  const auto calls = each.all.size();
  std::printf("tidy, %s: %zu calls, %.0f ms, median %.2f ms, p99 %.2f ms, max %.2f ms\n", what,
              calls, ms_since(start), each.at(0.5), each.at(0.99), each.at(1));
}

template <class Work>
void measure(const char* what, Work work) {
  spans each;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto one = clock_type::now();
    work(i);
    each.all.push_back(ms_since(one));
  }
  std::printf("  %-40s median %.3f ms, p99 %.3f ms, max %.3f ms\n", what, each.at(0.5),
              each.at(0.99), each.at(1));
}

void measure_pages(const std::string& path, std::size_t texts, std::size_t batch_size) {
  for (const char* end : {"", "-wal", "-shm"})
    std::filesystem::remove(path + end);
  auto settings = settings_of(path);
  settings.is_synced = false;
  auto files = opened(settings);
  crowd people{1};
  for (std::size_t done = 0; done < texts; done += 1000) {
    batches kept;
    for (std::size_t i = 0; i < 1000; i += batch_size)
      kept.push_back(people.speak(std::min(batch_size, 1000 - i)));
    fail_if(files.writer->keep(kept));
  }
  const auto bare = files.writer->size().bytes;
  std::printf("a room of %zu texts in batches of %zu: %.0f bytes a text\n", texts, batch_size,
              static_cast<double>(bare) / static_cast<double>(texts));
  measure_tidy(*files.writer, "indexing", {}, 0);
  std::printf("  with words: %.0f bytes a text\n",
              static_cast<double>(files.writer->size().bytes) / static_cast<double>(texts));
  const auto middle = [&](std::size_t i) { return (texts / 200 * i + 37) % texts; };
  const auto ask = [&](history_part part, history_point from, bool texts_only) {
    const auto page =
        value_of(files.reader->page("room0", {part, std::move(from), {}, 100, texts_only}));
    if (page.empty() && part != history_part::before)
      std::exit(2);
  };
  measure("the last 100", [&](std::size_t) { ask(history_part::latest, {}, true); });
  measure("100 before an id in the middle", [&](std::size_t i) {
    ask(history_part::before, message_id{1, 0, middle(i)}, true);
  });
  measure("100 before an id in the middle, all kinds", [&](std::size_t i) {
    ask(history_part::before, message_id{1, 0, middle(i)}, false);
  });
  measure("100 around a time in the middle", [&](std::size_t i) {
    ask(history_part::around, 1'800'000'000'000 + static_cast<std::int64_t>(middle(i)), true);
  });
  measure("the newest 50 with a common word", [&](std::size_t) {
    history_search query;
    query.words = "coffee";
    query.count_max = 50;
    value_of(files.reader->search("room0", query, {}));
  });
  measure("the newest 50 with two words, old", [&](std::size_t i) {
    history_search query;
    query.words = "coffee server";
    query.count_max = 50;
    query.before_ms = 1'800'000'000'000 + static_cast<std::int64_t>(middle(i));
    value_of(files.reader->search("room0", query, {}));
  });
  value_of(files.writer->redact("room0", {1, 0, texts / 2}));
  measure_tidy(*files.writer, "wiping one redacted text", {}, 0);
  history_retention limits;
  limits.events_per_room_max = texts / 2;
  measure_tidy(*files.writer, "removing half of it", limits, 0);
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2)
    return 2;
  const auto path = std::string{arguments[1]} + "/measured";
  const auto what = std::string{count > 3 ? arguments[3] : ""};
  if (what != "pages") {
    measure_keep(path, true, true);
    measure_keep(path, false, true);
    if (what != "keep")
      measure_keep(path, false, false);
  }
  const std::size_t texts = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 1'000'000;
  if (what != "keep")
    for (const std::size_t batch_size : {1U, 64U})
      for (const auto each : {std::size_t{1000}, texts})
        measure_pages(path, each, batch_size);
  for (const char* end : {"", "-wal", "-shm"})
    std::filesystem::remove(path + end);
}
