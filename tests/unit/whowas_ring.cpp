// Who had which nick.

#include "actors/whowas_ring.hpp"

#include "tests/support/catch.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace confab;

namespace {

constexpr std::size_t no_limit = 1'000'000;

identity_ptr client(const std::string& nick, const std::string& user) {
  auto result = std::make_shared<identity>();
  result->nick = nick;
  result->user = user;
  return result;
}

std::vector<std::string> users(const std::vector<identity>& found) {
  std::vector<std::string> result;
  for (const auto& each : found)
    result.push_back(each.user);
  return result;
}

}  // namespace

TEST_CASE("who had a nick is told newest first, in whatever case") {
  whowas_ring ring{10};
  ring.add(client("bob", "first"));
  ring.add(client("alice", "other"));
  ring.add(client("Bob", "second"));
  CHECK(users(ring.find("BOB", 0, no_limit)) == std::vector<std::string>{"second", "first"});
  CHECK(users(ring.find("BOB", 1, no_limit)) == std::vector<std::string>{"second"});
  CHECK(users(ring.find("bob", 7, no_limit)).size() == 2);
  CHECK(ring.find("nobody", 0, no_limit).empty());
}

TEST_CASE("a nick that was asked for may be a mask") {
  whowas_ring ring{10};
  ring.add(client("bob", "1"));
  ring.add(client("bobby", "2"));
  ring.add(client("[ob", "3"));
  CHECK(users(ring.find("b*", 0, no_limit)) == std::vector<std::string>{"2", "1"});
  CHECK(users(ring.find("[ob", 0, no_limit)) == std::vector<std::string>{"3"});
}

TEST_CASE("beyond its limit the ring forgets the oldest") {
  whowas_ring ring{3};
  for (const char* user : {"1", "2", "3", "4", "5"})
    ring.add(client("bob", user));
  CHECK(ring.size() == 3);
  CHECK(users(ring.find("bob", 0, no_limit)) == std::vector<std::string>{"5", "4", "3"});
}

TEST_CASE("a search ends when it has looked at enough") {
  whowas_ring ring{100};
  for (int i = 0; i < 100; ++i)
    ring.add(client("bob", "u"));
  CHECK(ring.find("bob", 0, 10).size() < 10);
  CHECK(ring.find("bob", 0, no_limit).size() == 100);
}
