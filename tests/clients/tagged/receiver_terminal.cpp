// The receiver on a terminal: other people's bytes can only be read there, never obeyed.

#include "tests/clients/common/helpers.hpp"

using namespace confab::test;

TEST_CASE("on a terminal, control characters in texts and names are shown harmlessly") {
  receiver_dialogue dialogue(on_terminal());
  dialogue.server.send(
      "delivery:cafe:b\x1B[1mob:\x1B]0;owned\x07 \x9B"
      "31m \xC2\x9B"
      "31m \rx\x7F \u202E Grüße 日本\t👍\n");
  REQUIRE(dialogue.program.read_until("\r\n"));
  CHECK(dialogue.program.output() ==
        "b\\x1B[1mob: \\x1B]0;owned\\x07 \\x9B31m \\u009B31m \\x0Dx\\x7F \\u202E Grüße 日本\t👍"
        "\r\n");
}

TEST_CASE("into a pipe the bytes go unchanged") {
  receiver_dialogue dialogue;
  dialogue.server.send("delivery:cafe:b\x1B[1mob:\x9B \xC2\x9B \u202E\n");
  REQUIRE(dialogue.program.read_until("\n"));
  CHECK(dialogue.program.output() == "b\x1B[1mob: \x9B \xC2\x9B \u202E\n");
}

TEST_CASE("on a terminal, an err payload and a malformed line are shown harmlessly") {
  process_options options;
  options.errors = stream::terminal;
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "cafe"}, options);
  REQUIRE(server.accept());
  server.send("\x1B[2J\nerr:\x1B[2J\xC2\x9B go \x9B away\n");
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() ==
        "the server sent an unexpected line: \\x1B[2J\r\n\\x1B[2J\\u009B go \\x9B away\r\n");
}
