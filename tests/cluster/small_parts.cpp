// What links are made of besides: addresses of this machine, lines that are not repeated, what is
// counted of a link; and nicks with the name of a node.

#include "actors/cluster/farewell.hpp"
#include "actors/cluster/link_report.hpp"
#include "actors/node_nick.hpp"
#include "io/cluster/loopback.hpp"
#include "io/cluster/repeated_lines.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>

using namespace confab;
using namespace std::chrono_literals;

TEST_CASE("a loopback address is known as one") {
  for (const std::string host :
       {"127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1", "localhost"})
    CHECK(is_loopback_host(host));
  for (const std::string host :
       {"126.0.0.1", "128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1", "::127.0.0.1",
        "fe80::1", "127.0.0.1.example.org", "localhost.example.org", "127.1", ""})
    CHECK_FALSE(is_loopback_host(host));
}

TEST_CASE("an address is read as it is written, a name is none") {
  const auto ipv4 = written_address("10.1.2.3", 7400);
  REQUIRE(ipv4);
  CHECK(ipv4->family() == AF_INET);
  CHECK(ipv4->port() == 7400);
  const auto ipv6 = written_address("fd00::1", 65535);
  REQUIRE(ipv6);
  CHECK(ipv6->family() == AF_INET6);
  CHECK(ipv6->port() == 65535);
  CHECK_FALSE(written_address("localhost", 1));
  CHECK_FALSE(written_address("10.1.2", 1));
}

TEST_CASE("a line is said once a minute") {
  repeated_lines said;
  const repeated_lines::time_point begin{1h};
  CHECK(said.may_say("a", begin));
  CHECK_FALSE(said.may_say("a", begin));
  CHECK(said.may_say("b", begin + 1s));
  CHECK_FALSE(said.may_say("a", begin + 59s));
  CHECK(said.may_say("a", begin + 60s));
  CHECK_FALSE(said.may_say("b", begin + 60s));
}

TEST_CASE("a flood of different lines is cut") {
  repeated_lines said;
  const repeated_lines::time_point begin{1h};
  std::size_t count = 0;
  for (int i = 0; i < 1000; ++i)
    count += said.may_say(std::to_string(i), begin) ? 1U : 0U;
  CHECK(count == 64);
  CHECK(said.may_say("later", begin + 1min));
}

TEST_CASE("a link is counted as lost or as ended in order, and as healed only after a loss") {
  link_watch watch;
  link_report told;
  const auto look = [&] { watch.describe(told, {}); };
  watch.note_lost(false);  // It was never up.
  look();
  CHECK((told.made == 0 && told.lost == 0));
  watch.note_made();
  watch.note_lost(false);
  watch.note_lost(false);
  look();
  CHECK((told.made == 1 && told.lost == 1 && told.healed == 0 && told.ended == 0));
  watch.note_made();
  look();
  CHECK((told.made == 2 && told.healed == 1));
  watch.note_lost(true);
  watch.note_made();
  look();
  CHECK((told.made == 3 && told.lost == 1 && told.healed == 1 && told.ended == 1));
}

TEST_CASE(
    "the round trip is that of what was measured last, or longer if something is on its way") {
  link_watch watch;
  link_report told;
  const link_watch::time_point begin{1h};
  watch.describe(told, begin);
  CHECK(told.round_trip == 0us);
  watch.begin(5, begin);
  watch.note_taken(4, begin + 1ms);
  CHECK(watch.is_measuring());
  watch.note_taken(7, begin + 3ms);
  CHECK_FALSE(watch.is_measuring());
  watch.describe(told, begin + 1h);
  CHECK(told.round_trip == 3ms);
  watch.begin(8, begin + 1h);
  watch.describe(told, begin + 1h + 1ms);
  CHECK(told.round_trip == 3ms);
  watch.describe(told, begin + 1h + 5ms);
  CHECK(told.round_trip == 5ms);
  watch.note_lost(false);  // What was on its way will not be taken.
  CHECK_FALSE(watch.is_measuring());
  watch.describe(told, begin + 2h);
  CHECK(told.round_trip == 3ms);
}

TEST_CASE("a farewell is the departure of nobody, for nodes that know no farewells") {
  CHECK(is_farewell(farewell("two ends")));
  CHECK_FALSE(is_farewell({{0, 1}, "two ends"}));
  CHECK(farewell({}).id.is_elsewhere());  // No client of the sender's node.
}

TEST_CASE("a nick with the name of a node has at most 32 bytes, as NICKLEN says") {
  CHECK(nick_with_node("sam", "two") == "sam/two");
  CHECK(nick_with_node(std::string(28, 'x'), "two") == std::string(28, 'x') + "/two");
  CHECK(nick_with_node(std::string(32, 'x'), "two") == std::string(28, 'x') + "/two");
  const std::string node(node_name_bytes_max, 'n');
  CHECK(nick_with_node(std::string(32, 'x'), node) == std::string(11, 'x') + "/" + node);
  CHECK(nick_with_node("bob/tagged", "two") == "bob/tagged/two");
}

TEST_CASE("a nick with the name of a node is cut between two characters") {
  std::string nick;
  while (nick.size() < 24)
    nick += "\u00e9";
  CHECK(nick_with_node(nick + "/tagged", "five5") == nick + "/t/five5");
  CHECK(nick_with_node("x" + nick, "northern") == "x" + nick.substr(0, 22) + "/northern");
}
