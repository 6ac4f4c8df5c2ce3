// Arguments of the clients: docs/dialects/tagged.md.

#include "apps/clients/common/arguments.hpp"

#include "tests/support/catch.hpp"

#include <string>

using confab::client::parse_listening_port;
using confab::client::parse_port;

TEST_CASE("a port is a number from 1 to 65535") {
  CHECK(parse_port("1") == 1);
  CHECK(parse_port("4000") == 4000);
  CHECK(parse_port("65535") == 65535);
}

TEST_CASE("any other text is no port") {
  for (const char* text : {"", "0", "65536", "99999999999999999999", "-1", "+1", " 1", "1 ", "1x",
                           "x", "http", "0x10", "1.0"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_port(text));
  }
}

TEST_CASE("a port to listen on is a number from 0 to 65535") {
  CHECK(parse_listening_port("0") == 0);
  CHECK(parse_listening_port("12345") == 12345);
  CHECK(parse_listening_port("65535") == 65535);
  for (const char* text : {"", "-1", "65536", "1x", " 1", "0x10", "+1"})
    CHECK_FALSE(parse_listening_port(text));
}
