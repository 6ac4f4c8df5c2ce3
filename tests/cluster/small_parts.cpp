// What links are made of besides: addresses of this machine, lines that are not repeated.

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
