// The program `client` against a scripted server: docs/dialects/framed.md.

#include "tests/clients/conversation/helpers.hpp"

using namespace confab::test;

TEST_CASE("the name is the first frame, and the prompt is shown at once, also into a pipe") {
  framed_dialogue dialogue;
  CHECK(dialogue.server.received() == frame("Alice"));
  CHECK(dialogue.program.output() == "[Me] ");
}

TEST_CASE("a message writes over the prompt, and the prompt comes again") {
  framed_dialogue dialogue;
  dialogue.server.send(frame("Kay has joined"));
  REQUIRE(dialogue.program.read_until("joined\n[Me] "));
  CHECK(dialogue.program.output() == "[Me] \r    \rKay has joined\n[Me] ");
}

TEST_CASE("each line is one frame, and is followed by a prompt") {
  framed_dialogue dialogue;
  dialogue.program.write("/create tas\nHello!\n\n/list");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() ==
        frame("Alice") + frame("/create tas") + frame("Hello!") + frame("") + frame("/list"));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output() == "[Me] [Me] [Me] [Me] [Me] \r    \r");
}

TEST_CASE("a message is printed when its 200 bytes have come, however they are split") {
  framed_dialogue dialogue;
  const auto bytes = frame("[Kay] Hi!");
  dialogue.server.send(bytes.substr(0, 150));
  dialogue.program.write("x\n");
  REQUIRE(dialogue.server.read_until(frame("x")));
  REQUIRE(dialogue.program.read_until("[Me] "));
  CHECK(dialogue.program.output() == "[Me] [Me] ");
  dialogue.server.send(bytes.substr(150));
  REQUIRE(dialogue.program.read_until("\n[Me] "));
  CHECK(dialogue.program.output() == "[Me] [Me] \r    \r[Kay] Hi!\n[Me] ");
}

TEST_CASE("messages that arrive joined up are printed one after the other") {
  framed_dialogue dialogue;
  dialogue.server.send(frame("[Kay] one") + frame("") + frame("a\nb") + frame("[Kay] two"));
  REQUIRE(dialogue.program.read_until("two\n[Me] "));
  CHECK(dialogue.program.output() ==
        "[Me] \r    \r[Kay] one\n[Me] \r    \ra\nb\n[Me] \r    \r[Kay] two\n[Me] ");
}

TEST_CASE("into a pipe the bytes of a message go unchanged") {
  framed_dialogue dialogue;
  const std::string text = std::string("[K] \0\x1B[31m\x9B\xC2\x9B \r x", 17);
  dialogue.server.send(frame(text));
  REQUIRE(dialogue.program.read_until("\n[Me] "));
  CHECK(dialogue.program.output() == "[Me] \r    \r" + text + "\n[Me] ");
}

TEST_CASE("a line of more than 200 bytes: one line on stderr, nothing sent, and it goes on") {
  framed_dialogue dialogue;
  dialogue.program.write(std::string(201, 'x') + "\n" + std::string(1 << 20, 'x') + "\n" +
                         std::string(200, 'y') + "\n");
  REQUIRE(dialogue.program.read_until("[Me] [Me] [Me] "));
  REQUIRE(dialogue.server.read_until(std::string(200, 'y')));
  CHECK(dialogue.server.received() == frame("Alice") + std::string(200, 'y'));
  CHECK(dialogue.program.errors() ==
        "the line is too long: 201 bytes, at most 200 can be sent; nothing was sent\n"
        "the line is too long; nothing was sent\n");
}

TEST_CASE("the server goes: the course's words on stdout over the prompt, exit 1") {
  framed_dialogue dialogue;
  dialogue.server.send(frame("[Kay] bye") + frame("never complete").substr(0, 199));
  end_sending_or_close(dialogue.server);
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() ==
        "[Me] \r    \r[Kay] bye\n[Me] \r    \r" + dialogue.gone() + "\n");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("the connection is reset: the course's words on stdout, exit 1") {
  framed_dialogue dialogue;
  SECTION("while it talks") {}
  SECTION("after the input has ended, when answers may be lost") {
    dialogue.program.close_input();
    REQUIRE(dialogue.server.read_to_end());
  }
  dialogue.server.reset();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "[Me] \r    \r" + dialogue.gone() + "\n");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("after the end of input the answers still come, exit 0 when the server closes") {
  framed_dialogue dialogue;
  dialogue.program.write("/list\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() == frame("Alice") + frame("/list"));
  dialogue.server.send(frame("cafe\ntas"));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output() == "[Me] [Me] \r    \rcafe\ntas\n[Me] \r    \r");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("a refused name ends the client, exit 1, before what is typed becomes the name") {
  framed_dialogue dialogue;
  dialogue.server.send(frame("This name is too long: Alice"));
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "[Me] \r    \rThis name is too long: Alice\n[Me] \r    \r");
  CHECK(dialogue.program.errors() == "the server refused the name\n");
  REQUIRE(dialogue.server.read_to_end());
  CHECK(dialogue.server.received() == frame("Alice"));
}

TEST_CASE(
    "words like those of a refusal do not end the client when somebody else can have sent them") {
  framed_dialogue dialogue;
  SECTION("as a notice") {
    dialogue.server.send(frame("This name is too long: Alice has joined"));
  }
  SECTION("as a later message") {
    dialogue.server.send(frame("[Kay] Hi!") + frame("This name is too long: Alice"));
  }
  REQUIRE(dialogue.program.read_until("This name is too long: "));
  dialogue.program.write("hello\n");
  CHECK(dialogue.server.read_until(frame("hello")));
}

TEST_CASE("a refused connection after the end of input: one line on stderr, exit 1") {
  framed_dialogue dialogue;
  const std::string words =
      GENERATE("The server is full.", "There are too many connections from your address.");
  dialogue.program.write("/list\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_end());
  dialogue.server.send(frame(words));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "[Me] [Me] \r    \r" + words + "\n[Me] \r    \r");
  CHECK(dialogue.program.errors() == "the server refused the connection\n");
}

TEST_CASE("it reads the server also while the server does not read: nobody waits for ever") {
  framed_dialogue dialogue;
  std::string lines;
  for (int count = 0; count < 100'000; ++count)
    lines += "line " + std::to_string(count) + "\n";
  dialogue.program.write(lines);  // 20 MB of frames: more than the buffers between us hold
  dialogue.server.send(frame("[Kay] Hi!"));
  REQUIRE(dialogue.program.read_until("[Kay] Hi!\n"));
  dialogue.program.close_input();
  for (int each = 0; each < 100'000; each += 1000) {
    REQUIRE(dialogue.server.read_until(frame("line " + std::to_string(each))));
    (void)dialogue.program.running();  // moves more of the lines
  }
  for (bool ended = false; !ended; (void)dialogue.program.running())
    ended = dialogue.server.read_to_end(std::chrono::milliseconds(50));
  CHECK(dialogue.server.received().size() == 200 * 100'001);
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
}

TEST_CASE("it cannot connect: the course's words on stdout, the reason on stderr, exit 1") {
  const refusing_port nobody;
  process program("client", {"Alice", "127.0.0.1", nobody.port()});
  CHECK(program.wait() == 1);
  CHECK(program.output() == "Unable to connect to 127.0.0.1:" + nobody.port() + "\n");
  CHECK(program.errors() == "client: Connection refused\n");
}

TEST_CASE("the course's words name the server as the command line does") {
  process program("client", {"Alice", "no.such.host.invalid", "04000"});
  CHECK(program.wait() == 1);
  CHECK(program.output() == "Unable to connect to no.such.host.invalid:04000\n");
  CHECK(is_one_line(program.errors()));
}

TEST_CASE("a name that no frame can carry: one clear line on stderr, exit 1, nothing sent") {
  const std::string name = GENERATE(std::string(), std::string("  "), std::string("A\nB"),
                                    std::string("A\r"), std::string(201, 'x'));
  scripted_peer server;
  process program("client", {name, "127.0.0.1", server.port()});
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(is_one_line(program.errors()));
  CHECK_FALSE(server.accept(std::chrono::milliseconds(0)));
}

TEST_CASE("nobody reads the chat client's output: one line on stderr, exit 1, no signal") {
  framed_dialogue dialogue;
  SECTION("while it waits") {
    dialogue.program.close_output();
  }
  SECTION("while it prints") {
    dialogue.program.close_output();
    dialogue.server.send(frame("[Kay] Hi!"));
  }
  CHECK(dialogue.program.wait() == 1);
  CHECK(is_one_line(dialogue.program.errors()));
}
