// Messages `tag:payload`: docs/dialects/tagged.md.

#include "apps/clients/tagged/tagged_message.hpp"
#include "tests/support/catch.hpp"

#include <string>

using namespace confab::client;

TEST_CASE("a message is a tag, a colon and a payload that may hold colons") {
  const auto message = parse_message("ok:a:b");
  REQUIRE(message);
  CHECK(message->tag == "ok");
  CHECK(message->payload == "a:b");
}

TEST_CASE("tag and payload may be empty, but the colon must be there") {
  CHECK(parse_message(":"));
  CHECK(parse_message("quit:")->payload.empty());
  CHECK_FALSE(parse_message("quit"));
  CHECK_FALSE(parse_message(""));
}

TEST_CASE("a delivery's first two colons separate") {
  const auto delivered = parse_delivery("cafe:bob:at 10:30: tea");
  REQUIRE(delivered);
  CHECK(delivered->room == "cafe");
  CHECK(delivered->sender == "bob");
  CHECK(delivered->text == "at 10:30: tea");
  CHECK(parse_delivery("::"));
  CHECK_FALSE(parse_delivery("cafe:bob"));
  CHECK_FALSE(parse_delivery("cafe"));
  CHECK_FALSE(parse_delivery(""));
}

TEST_CASE("an encoded message has at most 255 bytes, its newline included") {
  const std::string fits(255 - 9, 'x');  // 9: `sendall:` and the newline
  CHECK(encode_message("sendall", fits) == "sendall:" + fits + "\n");
  CHECK(encode_message("sendall", fits)->size() == message_bytes_max);
  CHECK_FALSE(encode_message("sendall", fits + "x"));
  CHECK(encoding_obstacle("sendall", fits).empty());
  CHECK(encoding_obstacle("sendall", fits + "x") ==
        "is too long: 247 bytes, at most 246 can be sent");
}

TEST_CASE("a message cannot carry a line end, but any other byte") {
  CHECK_FALSE(encode_message("join", "ca\nfe"));
  CHECK_FALSE(encode_message("join", "cafe\r"));
  CHECK(encode_message("join", std::string("a\0\t\xff\rb", 6)) ==
        "join:" + std::string("a\0\t\xff\rb", 6) + "\n");
  CHECK(encode_message("join", "") == std::string("join:\n"));
}
