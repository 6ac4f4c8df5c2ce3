// The sender in front of a person: prompt, line editing, Ctrl-D, and a server that goes away.

#include "tests/clients/common/helpers.hpp"

#include <signal.h>

using namespace confab::test;

namespace {

const std::string end_of_input = "\x04";  // Ctrl-D

struct terminal_dialogue : sender_dialogue {
  explicit terminal_dialogue(const process_options& options = on_terminal())
      : sender_dialogue(options) {
    REQUIRE(program.read_until("> "));
  }

  // Types a line; the sender requests, is answered, and prompts again.
  void type(const std::string& keys, const std::string& request, const std::string& reply) {
    program.write(keys + "\r");
    expect(request, reply);
    REQUIRE(program.read_until("> "));
  }

  void leave() {
    program.write(end_of_input);
    expect("quit:bye\n", "ok:bye!\n");
    CHECK(program.wait() == 0);
  }
};

}  // namespace

TEST_CASE("the prompt is shown on a terminal, after the login and after each reply") {
  terminal_dialogue dialogue;
  dialogue.type("/join cafe", "join:cafe\n", "ok:joined room cafe\n");
  dialogue.type("hi", "sendall:hi\n", "ok:message sent\n");
  dialogue.program.write("/quit\r");
  dialogue.expect("quit:bye\n", "ok:bye!\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.errors().empty());
  CHECK(dialogue.server.received() == "slogin:bob\njoin:cafe\nsendall:hi\nquit:bye\n");
}

TEST_CASE("Ctrl-D at the prompt leaves like /quit: it waits for the reply, exit 0") {
  terminal_dialogue dialogue;
  dialogue.program.write(end_of_input);
  REQUIRE(dialogue.server.read_until("quit:bye\n"));
  CHECK_FALSE(dialogue.program.wait(std::chrono::milliseconds(50)));
  dialogue.server.send("ok:bye!\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output().ends_with("\r\n"));
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("Ctrl-D inside of a line deletes, and does not leave") {
  terminal_dialogue dialogue;
  dialogue.type("hix\x02\x04", "sendall:hi\n", "ok:message sent\n");  // x, back, delete
  dialogue.type("hi\x04", "sendall:hi\n", "ok:message sent\n");
  dialogue.leave();
}

TEST_CASE("lines can be edited, and earlier ones come back") {
  terminal_dialogue dialogue;
  dialogue.type("ho\x7Fi", "sendall:hi\n", "ok:message sent\n");  // backspace
  dialogue.type("two", "sendall:two\n", "ok:message sent\n");
  dialogue.type("\x1B[A\x1B[A!", "sendall:hi!\n", "ok:message sent\n");    // up, up
  dialogue.type("\x10\x10\x10 ", "sendall:hi\n", "ok:message sent\n");     // Ctrl-P three times
  dialogue.type("world\x01hello ", "sendall:hello world\n", "ok:sent\n");  // Ctrl-A
  dialogue.leave();
}

TEST_CASE("characters outside of ASCII can be typed, whatever the locale says") {
  auto options = on_terminal();
  options.environment = {"TERM=xterm", GENERATE("LC_ALL=C.UTF-8", "LC_ALL=C", "LC_ALL=xx_XX")};
  terminal_dialogue dialogue(options);
  dialogue.type("Grüße, 日本 👍", "sendall:Grüße, 日本 👍\n", "ok:message sent\n");
  dialogue.type("ü\x7Fo", "sendall:o\n", "ok:message sent\n");
  dialogue.leave();
}

TEST_CASE("a terminal of any kind will do") {
  auto options = on_terminal();
  options.environment = {GENERATE("TERM=dumb", "TERM=", "TERM=no-such-terminal")};
  terminal_dialogue dialogue(options);
  dialogue.type("hi", "sendall:hi\n", "ok:message sent\n");
  dialogue.leave();
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("what is typed before the reply is there at the next prompt") {
  terminal_dialogue dialogue;
  dialogue.program.write("one\rtwo\r");
  dialogue.expect("sendall:one\n", "ok:message sent\n");
  dialogue.expect("sendall:two\n", "ok:message sent\n");
  REQUIRE(dialogue.program.read_until("> "));
  dialogue.leave();
}

TEST_CASE("a Ctrl-D that is typed before the reply leaves at the next prompt") {
  terminal_dialogue dialogue;
  dialogue.program.write("one\r" + end_of_input);
  dialogue.expect("sendall:one\n", "ok:message sent\n");
  dialogue.expect("quit:bye\n", "ok:bye!\n");
  CHECK(dialogue.program.wait() == 0);
}

TEST_CASE("each line that is typed is shown once, after one prompt") {
  terminal_dialogue dialogue;
  dialogue.type("one", "sendall:one\n", "ok:message sent\n");
  dialogue.type("two", "sendall:two\n", "ok:message sent\n");
  dialogue.leave();
  CHECK(dialogue.program.output() == "> one\r\n> two\r\n> \r\n");
}

TEST_CASE("the server goes away while a person is at the prompt: it says so at once, exit 1") {
  terminal_dialogue dialogue(GENERATE(on_terminal(), all_on_terminal()));
  const bool all = dialogue.program.errors().empty();
  SECTION("nothing typed") {}
  SECTION("in the middle of a line") {
    dialogue.program.write("hel");
    REQUIRE(dialogue.program.read_until("hel"));
  }
  SECTION("in the middle of a key sequence") {
    dialogue.program.write("hel\x1B");
    REQUIRE(dialogue.program.read_until("hel"));
  }
  SECTION("in the middle of a search of the history") {
    dialogue.program.write("\x12");
    REQUIRE(dialogue.program.read_until("bck:"));
  }
  dialogue.server.close();
  CHECK(all);
  CHECK(dialogue.program.wait() == 1);
  const std::string shown = dialogue.program.output() + dialogue.program.errors();
  CAPTURE(shown);
  CHECK(shown.find("\r\nthe server closed the connection") != std::string::npos);
  CHECK(shown.find("the server closed the connection") ==
        shown.rfind("the server closed the connection"));
}

TEST_CASE("on a terminal, control characters in an err payload are shown harmlessly") {
  terminal_dialogue dialogue(all_on_terminal());
  dialogue.program.write("hi\r");
  dialogue.expect("sendall:hi\n", "err:no \x1B]0;owned\x07 \x9B \xC2\x9B Grüße\n");
  REQUIRE(dialogue.program.read_until("no \\x1B]0;owned\\x07 \\x9B \\u009B Grüße\r\n"));
  REQUIRE(dialogue.program.read_until("> "));
  dialogue.leave();
}

TEST_CASE("signals have their usual effect at the prompt") {
  terminal_dialogue dialogue;
  SECTION("Ctrl-C") {
    dialogue.program.write("\x03");
    CHECK(dialogue.program.wait() == 128 + SIGINT);
  }
  SECTION("SIGTERM") {
    dialogue.program.signal(SIGTERM);
    CHECK(dialogue.program.wait() == 128 + SIGTERM);
  }
  SECTION("the terminal hangs up") {
    dialogue.program.close_input();
    CHECK(dialogue.program.wait() == 128 + SIGHUP);
  }
}

TEST_CASE("a line survives a stop, a continuation and a new size of the terminal") {
  terminal_dialogue dialogue;
  dialogue.program.write("hel");
  REQUIRE(dialogue.program.read_until("hel"));
  dialogue.program.signal(GENERATE(SIGTSTP, SIGCONT, SIGWINCH));
  dialogue.program.write("lo\r");
  dialogue.expect("sendall:hello\n", "ok:message sent\n");
  REQUIRE(dialogue.program.read_until("\r\n> "));
  dialogue.leave();
}

TEST_CASE("signals have their usual effect while it waits for a reply") {
  terminal_dialogue dialogue;
  dialogue.program.write("hi\r");
  REQUIRE(dialogue.server.read_until("sendall:hi\n"));
  dialogue.program.write("\x03");
  CHECK(dialogue.program.wait() == 128 + SIGINT);
}

TEST_CASE("with only the input on a terminal there is a prompt, without editing") {
  process_options options;
  options.input = stream::terminal;
  sender_dialogue dialogue(options);
  REQUIRE(dialogue.program.read_until("> "));
  dialogue.program.write("hi\n");
  dialogue.expect("sendall:hi\n", "ok:message sent\n");
  REQUIRE(dialogue.program.read_until("> "));
  dialogue.program.write(end_of_input);
  dialogue.expect("quit:bye\n", "ok:bye!\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output() == "> > ");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("without a terminal there is no prompt, also when the output is one") {
  process_options options;
  options.output = stream::terminal;
  sender_dialogue dialogue(options);
  dialogue.program.write("hi\n");
  dialogue.program.close_input();
  dialogue.expect("sendall:hi\n", "ok:message sent\n");
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output().empty());
}
