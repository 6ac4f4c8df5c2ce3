// How long a node that starts keeps clients out: docs/decisions/0036.

#include "apps/server/start_wait.hpp"

#include "tests/support/catch.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

using namespace confab;
using namespace confab::server;
using namespace std::chrono_literals;

namespace {

constexpr start_wait::time_point begin{};

link_report no_link(const std::string& node) {
  link_report result;
  result.node = node;
  return result;
}

link_report linked(const std::string& node, std::uint64_t steps, std::uint64_t missing = 0) {
  auto result = no_link(node);
  result.up = true;
  result.made = 1;
  result.steps = steps;
  result.texts_to_catch_up = missing;
  return result;
}

link_report caught_up(const std::string& node) {
  auto result = linked(node, 10);
  result.has_caught_up = true;
  return result;
}

}  // namespace

TEST_CASE("a node waits until it has caught up with each of the others") {
  start_wait wait{{"b", "c"}, begin};
  CHECK(wait.goes_on({}, begin));  // Nobody has answered yet.
  CHECK(wait.goes_on({linked("b", 1), no_link("c")}, begin + 1s));
  CHECK(wait.goes_on({caught_up("b"), linked("c", 1)}, begin + 2s));
  CHECK_FALSE(wait.goes_on({caught_up("b"), caught_up("c")}, begin + 3s));
  CHECK_FALSE(wait.complaint());
}

TEST_CASE("a node that is lost again has not to be caught up with twice") {
  start_wait wait{{"b", "c"}, begin};
  CHECK(wait.goes_on({caught_up("b"), linked("c", 1)}, begin + 1s));
  auto ended = no_link("b");
  ended.made = ended.ended = 1;
  CHECK_FALSE(wait.goes_on({ended, caught_up("c")}, begin + 2s));
  CHECK_FALSE(wait.complaint());
}

TEST_CASE("a node from which nothing has come for 3 s is not waited for") {
  start_wait wait{{"b", "c"}, begin};
  CHECK(wait.goes_on({no_link("b"), caught_up("c")}, begin + 2999ms));
  CHECK_FALSE(wait.goes_on({no_link("b"), caught_up("c")}, begin + 3s));
  CHECK(wait.complaint() ==
        "clients are let in although this node has not caught up with b (there "
        "is no link)");
}

TEST_CASE("a node that is linked and says nothing is not waited for either") {
  start_wait wait{{"b"}, begin};
  CHECK(wait.goes_on({linked("b", 5)}, begin + 2s));
  CHECK(wait.goes_on({linked("b", 5)}, begin + 4s));
  CHECK_FALSE(wait.goes_on({linked("b", 5)}, begin + 5s));
  CHECK(wait.complaint()->ends_with("with b (it is slow)"));
}

TEST_CASE("while something comes a node is waited for, but not for more than 15 s") {
  start_wait wait{{"b", "c"}, begin};
  for (int second = 1; second < 15; ++second)
    CHECK(wait.goes_on({linked("b", static_cast<std::uint64_t>(second), 70), caught_up("c")},
                       begin + std::chrono::seconds{second}));
  CHECK_FALSE(wait.goes_on({linked("b", 100, 70), caught_up("c")}, begin + 15s));
  CHECK(wait.complaint()->ends_with("with b (about 70 texts are missing)"));
}

TEST_CASE("a link that is lost and made again is news, but only within 15 s") {
  start_wait wait{{"b"}, begin};
  auto link = no_link("b");
  for (int second = 2; second < 15; second += 2) {
    ++(second % 4 == 0 ? link.lost : link.made);
    CHECK(wait.goes_on({link}, begin + std::chrono::seconds{second}));
  }
  ++link.made;
  CHECK_FALSE(wait.goes_on({link}, begin + 16s));
}
