// In which order output is handed to the kernel: decision 0008.

#include "io/gateway/flush_scheduler.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace confab;

namespace {

/// Connections that take what they are given.
class world final : public flush_scheduler::owner {
 public:
  output_memory memory;
  flush_scheduler scheduler{memory, {}};
  std::vector<connection_key> flushed;      ///< Readers and writers, in order.
  std::vector<connection_key> handed_over;  ///< Authors.
  std::map<connection_key, std::size_t> waiting_bytes;

  flush_scheduler::flushed flush_reader(connection_key key, std::size_t bytes_max) override {
    flushed.push_back(key);
    auto& waits = waiting_bytes[key];
    const auto taken = std::min(waits, bytes_max);
    waits -= taken;
    return {taken, waits > 0};
  }
  void flush_writer(connection_key key) override { flushed.push_back(key); }
  void on_handed_over(const waiting_author& author) override {
    handed_over.push_back(author.connection);
  }

  /// Queues output for readers `first` to `first + count - 1` of a room.
  audience_queue& publish(const std::string& room, connection_key first, std::size_t count,
                          std::size_t bytes = 100) {
    auto& queue = scheduler.queue_for(room, count);
    for (connection_key key = first; key < first + count; ++key) {
      waiting_bytes[key] += bytes;
      scheduler.add_reader(queue, key);
    }
    return queue;
  }

  /// The place of a key in the order of flushes.
  std::size_t place_of(connection_key key) const {
    return static_cast<std::size_t>(std::find(flushed.begin(), flushed.end(), key) -
                                    flushed.begin());
  }

  std::size_t rounds() {
    std::size_t result = 0;
    for (; scheduler.has_work(); ++result)
      scheduler.flush_round(*this, false);
    return result;
  }
};

}  // namespace

TEST_CASE("a room of two beside a room of two thousand is served in the first round") {
  world all;
  all.publish("large", 1000, 2000);
  all.publish("small", 1, 1);
  all.scheduler.flush_round(all, false);
  CHECK(all.place_of(1) < all.flushed.size());
  CHECK(all.scheduler.has_work());
}

TEST_CASE("a crowd in small rooms waits for the round that follows, a few readers do not") {
  world all;
  all.publish("small", 1, 8);
  all.scheduler.flush_round(all, true);
  CHECK(all.flushed.size() == 8);
  for (connection_key first = 100; first < 200; first += 8)
    all.publish("room " + std::to_string(first), first, 8);
  all.scheduler.add_writer(500);
  all.scheduler.flush_round(all, true);
  CHECK(all.flushed.size() == 9);
  CHECK(all.flushed.back() == 500);
  all.scheduler.flush_round(all, false);
  CHECK(all.flushed.size() == 9 + 24);
}

TEST_CASE("a round serves no more than 32 readers of large rooms") {
  world all;
  all.publish("large", 1000, 2000);
  all.scheduler.flush_round(all, false);
  CHECK(all.flushed.size() == 32);
  CHECK(all.rounds() >= 2000 / 32);
  CHECK(all.flushed.size() == 2000);
}

TEST_CASE("a large room does not wait for another large one") {
  world all;
  all.publish("first", 10'000, 2000);
  all.publish("second", 20'000, 20);
  all.scheduler.flush_round(all, false);
  all.scheduler.flush_round(all, false);
  CHECK(all.place_of(20'019) < 100);
}

TEST_CASE("rooms share by bytes, not by readers") {
  world all;
  all.publish("long texts", 10'000, 100, 64 * 1024);
  all.publish("short texts", 20'000, 100, 100);
  for (int i = 0; i < 4; ++i)
    all.scheduler.flush_round(all, false);
  const auto served = [&](connection_key first) {
    return std::count_if(all.flushed.begin(), all.flushed.end(),
                         [first](connection_key key) { return key >= first && key < first + 100; });
  };
  CHECK(served(20'000) > 3 * served(10'000));
}

TEST_CASE("a reader with much to read takes turns with the others") {
  world all;
  all.publish("room", 1, 20, 1024 * 1024);
  all.rounds();
  for (connection_key key = 1; key <= 20; ++key)
    CHECK(all.waiting_bytes[key] == 0);
  CHECK(all.place_of(20) < 20);
}

TEST_CASE(
    "a writer has its reply before the readers have its text, so that its next one can come") {
  world all;
  all.publish("room", 1, 3);
  all.scheduler.add_writer(500);
  all.scheduler.flush_round(all, false);
  CHECK(all.place_of(500) == 0);
  CHECK(all.flushed.size() == 4);
}

TEST_CASE("an author of much work waits until each reader was served once, others do not") {
  world all;
  auto& queue = all.publish("room", 1000, 100);
  const auto too_much = flush_limits{}.handover_work_bytes_max + 1;
  CHECK_FALSE(all.scheduler.add_batch(queue, {{}, 1, 100, 1000}));
  CHECK(all.scheduler.add_batch(queue, {{}, 2, 100, too_much}));
  while (all.flushed.size() < 100) {
    CHECK(all.handed_over.empty());
    all.scheduler.flush_round(all, false);
  }
  CHECK(all.handed_over == std::vector<connection_key>{2});
  CHECK(queue.work_bytes() == 0);
}

TEST_CASE("a text is handed over when all of it is, not when its readers had a turn") {
  world all;
  constexpr std::size_t turns = 50;
  const auto bytes = turns * flush_limits{}.reader_bytes_per_turn;
  auto& queue = all.publish("room", 1000, 20, bytes);
  CHECK(all.scheduler.add_batch(queue, {{}, 1, 20, 20 * bytes}));
  while (all.flushed.size() < 20 * turns) {
    CHECK(all.handed_over.empty());
    all.scheduler.flush_round(all, false);
  }
  CHECK(all.handed_over == std::vector<connection_key>{1});
}

TEST_CASE("an audience that becomes small holds its authors while readers wait in its old queue") {
  world all;
  const auto too_much = flush_limits{}.handover_work_bytes_max + 1;
  all.publish("room", 1000, 9);
  auto& queue = all.scheduler.queue_for("room", 8);
  CHECK(all.scheduler.add_batch(queue, {{}, 1, 8, too_much}));
  all.rounds();
  CHECK(all.handed_over == std::vector<connection_key>{1});
  CHECK(&all.scheduler.queue_for("room", 8) == &all.scheduler.queue_for("other", 1));
}

TEST_CASE("a text that comes while others wait is handed over with them, in order") {
  world all;
  const auto too_much = flush_limits{}.handover_work_bytes_max + 1;
  auto& queue = all.publish("room", 1000, 40);
  CHECK(all.scheduler.add_batch(queue, {{}, 1, 40, too_much}));
  all.scheduler.flush_round(all, false);
  CHECK(all.handed_over.empty());
  CHECK(all.scheduler.add_batch(queue, {{}, 2, 40, too_much}));  // For those who wait already.
  all.rounds();
  CHECK(all.handed_over == std::vector<connection_key>{1, 2});
  CHECK(queue.work_bytes() == 0);
}

TEST_CASE("when memory is short, no more is flushed at once than it takes") {
  world all;
  all.publish("room", 1000, 500);
  all.scheduler.flush_until([&] { return all.flushed.size() >= 100; }, all);
  CHECK(all.flushed.size() < 500);
  all.scheduler.flush_until([] { return false; }, all);
  CHECK(all.flushed.size() == 500);
  CHECK_FALSE(all.scheduler.has_work());
}

TEST_CASE("readers that do not take anything keep no author waiting") {
  world all;
  auto& queue = all.scheduler.queue_for("room", 100);
  CHECK_FALSE(all.scheduler.add_batch(queue, {{}, 1, 100, std::uint64_t{1} << 40U}));
}

TEST_CASE("rooms that nothing waits for are forgotten") {
  world all;
  for (int i = 0; i < 10'000; ++i) {
    all.publish("room " + std::to_string(i), 1000, 20);
    all.rounds();
  }
  CHECK(all.scheduler.large_audiences() < 1000);
}
