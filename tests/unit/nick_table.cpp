// Who has which nick.

#include "actors/nick_table.hpp"

#include "actors/free_numbers.hpp"
#include "tests/support/catch.hpp"

#include <set>
#include <string>

using namespace confab;

namespace {

constexpr client_id alice{0, 1};
constexpr client_id bob{0, 2};

client_id client(connection_key number) {
  return {1, number};
}

}  // namespace

TEST_CASE("no two clients have the same nick, and the case of A-Z makes no difference") {
  nick_table nicks;
  CHECK(nicks.claim("Alice", alice));
  CHECK_FALSE(nicks.claim("aLICE", bob));
  CHECK(nicks.claim("{}", alice));
  CHECK(nicks.claim("[]", bob));
  REQUIRE(nicks.find("alice") != nullptr);
  CHECK(*nicks.find("alice") == alice);
  CHECK(nicks.find("nobody") == nullptr);
}

TEST_CASE("a client may claim what it has, in any case") {
  nick_table nicks;
  CHECK(nicks.claim("alice", alice));
  CHECK(nicks.claim("Alice", alice));
  CHECK(nicks.size() == 1);
}

TEST_CASE("whoever renames itself has both nicks until the old one is released") {
  nick_table nicks;
  CHECK(nicks.claim("old", alice));
  CHECK(nicks.claim("new", alice));
  CHECK_FALSE(nicks.claim("old", bob));
  nicks.release("old", alice);
  CHECK(nicks.claim("old", bob));
  CHECK(*nicks.find("new") == alice);
}

TEST_CASE("a nick is released only by who has it") {
  nick_table nicks;
  CHECK(nicks.claim("alice", alice));
  nicks.release("alice", bob);
  nicks.release("nobody", bob);
  CHECK(nicks.find("alice") != nullptr);
}

TEST_CASE("numbered nicks are the stem, then the stem with the lowest number that is free") {
  nick_table nicks;
  CHECK(nicks.claim_numbered("bob/tagged", client(1)) == "bob/tagged");
  CHECK(nicks.claim_numbered("bob/tagged", client(2)) == "bob/tagged2");
  CHECK(nicks.claim_numbered("Bob/tagged", client(3)) == "Bob/tagged3");
  CHECK(nicks.claim_numbered("bob/tagged", client(4)) == "bob/tagged4");
  nicks.release("bob/tagged3", client(3));
  nicks.release("bob/tagged2", client(2));
  CHECK(nicks.claim_numbered("bob/tagged", client(5)) == "bob/tagged2");
  CHECK(nicks.claim_numbered("bob/tagged", client(6)) == "bob/tagged3");
  CHECK(nicks.claim_numbered("bob/tagged", client(7)) == "bob/tagged5");
  nicks.release("bob/tagged", client(1));
  CHECK(nicks.claim_numbered("bob/tagged", client(8)) == "bob/tagged");
}

TEST_CASE("a number is kept for life: that a lower one becomes free changes nobody's nick") {
  nick_table nicks;
  nicks.claim_numbered("bob", client(1));
  nicks.claim_numbered("bob", client(2));
  nicks.release("bob", client(1));
  CHECK(*nicks.find("bob2") == client(2));
  CHECK(nicks.is_numbered("bob2", "BOB", client(2)));
  CHECK_FALSE(nicks.is_numbered("bob2", "bo", client(2)));
  CHECK_FALSE(nicks.is_numbered("bob2", "bob", client(1)));
}

TEST_CASE("a numbered nick is never one that somebody else has chosen") {
  nick_table nicks;
  CHECK(nicks.claim("bob", alice));
  CHECK(nicks.claim("bob3", alice));
  CHECK(nicks.claim_numbered("bob", client(1)) == "bob2");
  CHECK(nicks.claim_numbered("bob", client(2)) == "bob4");
  CHECK_FALSE(nicks.claim("bob2", alice));
  nicks.release("bob3", alice);
  CHECK(nicks.claim_numbered("bob", client(3)) == "bob3");
}

TEST_CASE("ten thousand clients of one name get ten thousand numbers, and nothing stays behind") {
  constexpr connection_key clients = 10'000;
  nick_table nicks;
  for (connection_key i = 1; i <= clients; ++i)
    nicks.claim_numbered("bob", client(i));
  CHECK(*nicks.find("bob10000") == client(clients));
  nicks.release("bob", client(1));
  for (connection_key i = 2; i <= clients; ++i)
    nicks.release("bob" + std::to_string(i), client(i));
  CHECK(nicks.size() == 0);
  CHECK(nicks.claim_numbered("bob", client(1)) == "bob");
}

TEST_CASE("the lowest free number is found whatever was taken and given back") {
  free_numbers numbers;
  std::set<free_numbers::number> taken;
  std::uint64_t random = 1;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 6364136223846793005U + 1442695040888963407U;
    const auto number = 1 + (random >> 33) % 64;
    if (taken.insert(number).second) {
      numbers.take(number);
    } else {
      taken.erase(number);
      numbers.give_back(number);
    }
    for (const auto from : {free_numbers::number{1}, 1 + (random >> 40) % 64}) {
      auto lowest = from;
      while (taken.contains(lowest))
        ++lowest;
      REQUIRE(numbers.lowest(from) == lowest);
    }
    REQUIRE(numbers.all_free() == taken.empty());
  }
}
