// News that go from room to room: each reader hears them once.

#include "actors/told_readers.hpp"

#include "tests/support/catch.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

using namespace confab;

namespace {

audience_ptr readers(audience keys) {
  return std::make_shared<const audience>(std::move(keys));
}

/// Those who are told now, in order; empty if nobody.
audience told_now(told_readers& told, gateway_id gateway, audience keys) {
  const auto untold = told.take_untold(gateway, readers(std::move(keys)));
  CHECK((untold == nullptr || !untold->empty()));
  auto result = untold ? *untold : audience{};
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

TEST_CASE("told once: the first audience of a gateway is taken as it is, without a copy") {
  told_readers told;
  const auto first = readers({3, 1, 2});
  CHECK(told.take_untold(0, first) == first);
  CHECK(*first == audience{3, 1, 2});
  const auto elsewhere = readers({3, 1, 2});
  CHECK(told.take_untold(1, elsewhere) == elsewhere);
}

TEST_CASE("told once: nobody is told where there is nobody") {
  told_readers told;
  CHECK(told.take_untold(0, nullptr) == nullptr);
  CHECK(told.take_untold(0, readers({})) == nullptr);
  const auto first = readers({1});
  CHECK(told.take_untold(0, first) == first);
  CHECK(told.take_untold(0, nullptr) == nullptr);
  CHECK(told.take_untold(0, readers({})) == nullptr);
}

TEST_CASE("told once: a reader of several common rooms is told in the first of them only") {
  told_readers told;
  CHECK(told_now(told, 0, {5, 1, 3}) == audience{1, 3, 5});
  CHECK(told_now(told, 0, {2, 5, 4, 1}) == audience{2, 4});
  CHECK(told_now(told, 0, {4, 3, 2}).empty());
  CHECK(told_now(told, 0, {6, 2, 0}) == audience{0, 6});
  CHECK(told_now(told, 0, {0, 1, 2, 3, 4, 5, 6}).empty());
}

TEST_CASE("told once: connections of two gateways are two readers, even with the same key") {
  told_readers told;
  CHECK(told_now(told, 0, {1, 2}) == audience{1, 2});
  CHECK(told_now(told, 1, {1, 2}) == audience{1, 2});
  CHECK(told_now(told, 1, {2, 3}) == audience{3});
  CHECK(told_now(told, 0, {2, 3}) == audience{3});
}

TEST_CASE("told once: an audience that was sent is never changed") {
  told_readers told;
  const auto first = readers({3, 1});
  told.take_untold(0, first);
  const auto second = readers({4, 1});
  const auto untold = told.take_untold(0, second);
  told.take_untold(0, readers({5, 4}));
  CHECK(*first == audience{3, 1});
  CHECK(*second == audience{4, 1});
  CHECK(*untold == audience{4});
}

TEST_CASE("told once: whoever was told is known, after one room and after several") {
  told_readers told;
  CHECK_FALSE(told.contains({0, 1}));
  told_now(told, 0, {3, 1});
  CHECK(told.contains({0, 1}));
  CHECK(told.contains({0, 3}));
  CHECK_FALSE(told.contains({0, 2}));
  CHECK_FALSE(told.contains({1, 1}));
  told_now(told, 0, {2, 1});
  for (const connection_key key : audience{1, 2, 3})
    CHECK(told.contains({0, key}));
  CHECK_FALSE(told.contains({0, 4}));
}

TEST_CASE("told once: whatever rooms there are, all of their readers are told, and each once") {
  std::uint64_t random = 1;
  const auto dice = [&random](std::uint64_t below) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    return (random >> 33U) % below;
  };
  for (int run = 0; run < 200; ++run) {
    told_readers told;
    std::set<client_id> expected;
    for (int room = 0; room < 6; ++room) {
      const auto gateway = static_cast<gateway_id>(dice(2));
      audience keys;
      for (connection_key key = 0; key < 12; ++key)
        if (dice(3) == 0)
          keys.push_back(key);
      std::reverse(keys.begin(), keys.end());
      audience untold;
      for (const auto key : keys)
        if (expected.insert({gateway, key}).second)
          untold.push_back(key);
      std::sort(untold.begin(), untold.end());
      REQUIRE(told_now(told, gateway, keys) == untold);
    }
    for (gateway_id gateway = 0; gateway < 2; ++gateway)
      for (connection_key key = 0; key < 12; ++key)
        REQUIRE(told.contains({gateway, key}) == expected.contains({gateway, key}));
  }
}
