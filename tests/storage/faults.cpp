// What was acknowledged is there, once and in order, whatever happens to the disk at any moment.

#include "io/storage/history_transfer.hpp"
#include "tests/storage/faulty_vfs.hpp"
#include "tests/storage/history_samples.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <functional>
#include <optional>

using namespace confab;
using namespace confab::test;

namespace {

/// What a server does with its history, step by step, and what it was promised.
class scripted_run {
 public:
  explicit scripted_run(history_settings settings) : settings_(std::move(settings)) {}

  /// Does all steps, and each one again until it works; or until `is_over`. Returns whether it has
  /// done all.
  bool run(const std::function<bool()>& is_over) {
    for (int step = 0; step < steps; ++step)
      for (int tries = 0; !attempt(step); ++tries) {
        if (is_over())
          return false;
        if (tries > 20)
          throw std::runtime_error{"step " + std::to_string(step) + " never works: " + trouble_};
      }
    check_words();
    return true;
  }

  void close() { files_ = {}; }

  /// Opens the file again, and compares it with what was promised. Then does the rest.
  void check_and_go_on() {
    if (std::filesystem::exists(settings_.path))
      CHECK(check_history(settings_) == std::vector<std::string>{});
    auto result = open_history(settings_);
    REQUIRE(std::holds_alternative<history_files>(result));
    files_ = std::move(std::get<history_files>(result));
    for (const std::string room : {"a", "b"}) {
      const auto found = words_of(all_of(*files_->reader, room));
      auto expected = left_of(promised_[room], found);
      // What was not acknowledged is there as a whole, or not at all.
      const auto more = left_of(under_way_[room], found);
      if (!more.empty() && !found.empty() && more.back() == found.back())
        expected.insert(expected.end(), more.begin(), more.end());
      // What is too much has gone, or some of it.
      if (found.size() >= events_per_room_max && found.size() < expected.size())
        expected.erase(expected.begin(),
                       expected.end() - static_cast<std::ptrdiff_t>(found.size()));
      if (found != expected)
        CHECK(found == expected);
    }
    const auto late = words_of(all_of(*files_->reader, "late"));
    if (late != late_after(late_steps_))
      CHECK(late == late_after(late_steps_ + 1));
    CHECK(files_->writer->size().events == late.size() + all_of(*files_->reader, "a").size() +
                                               all_of(*files_->reader, "b").size() +
                                               all_of(*files_->reader, "old").size());
    const auto before = all_of(*files_->reader, "a").size();
    REQUIRE_FALSE(files_->writer->keep(texts("a", 1000, 3)));
    tidied(*files_->writer);
    CHECK(all_of(*files_->reader, "a").size() == before + 3);
    history_search query;
    query.words = "text";
    query.count_max = 1000;
    CHECK(value_of(files_->reader->search("a", query, {})).size() == before + 3);
    close();
    CHECK(check_history(settings_).empty());
  }

 private:
  static constexpr int steps = 14;
  static constexpr std::size_t events_per_room_max = 50;  ///< Is within a run of `a` in the end.

  /// Whether the step has worked.
  bool attempt(int step) {
    if (!files_) {
      auto result = open_history(settings_);
      if (auto* problem = std::get_if<std::string>(&result)) {
        trouble_ = *problem;
        return false;
      }
      files_ = std::move(std::get<history_files>(result));
    }
    switch (step % 7) {
      case 0:
      case 1:
      case 3:
        return keep(kept_in(step), step % 7 == 1 ? "b" : "a");
      case 2:
      case 6:
        return tidy();
      case 4:
        return redact();
      default:
        return keep_missing();
    }
  }

  /// What a step keeps: the same objects when it is tried again.
  const batches& kept_in(int step) {
    auto& result = kept_[step];
    if (!result.empty())
      return result;
    const auto sequence = static_cast<std::uint64_t>(step) * 10;
    if (step % 7 == 0)
      return result = texts_at_once("a", sequence, 7);
    if (step % 7 == 3)
      return result = texts_at_once("a", sequence, 30, 1, 9);
    result = texts("b", sequence, 5, 1, 2);
    result.push_back(batch("old", somebody("somebody " + std::to_string(step)), {said{"text"}},
                           {1, 1, 1, 3, sequence}));
    return result;
  }

  /// All that is kept is found, without another start.
  void check_words() {
    tidied(*files_->writer);
    history_search query;
    query.words = "text";
    query.count_max = 1000;
    CHECK(value_of(files_->reader->search("a", query, {})).size() ==
          all_of(*files_->reader, "a").size());
  }

  bool keep(const batches& kept, const std::string& room) {
    under_way_[room].clear();
    for (const auto& each : kept)
      if (each->room == room)
        for (const auto& text : each->events)
          under_way_[room].push_back(std::get<said>(text).text);
    if (has_failed(files_->writer->keep(kept)))
      return false;
    auto& promised = promised_[room];
    promised.insert(promised.end(), under_way_[room].begin(), under_way_[room].end());
    under_way_[room].clear();
    return true;
  }

  /// Gets what another history has: first later texts, then earlier ones, and that one of the
  /// later ones was taken back.
  bool keep_missing() {
    missing_events missing;
    missing.events = texts("late", late_steps_ == 0 ? 10 : 0, 5, 1, 4);
    if (late_steps_ > 0)
      missing.removed.push_back({"late", {1, 4, 12}, 1'000'012});
    const auto result = files_->writer->keep_missing(missing, {}, 0);
    if (const auto* failure = std::get_if<storage_failure>(&result))
      return !has_failed(storage_outcome{*failure});
    ++late_steps_;
    return true;
  }

  /// What `late` holds after so many of these steps.
  static std::vector<std::string> late_after(int late_steps) {
    auto result = late_steps == 0 ? batches{} : texts("late", 10, 5);
    if (late_steps == 2) {
      result.erase(result.begin() + 2);
      const auto earlier = texts("late", 0, 5);
      result.insert(result.begin(), earlier.begin(), earlier.end());
    }
    return words_of(result);
  }

  bool redact() {
    redacting_ = "text 3";
    const auto result = files_->writer->redact("a", {1, 1, 3});
    if (has_failed(result))
      return false;
    redacted_ = redacting_;
    return true;
  }

  bool tidy() {
    history_retention limits;
    limits.age_ms_max = 1'500'000;
    limits.events_per_room_max = events_per_room_max;
    for (int i = 0; i < 1000; ++i) {
      const auto result = files_->writer->tidy(limits, 2'000'000);
      if (has_failed(result))
        return false;
      if (!std::get<bool>(result))
        return true;
    }
    throw std::runtime_error{"tidy does not end"};
  }

  bool has_failed(const storage_outcome& outcome) {
    if (outcome)
      trouble_ = outcome->detail;
    return outcome.has_value();
  }
  bool has_failed(const storage_result<bool>& result) {
    if (const auto* failure = std::get_if<storage_failure>(&result))
      return has_failed(storage_outcome{*failure});
    return false;
  }

  /// `texts` without what was redacted, or may have been and is not found.
  std::vector<std::string> left_of(std::vector<std::string> texts,
                                   const std::vector<std::string>& found) const {
    std::erase_if(texts, [&](const auto& each) {
      return each == redacted_ ||
             (each == redacting_ && std::find(found.begin(), found.end(), each) == found.end());
    });
    return texts;
  }

  history_settings settings_;
  std::optional<history_files> files_;
  std::map<int, batches> kept_;
  std::map<std::string, std::vector<std::string>> promised_, under_way_;
  std::string redacting_, redacted_, trouble_;
  int late_steps_ = 0;
};

history_settings settings_on(const scratch_folder& folder, const faulty_vfs& disk) {
  auto result = settings_of(folder.file());
  result.vfs = disk.name();
  return result;
}

/// How many calls a run needs that nothing happens to.
std::size_t calls_of_a_run() {
  faulty_vfs disk;
  const scratch_folder folder;
  scripted_run run{settings_on(folder, disk)};
  disk.plan(fault::none, 0);
  REQUIRE(run.run([] { return true; }));
  run.close();
  const auto result = disk.calls();
  run.check_and_go_on();
  return result;
}

}  // namespace

TEST_CASE("a fault at any call of the disk loses nothing, doubles nothing, and is survived") {
  const auto what =
      GENERATE(fault::write_error, fault::short_write, fault::full, fault::sync_error);
  const auto calls = calls_of_a_run();
  REQUIRE(calls > 100);
  for (std::size_t call = 1; call <= calls; ++call) {
    INFO("fault " << static_cast<int>(what) << " at call " << call);
    faulty_vfs disk;
    const scratch_folder folder;
    disk.plan(what, call, what == fault::full ? 8 : 1);
    scripted_run run{settings_on(folder, disk)};
    REQUIRE(run.run([] { return false; }));
    run.close();
    disk.plan(fault::none, 0);
    run.check_and_go_on();
  }
}

TEST_CASE("after a loss of power at any call of the disk, all that was acknowledged is there") {
  const auto calls = calls_of_a_run();
  for (std::size_t call = 1; call <= calls; ++call) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      INFO("cut at call " << call << ", seed " << seed);
      faulty_vfs disk;
      const scratch_folder folder;
      disk.plan(fault::cut, call);
      scripted_run run{settings_on(folder, disk)};
      run.run([&] { return disk.is_cut(); });
      run.close();
      disk.power_up(seed * 1000 + call);
      run.check_and_go_on();
    }
  }
}

TEST_CASE("without syncing, a loss of power leaves a sound file that ends a little earlier") {
  std::size_t lost = 0;
  for (std::size_t call = 60; call <= 300; call += 3) {
    INFO("cut at call " << call);
    faulty_vfs disk;
    const scratch_folder folder;
    auto settings = settings_on(folder, disk);
    settings.is_synced = false;
    std::size_t kept = 0;
    {
      auto files = opened(settings);
      disk.plan(fault::cut, call);
      while (!files.writer->keep(texts("a", kept, 5)))
        kept += 5;
    }
    disk.power_up(call);
    CHECK(check_history(settings).empty());
    auto files = opened(settings);
    const auto found = words_of(all_of(*files.reader, "a"));
    CHECK(found.size() % 5 == 0);
    for (std::size_t i = 0; i < found.size(); ++i)
      REQUIRE(found[i] == "text " + std::to_string(i));
    lost += kept > found.size() ? 1U : 0U;
  }
  CHECK(lost > 0);  // Or nothing was at stake.
}

TEST_CASE("what went wrong has a name, and has changed nothing") {
  faulty_vfs disk;
  const scratch_folder folder;
  auto files = opened(settings_on(folder, disk));
  REQUIRE_FALSE(files.writer->keep(texts("a", 0, 3)));
  const auto [what, expected] = GENERATE(std::pair{fault::full, storage_trouble::full},
                                         std::pair{fault::write_error, storage_trouble::failed},
                                         std::pair{fault::sync_error, storage_trouble::failed});
  disk.plan(what, 1, 100);
  const batches more{
      batch("new room", somebody("new"), {said{"x"}, said{"y"}}, {1, 2, 1, 2, 0}),
      batch("a", somebody("new, too"), {said{std::string(20'000, 'x')}}, {9, 9, 1, 1, 3})};
  const auto failure = files.writer->keep(more);
  REQUIRE(failure);
  CHECK(failure->what == expected);
  CHECK(failure->detail != "");
  disk.plan(fault::none, 0);
  CHECK(all_of(*files.reader, "a").size() == 3);
  CHECK(all_of(*files.reader, "new room").empty());
  CHECK(files.writer->size().events == 3);
  // The next call works, and has forgotten all that came with the other one.
  REQUIRE_FALSE(files.writer->keep(more));
  CHECK(all_of(*files.reader, "a").size() == 4);
  CHECK(described(all_of(*files.reader, "new room")) ==
        std::vector<std::string>{described(*more[0], 0), described(*more[0], 1)});
  CHECK(files.writer->size().events == 6);
  files = {};
  CHECK(check_history(settings_on(folder, disk)).empty());
}

TEST_CASE("a file that cannot be used any more is opened again at the next call") {
  faulty_vfs disk;
  const scratch_folder folder;
  auto files = opened(settings_on(folder, disk));
  REQUIRE_FALSE(files.writer->keep(texts("a", 0, 3)));
  tidied(*files.writer);
  disk.break_open_files();
  CHECK(files.writer->keep(texts("a", 3, 3)));
  CHECK(files.writer->size().events == 3);
  history_query query;
  query.count_max = 9;
  value_of(files.writer->redact("a", {1, 1, 0}));
  CHECK(files.writer->size().events == 2);
  CHECK(std::holds_alternative<storage_failure>(files.reader->page("a", query)));
  CHECK(value_of(files.reader->page("a", query)).size() == 2);
  REQUIRE_FALSE(files.writer->keep(texts("a", 3, 3)));
  CHECK(value_of(files.reader->page("a", query)).size() == 5);
}
