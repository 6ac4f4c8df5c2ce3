// The program `oneroom_client` against a scripted server: docs/dialects/oneroom.md.

#include "tests/clients/conversation/helpers.hpp"

using namespace confab::test;

TEST_CASE("the name is the first line, each line of input one message") {
  oneroom_dialogue dialogue;
  dialogue.program.write("hi\r\n  there: /you \n\nlast");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() == "bob\nhi\n  there: /you \n\nlast\n");
}

TEST_CASE("each line of the server is printed as it came, and flushed") {
  oneroom_dialogue dialogue;
  for (const std::string line : {"bob:hi\n", "amy: a:b \n", "\n", "\x1B[2J\xff\n"}) {
    dialogue.server.send(line.substr(0, line.size() / 2));
    dialogue.server.send(line.substr(line.size() / 2));
    REQUIRE(dialogue.program.read_until(line));
  }
  CHECK(dialogue.program.output() == "bob:hi\namy: a:b \n\n\x1B[2J\xff\n");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("the oneroom server goes: one line on stderr, exit 1") {
  oneroom_dialogue dialogue;
  dialogue.server.send("amy:bye\namy:unfini");
  end_sending_or_close(dialogue.server);
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "amy:bye\n");
  CHECK(dialogue.program.errors() == "the server closed the connection\n");
}

TEST_CASE("after the end of input the lines still come, exit 0 when the server closes") {
  oneroom_dialogue dialogue;
  dialogue.program.write("hi\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  dialogue.server.send("bob:hi\namy:bye\n");
  REQUIRE(dialogue.program.read_until("amy:bye\n"));
  CHECK(dialogue.program.running());
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output() == "bob:hi\namy:bye\n");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("messages that do not come back before the server closes: one line on stderr, exit 1") {
  oneroom_dialogue dialogue;
  dialogue.program.write("one\ntwo\nthree\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  const std::string relayed = GENERATE("", "bob:one\namy:two\n");
  dialogue.server.send(relayed);
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == relayed);
  CHECK(dialogue.program.errors() ==
        "the server closed the connection; messages that it did not deliver: " +
            std::string(relayed.empty() ? "3" : "2") + " of 3\n");
}

TEST_CASE("a oneroom connection that breaks before all is said: one line on stderr, exit 1") {
  oneroom_dialogue dialogue;
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  dialogue.server.reset();
  CHECK(dialogue.program.wait() == 1);
  CHECK(is_one_line(dialogue.program.errors()));
}

TEST_CASE("an endless line of the server: one line on stderr, bounded memory, and it goes on") {
  oneroom_dialogue dialogue;
  const std::string megabyte(1 << 20, 'x');
  for (int count = 0; count < 64; ++count)
    dialogue.server.send(megabyte);
  dialogue.server.send("\namy:after\n");
  REQUIRE(dialogue.program.read_until("\n"));
  CHECK(dialogue.program.output() == "amy:after\n");
  CHECK(dialogue.program.errors() == "the server sent a line that is too long\n");
}

TEST_CASE("a name that is no line: one clear line on stderr, exit 1, nothing sent") {
  const std::string name = GENERATE("", "\n", "b\nob", "bob\r");
  scripted_peer server;
  process program("oneroom_client", {"127.0.0.1", server.port(), name});
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(is_one_line(program.errors()));
  CHECK_FALSE(server.accept(std::chrono::milliseconds(0)));
}

TEST_CASE("nobody reads the oneroom client's output: one line on stderr, exit 1, no signal") {
  oneroom_dialogue dialogue;
  dialogue.program.close_output();
  CHECK(dialogue.program.wait() == 1);
  CHECK(is_one_line(dialogue.program.errors()));
}
