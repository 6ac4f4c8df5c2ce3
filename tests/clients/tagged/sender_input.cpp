// The sender's input from a pipe: docs/dialects/tagged.md.

#include "tests/clients/common/helpers.hpp"

using namespace confab::test;

namespace {

// Answers all requests until the sender is done.
void serve(sender_dialogue& dialogue) {
  dialogue.program.close_input();
  const deadline end(waiting_span);
  while (dialogue.program.running() && !end.passed())  // which also writes what is left to write
    if (dialogue.server.read_until("\n", std::chrono::milliseconds(5)))
      dialogue.server.send("ok:done\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output().empty());
}

}  // namespace

TEST_CASE("it trims blanks at both ends of the line and skips blank lines") {
  sender_dialogue dialogue;
  dialogue.program.write("\n   \n\t\r\n  hi  there \t\r\n/join   cafe\r\n /leave \n");
  serve(dialogue);
  CHECK(dialogue.server.received() == "slogin:bob\nsendall:hi  there\njoin:cafe\nleave:bye\n");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("unknown commands and /join without a room: one line on stderr, nothing sent") {
  sender_dialogue dialogue;
  dialogue.program.write("/nick eve\n/join\n/\n/join \t\nhi\n");
  serve(dialogue);
  CHECK(dialogue.server.received() == "slogin:bob\nsendall:hi\n");
  CHECK(dialogue.program.errors() ==
        "unknown command /nick, there are /join, /leave and /quit\n"
        "/join needs the name of a room\n"
        "unknown command /, there are /join, /leave and /quit\n"
        "/join needs the name of a room\n");
}

TEST_CASE("input arrives in any split, and a last line without a newline counts") {
  sender_dialogue dialogue;
  for (const char each : std::string("/join cafe\n hi\nlast")) {
    dialogue.program.write({&each, 1});
    (void)dialogue.program.running();
  }
  serve(dialogue);
  CHECK(dialogue.server.received() == "slogin:bob\njoin:cafe\nsendall:hi\nsendall:last\n");
}

TEST_CASE("a text that does not fit MAX_LENGTH: one line on stderr, nothing sent, it goes on") {
  const std::string fits(246, 'x');
  sender_dialogue dialogue;
  dialogue.program.write(fits + "x\n  " + fits + "  \n/join " + fits + "xxxx\nhi\n");
  serve(dialogue);
  CHECK(dialogue.server.received() == "slogin:bob\nsendall:" + fits + "\nsendall:hi\n");
  CHECK(dialogue.program.errors() ==
        "the text is too long: 247 bytes, at most 246 can be sent; nothing was sent\n"
        "the text is too long: 250 bytes, at most 249 can be sent; nothing was sent\n");
}

TEST_CASE("a line of input without bounds is dropped with one line on stderr") {
  sender_dialogue dialogue;
  dialogue.program.write(std::string(3'000'000, 'x') + "\nhi\n");
  serve(dialogue);
  CHECK(dialogue.server.received() == "slogin:bob\nsendall:hi\n");
  CHECK(dialogue.program.errors() == "the line is too long, nothing was sent\n");
}

TEST_CASE("a text with NUL, tabs and bytes from 0x80 up is sent as it is") {
  const std::string text("a\0b\tc\x80\xff:\x1B.", 10);
  sender_dialogue dialogue;
  dialogue.program.write(text + "\n");
  serve(dialogue);
  CHECK(dialogue.server.received() == "slogin:bob\nsendall:" + text + "\n");
}

TEST_CASE("no input at all: exit 0 after the login") {
  process_options closed;
  closed.input = GENERATE(stream::pipe, stream::closed);
  sender_dialogue dialogue(closed);
  dialogue.program.close_input();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() == "slogin:bob\n");
}
