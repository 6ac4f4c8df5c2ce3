// bench: the stamp of a text, the histogram of durations and the ledger of deliveries.

#include "apps/bench/delivery_ledger.hpp"
#include "apps/bench/duration_histogram.hpp"
#include "apps/bench/text_stamp.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace confab::bench {

TEST_CASE("a stamp comes back as it was written, the largest values too") {
  const text_stamp stamps[] = {
      {0, 0, 0}, {7, 42, 123456789}, {(1U << 24) - 1, (1U << 30) - 1, (1ULL << 48) - 1}};
  for (const auto& stamp : stamps) {
    std::string text(64, 'x');
    write_stamp(text, stamp);
    const auto read = read_stamp(text);
    REQUIRE(read);
    CHECK(read->sender == stamp.sender);
    CHECK(read->sequence == stamp.sequence);
    CHECK(read->time_ns == stamp.time_ns);
    CHECK(text.substr(stamp_bytes) == std::string(64 - stamp_bytes, 'x'));
  }
}

TEST_CASE("a text without a stamp has none") {
  std::string text(stamp_bytes, 'x');
  write_stamp(text, {});
  CHECK_FALSE(read_stamp(text.substr(1)));
  CHECK_FALSE(read_stamp("x" + text));
  CHECK_FALSE(read_stamp(""));
  text[5] = ' ';
  CHECK_FALSE(read_stamp(text));
}

TEST_CASE("an empty histogram answers 0") {
  const duration_histogram histogram;
  CHECK(histogram.count() == 0);
  CHECK(histogram.max() == 0);
  CHECK(histogram.quantile(0.5) == 0);
}

TEST_CASE("small values are exact") {
  duration_histogram histogram;
  for (std::uint64_t value = 1; value <= 100; ++value)
    histogram.record(value);
  CHECK(histogram.count() == 100);
  CHECK(histogram.max() == 100);
  CHECK(histogram.quantile(0) == 1);
  CHECK(histogram.quantile(0.5) == 50);
  CHECK(histogram.quantile(0.99) == 99);
  CHECK(histogram.quantile(1) == 100);
}

TEST_CASE("a quantile is off by less than 1/64 of its value, over the whole range") {
  std::vector<std::uint64_t> values;
  duration_histogram histogram;
  for (std::uint64_t value = 1; value < (std::uint64_t{1} << 62); value += value / 7 + 1) {
    values.push_back(value);
    histogram.record(value);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto fraction = (static_cast<double>(i) + 0.5) / static_cast<double>(values.size());
    const auto expected = values[i];
    const auto found = histogram.quantile(fraction);
    const auto difference = std::max(found, expected) - std::min(found, expected);
    INFO("rank " << i << ": " << expected << ", found " << found);
    CHECK(difference <= expected / 64);
  }
}

TEST_CASE("a long wait stands for all the texts that would have waited with it") {
  duration_histogram histogram;
  histogram.record(5);
  histogram.record(5);
  histogram.record(50);
  const auto corrected = histogram.corrected(10);
  CHECK(corrected.count() == 7);  // 5, 5, 10, 20, 30, 40, 50
  CHECK(corrected.quantile(0.5) == 20);
  CHECK(corrected.max() == 50);
  CHECK(histogram.corrected(0).count() == 3);
}

TEST_CASE("the largest possible value has a bucket, and clear forgets it") {
  duration_histogram histogram;
  histogram.record(UINT64_MAX);
  CHECK(histogram.quantile(1) > UINT64_MAX / 64 * 63);
  histogram.clear();
  CHECK(histogram.count() == 0);
}

TEST_CASE("the ledger counts what comes in order and how long it took") {
  delivery_ledger ledger(2, 2);
  ledger.deliver(0, 0, {0, 0, 100}, 150);
  ledger.deliver(0, 0, {1, 0, 100}, 160);
  ledger.deliver(0, 0, {0, 1, 100}, 170);
  ledger.deliver(1, 0, {0, 0, 100}, 120);
  CHECK(ledger.deliveries() == 4);
  CHECK(ledger.lost() == 0);
  CHECK(ledger.out_of_order() == 0);
  CHECK(ledger.latency().max() == 70);
}

TEST_CASE("the ledger sees gaps, texts that come twice or late, and texts of other rooms") {
  delivery_ledger ledger(1, 1);
  ledger.deliver(0, 0, {0, 0, 0}, 1);
  ledger.deliver(0, 0, {0, 3, 0}, 1);
  CHECK(ledger.lost() == 2);
  ledger.deliver(0, 0, {0, 3, 0}, 1);
  ledger.deliver(0, 0, {0, 1, 0}, 1);
  CHECK(ledger.out_of_order() == 2);
  ledger.deliver(0, 0, {1, 0, 0}, 1);
  ledger.deliver_foreign();
  CHECK(ledger.strange() == 2);
  CHECK(ledger.deliveries() == 4);
}

TEST_CASE("what is missing at the end of a round is lost once") {
  delivery_ledger ledger(1, 1);
  ledger.deliver(0, 0, {0, 0, 0}, 1);
  ledger.count_missing(0, 0, 5);
  CHECK(ledger.lost() == 4);
  ledger.begin_round();
  CHECK(ledger.lost() == 0);
  ledger.deliver(0, 0, {0, 5, 0}, 1);
  ledger.count_missing(0, 0, 6);
  CHECK(ledger.lost() == 0);
  CHECK(ledger.deliveries() == 1);
}

}  // namespace confab::bench
