// Who watches whom.

#include "actors/watch_lists.hpp"

#include "tests/support/catch.hpp"

#include <set>
#include <string>
#include <vector>

using namespace confab;

namespace {

constexpr client_id alice{0, 1};
constexpr client_id bob{1, 1};

}  // namespace

TEST_CASE("all who watch a nick are found, and the case of A-Z makes no difference") {
  watch_lists lists;
  CHECK(lists.add(alice, "Carol"));
  CHECK(lists.add(bob, "cAROL"));
  CHECK(lists.watchers_of("CAROL") == std::set<client_id>{alice, bob});
  CHECK(lists.watchers_of("dave").empty());
}

TEST_CASE("a client sees its list as it wrote it, in order, and no nick twice") {
  watch_lists lists;
  CHECK(lists.add(alice, "Zoe"));
  CHECK(lists.add(alice, "Carol"));
  CHECK(lists.add(alice, "zoe"));
  CHECK(lists.watched_by(alice) == std::vector<std::string>{"Zoe", "Carol"});
  CHECK(lists.watched_by(bob).empty());
}

TEST_CASE("a client watches at most 100 nicks, and those that it has may be added again") {
  watch_lists lists;
  for (std::size_t i = 0; i < watched_nicks_max; ++i)
    CHECK(lists.add(alice, "n" + std::to_string(i)));
  CHECK_FALSE(lists.add(alice, "one-more"));
  CHECK(lists.watchers_of("one-more").empty());
  CHECK(lists.add(alice, "N7"));
  CHECK(lists.add(bob, "one-more"));
  lists.remove(alice, "N0");
  CHECK(lists.add(alice, "one-more"));
  CHECK(lists.watched_by(alice).size() == watched_nicks_max);
}

TEST_CASE("what is removed or cleared leaves nothing behind, and others keep theirs") {
  watch_lists lists;
  lists.add(alice, "carol");
  lists.add(alice, "dave");
  lists.add(bob, "carol");
  lists.remove(alice, "CAROL");
  lists.remove(alice, "nobody");
  CHECK(lists.watchers_of("carol") == std::set<client_id>{bob});
  lists.clear(alice);
  lists.clear(alice);
  CHECK(lists.watched_by(alice).empty());
  CHECK(lists.watched_nicks() == 1);
  lists.clear(bob);
  CHECK(lists.watched_nicks() == 0);
}
