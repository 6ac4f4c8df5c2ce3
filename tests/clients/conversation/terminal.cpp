// The chat clients in front of a person: what is half-typed stays as it is, and what other people
// say is only shown. docs/dialects/framed.md.

#include "tests/clients/common/screen.hpp"
#include "tests/clients/conversation/helpers.hpp"

#include <signal.h>

using namespace confab::test;

namespace {

const std::string end_of_input = "\x04";  // Ctrl-D

using rows = std::vector<std::string>;

struct terminal_dialogue : framed_dialogue {
  explicit terminal_dialogue(const process_options& options = on_terminal())
      : framed_dialogue(options) {}

  // The server says something; it is shown, and the line that is being typed below it.
  void hear(const std::string& text, const std::string& typed = {}) {
    server.send(frame(text));
    REQUIRE(program.read_until(text.substr(0, text.find_first_of("\x1B\n"))));
    REQUIRE(program.read_until("[Me] " + typed));
  }

  void type(const std::string& keys) {
    program.write(keys);
    REQUIRE(program.read_until(keys));
  }

  // Ends the line; it is sent.
  void enter(const std::string& request) {
    program.write("\r");
    CHECK(server.read_until(frame(request)));
    REQUIRE(program.read_until("\r\n[Me] "));
  }

  rows shown() const { return screen::rows(program.output()); }
};

}  // namespace

TEST_CASE("on a terminal a message writes over the prompt, which comes again below") {
  terminal_dialogue dialogue;
  dialogue.hear("[Kay] Hi!");
  dialogue.hear("A");
  CHECK(dialogue.shown() == rows{"[Kay] Hi!", "A", "[Me]"});
}

TEST_CASE("a half-typed line stays as it is when a message arrives") {
  terminal_dialogue dialogue;
  dialogue.type("hel");
  dialogue.hear("[Kay] Hi!", "hel");
  CHECK(dialogue.shown() == rows{"[Kay] Hi!", "[Me] hel"});
  dialogue.type("lo");
  dialogue.enter("hello");
  CHECK(dialogue.shown() == rows{"[Kay] Hi!", "[Me] hello", "[Me]"});
}

TEST_CASE("the cursor stays where it is in the half-typed line") {
  terminal_dialogue dialogue;
  dialogue.type("hllo");
  dialogue.program.write("\x01\x06");  // Ctrl-A, Ctrl-F
  REQUIRE(dialogue.program.read_until("h"));
  dialogue.hear("[Kay] Hi!", "hllo");
  dialogue.program.write("e\r");
  CHECK(dialogue.server.read_until(frame("hello")));
}

TEST_CASE("a half-typed line may cover several rows, and hold characters outside of ASCII") {
  terminal_dialogue dialogue;
  const std::string line = "Grüße, 日本 " + std::string(120, 'x') + " end";
  dialogue.program.write(line);
  REQUIRE(dialogue.program.read_until(" end"));
  dialogue.server.send(frame("[Kay] Hi!"));
  REQUIRE(dialogue.program.read_until("[Kay] Hi!\r\n"));
  REQUIRE(dialogue.program.read_until(" end"));
  dialogue.program.write("\r");
  CHECK(dialogue.server.read_until(frame(line)));
}

TEST_CASE("of a half-typed line of several rows nothing is left above the message") {
  terminal_dialogue dialogue;
  dialogue.program.write(std::string(100, 'x') + "end");
  REQUIRE(dialogue.program.read_until("end"));
  dialogue.server.send(frame("[Kay] Hi!"));
  REQUIRE(dialogue.program.read_until("[Kay] Hi!\r\n"));
  REQUIRE(dialogue.program.read_until("end"));
  CHECK(dialogue.shown() ==
        rows{"[Kay] Hi!", "[Me] " + std::string(75, 'x'), std::string(25, 'x') + "end"});
}

TEST_CASE("a terminal of any kind keeps the half-typed line") {
  auto options = on_terminal();
  options.environment = {GENERATE("TERM=dumb", "TERM=", "TERM=no-such-terminal"), "LC_ALL=C"};
  terminal_dialogue dialogue(options);
  dialogue.type("hel");
  dialogue.hear("[Kay] Hi!", "hel");
  dialogue.type("lo");
  dialogue.enter("hello");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("a message in the middle of a search or a command leaves the line as it was") {
  terminal_dialogue dialogue;
  dialogue.type("earlier");
  dialogue.enter("earlier");
  dialogue.type("now");
  SECTION("an empty search") {
    dialogue.program.write("\x12");
    REQUIRE(dialogue.program.read_until("bck:"));
  }
  SECTION("a search that has found something") {
    dialogue.program.write(
        "\x12"
        "ear");
    REQUIRE(dialogue.program.read_until("lier"));
  }
  SECTION("a command of the editor") {
    dialogue.program.write("\x1Bx");
    REQUIRE(dialogue.program.read_until(": "));
  }
  dialogue.hear("[Kay] Hi!", "now");
  CHECK(dialogue.shown().back() == "[Me] now");
  dialogue.type("!");
  dialogue.enter("now!");
}

TEST_CASE("a message in the middle of a key sequence leaves the line as it was") {
  terminal_dialogue dialogue;
  dialogue.type("now");
  dialogue.program.write(GENERATE("\x1B", "\x1B[",
                                  "\x1B"
                                  "5",
                                  "\x16"));
  dialogue.hear("[Kay] Hi!", "now");
  dialogue.hear("[Kay] still here?", "now");
  const auto shown = dialogue.shown();
  REQUIRE(shown.size() >= 3);
  CHECK(shown[shown.size() - 2] == "[Kay] still here?");
  CHECK(shown.back() == "[Me] now");
}

TEST_CASE("the editor's history knows the lines that were sent") {
  terminal_dialogue dialogue;
  dialogue.type("one");
  dialogue.enter("one");
  dialogue.program.write("\x1B[A");  // up
  REQUIRE(dialogue.program.read_until("one"));
  dialogue.hear("[Kay] Hi!", "one");
  dialogue.enter("one");
}

TEST_CASE("on a terminal other people's control characters are shown harmlessly, lists as lines") {
  terminal_dialogue dialogue;
  dialogue.hear("[K\x1B[1m] \x1B]0;owned\x07 \x9B \xC2\x9B \r Grüße");
  dialogue.hear("cafe\ntas\x1B");
  CHECK(dialogue.shown() == rows{"[K\\x1B[1m] \\x1B]0;owned\\x07 \\x9B \\u009B \\x0D Grüße", "cafe",
                                 "tas\\x1B", "[Me]"});
}

TEST_CASE("a line that does not fit is refused below it, and the prompt comes again") {
  terminal_dialogue dialogue(all_on_terminal());
  const std::string refusal = "the line is too long: 201 bytes, at most 200 can be sent; ";
  dialogue.program.write(std::string(201, 'x') + "\r");
  REQUIRE(dialogue.program.read_until(refusal + "nothing was sent\r\n[Me] "));
  dialogue.type("hi");
  dialogue.enter("hi");
  CHECK(dialogue.server.received() == frame("Alice") + frame("hi"));
}

TEST_CASE("on a terminal, the server goes: the course's words in place of the prompt, exit 1") {
  terminal_dialogue dialogue;
  rows expected{"[Kay] Hi!", dialogue.gone(), ""};
  dialogue.hear("[Kay] Hi!");
  SECTION("nothing typed") {}
  SECTION("what is half-typed stays to be read") {
    dialogue.type("hel");
    expected.insert(expected.begin() + 1, "[Me] hel");
  }
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.shown() == expected);
}

TEST_CASE("the server goes in the middle of a key sequence or a search: it says so at once") {
  terminal_dialogue dialogue;
  dialogue.program.write(GENERATE("hel\x1B", "hel\x12"));
  REQUIRE(dialogue.program.read_until("hel"));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output().ends_with("\r\n" + dialogue.gone() + "\r\n"));
}

TEST_CASE("Ctrl-D at the chat prompt ends the input: what still comes is shown, exit 0") {
  terminal_dialogue dialogue;
  dialogue.program.write("/list\r" + end_of_input);
  REQUIRE(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() == frame("Alice") + frame("/list"));
  dialogue.server.send(frame("cafe\ntas") + frame("[Kay] Hi!"));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.shown() == rows{"[Me] /list", "[Me]", "cafe", "tas", "[Kay] Hi!", ""});
}

TEST_CASE("signals have their usual effect at the chat prompt") {
  terminal_dialogue dialogue;
  SECTION("Ctrl-C") {
    dialogue.program.write("\x03");
    CHECK(dialogue.program.wait() == 128 + SIGINT);
  }
  SECTION("Ctrl-C after Ctrl-D, when the server does not close") {
    dialogue.program.write(end_of_input);
    REQUIRE(dialogue.server.read_to_end());
    dialogue.program.write("\x03");
    CHECK(dialogue.program.wait() == 128 + SIGINT);
  }
  SECTION("SIGTERM") {
    dialogue.program.signal(SIGTERM);
    CHECK(dialogue.program.wait() == 128 + SIGTERM);
  }
}

TEST_CASE("Ctrl-_ is the editor's own errand, a person who presses it changes nothing") {
  terminal_dialogue dialogue;
  dialogue.type("hel");
  dialogue.program.write("\x1F");
  dialogue.type("lo");
  dialogue.enter("hello");
}

TEST_CASE("with only the output on a terminal the prompt is written over, and all is harmless") {
  process_options options;
  options.output = stream::terminal;
  framed_dialogue dialogue(options);
  dialogue.server.send(frame("[Kay]\x1B Hi!"));
  REQUIRE(dialogue.program.read_until("Hi!\r\n[Me] "));
  CHECK(dialogue.program.output() == "[Me] \r    \r[Kay]\\x1B Hi!\r\n[Me] ");
}

TEST_CASE("the oneroom client keeps the half-typed line, and shows other people harmlessly") {
  oneroom_dialogue dialogue(on_terminal());
  REQUIRE(dialogue.program.read_until("> "));
  dialogue.program.write("hel");
  REQUIRE(dialogue.program.read_until("hel"));
  dialogue.server.send("amy:hi\x1B[2J\r x\n");
  REQUIRE(dialogue.program.read_until("> hel"));
  CHECK(screen::rows(dialogue.program.output()) == rows{"amy:hi\\x1B[2J\\x0D x", "> hel"});
  dialogue.program.write("lo\r");
  CHECK(dialogue.server.read_until("hello\n"));
}

TEST_CASE("a complaint about the server is shown above the half-typed line") {
  oneroom_dialogue dialogue(all_on_terminal());
  REQUIRE(dialogue.program.read_until("> "));
  dialogue.program.write("hel");
  REQUIRE(dialogue.program.read_until("hel"));
  dialogue.server.send("amy:hi\n" + std::string(3 << 20, 'x'));
  REQUIRE(dialogue.program.read_until("too long\r\n"));
  REQUIRE(dialogue.program.read_until("> hel"));
  CHECK(screen::rows(dialogue.program.output()) ==
        rows{"amy:hi", "the server sent a line that is too long", "> hel"});
}
