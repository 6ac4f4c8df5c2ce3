// The last texts of a room, for `--replay`: docs/history.md.

#include "actors/recent_texts.hpp"

#include "tests/support/catch.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

using namespace confab;

namespace {

constexpr std::int64_t now_ms = 1'700'000'000'000;

/// A batch of room 3 in run 2 that begins with this number.
std::shared_ptr<const event_batch> batch(std::uint64_t sequence,
                                         std::initializer_list<const char*> texts) {
  auto result = std::make_shared<event_batch>();
  result->room = "cafe";
  for (const auto* each : texts)
    result->events.emplace_back(said{each});
  result->at.first_ms = now_ms;
  result->at.last_ms = now_ms + 1000;
  result->at.run = 2;
  result->at.room = 3;
  result->at.sequence = sequence;
  return result;
}

/// `number:text` of each.
std::string shown(const recent_texts& of) {
  std::string result;
  const auto all = of.all();
  if (!all)
    return result;
  for (const auto& each : *all)
    for (std::size_t i = 0; i < each->events.size(); ++i)
      result +=
          std::to_string(each->at.sequence + i) + ":" + std::get<said>(each->events[i]).text + " ";
  return result;
}

}  // namespace

TEST_CASE("replay: no more than so many texts are remembered, the last ones") {
  recent_texts last{3};
  last.add(batch(0, {"a", "b"}));
  CHECK(shown(last) == "0:a 1:b ");
  last.add(batch(2, {"c", "d"}));
  CHECK(shown(last) == "1:b 2:c 3:d ");
  last.add(batch(4, {"e", "f", "g", "h", "i"}));
  CHECK(shown(last) == "6:g 7:h 8:i ");
}

TEST_CASE("replay: a part of a batch keeps the times and numbers of its texts") {
  const auto whole = batch(5, {"a", "b", "c"});
  const auto part = part_of(*whole, 1, 2);
  CHECK(part.events.size() == 2);
  CHECK(part.at.sequence == 6);
  CHECK(part.at.time_ms(0) == whole->at.time_ms(1));
  CHECK(part.at.time_ms(1) == whole->at.time_ms(2));
}

TEST_CASE("replay: what was said before comes in front, and nothing twice") {
  recent_texts last{5};
  last.add(batch(2, {"c", "d"}));
  last.merge({batch(0, {"a"}), batch(1, {"b"}), batch(2, {"c"}), batch(3, {"d"})});
  CHECK(shown(last) == "0:a 1:b 2:c 3:d ");
}

// docs/cluster.md: "After a restart that is all."
TEST_CASE("replay: what was missed is put among what was heard of other nodes meanwhile") {
  const auto at = [](std::uint64_t sequence, const char* text, std::int64_t ms) {
    auto result = std::make_shared<event_batch>(*batch(sequence, {text}));
    result->at.first_ms = result->at.last_ms = now_ms + ms;
    return std::shared_ptr<const event_batch>{result};
  };
  recent_texts last{4};
  last.add(at(10, "heard", 10));
  last.add(at(30, "heard", 30));
  last.add(at(50, "heard", 50));
  last.merge({at(9, "missed", 9), at(10, "heard", 10), at(20, "missed", 20), at(40, "missed", 40)});
  CHECK(shown(last) == "20:missed 30:heard 40:missed 50:heard ");
  last.add(at(60, "said", 60));
  CHECK(shown(last) == "30:heard 40:missed 50:heard 60:said ");
}

TEST_CASE("replay: what was taken back is not shown any more") {
  recent_texts last{9};
  last.add(batch(0, {"a", "b", "c"}));
  last.add(batch(3, {"d"}));
  last.forget({2, 3, 1});
  CHECK(shown(last) == "0:a 2:c 3:d ");
  last.forget({2, 3, 0});
  last.forget({2, 3, 3});
  last.forget({2, 4, 2});
  CHECK(shown(last) == "2:c ");
}

TEST_CASE("replay: only texts are shown, and none that was not for all") {
  recent_texts last{9};
  auto for_operators = std::make_shared<event_batch>(*batch(0, {"a"}));
  for_operators->to_prefix = '@';
  last.add(for_operators);
  auto arrival = std::make_shared<event_batch>(*batch(1, {}));
  arrival->events.emplace_back(joined{});
  last.add(arrival);
  CHECK(last.all() == nullptr);
}
