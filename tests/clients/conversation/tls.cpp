// The programs `client` and `oneroom_client` through TLS: docs/tls.md.

#include "tests/clients/common/tls_helpers.hpp"
#include "tests/clients/conversation/helpers.hpp"

using namespace confab::test;

namespace {

/// A program that has said its name, Alice or alice, to a scripted server, through TLS.
struct encrypted_chat {
  explicit encrypted_chat(const std::string& name)
      : program(name, joined({"--tls", "--ca", trusted.file},
                             arguments_of(name, "localhost", server.port()))) {
    REQUIRE(server.accept());
    REQUIRE(server.read_until(name == "client" ? frame("Alice") : "alice\n"));
  }

  trusted_server trusted;
  tls_peer server{trusted.context};
  process program;
};

}  // namespace

TEST_CASE("a conversation of the client through TLS, to the end of its input") {
  encrypted_chat dialogue("client");
  dialogue.program.write("/create tas\nHello!\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_farewell());
  CHECK(dialogue.server.received() == frame("Alice") + frame("/create tas") + frame("Hello!"));
  dialogue.server.send(frame("[Kay] Hi!"));
  REQUIRE(dialogue.program.read_until("Hi!\n[Me] "));
  CHECK(dialogue.program.running());
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output() == "[Me] [Me] [Me] \r    \r[Kay] Hi!\n[Me] \r    \r");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE("a conversation of the oneroom client through TLS, to the end of its input") {
  encrypted_chat dialogue("oneroom_client");
  dialogue.program.write("hi\n");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_farewell());
  CHECK(dialogue.server.received() == "alice\nhi\n");
  dialogue.server.send("alice:hi\nbob:bye\n");
  REQUIRE(dialogue.program.read_until("bob:bye\n"));
  CHECK(dialogue.program.running());
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
  CHECK(dialogue.program.output() == "alice:hi\nbob:bye\n");
  CHECK(dialogue.program.errors().empty());
}

TEST_CASE(
    "after the end of input a connection that is cut counts as lost: answers may be missing") {
  encrypted_chat dialogue("oneroom_client");
  dialogue.program.close_input();
  REQUIRE(dialogue.server.read_to_farewell());
  dialogue.server.cut();
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.errors() ==
        "lost the connection to the server: it ended without the farewell of TLS\n");
}

TEST_CASE("the encrypted server goes: the client says the course's words, exit 1") {
  encrypted_chat dialogue("client");
  dialogue.server.send(frame("[Kay] bye"));
  SECTION("with a farewell") {
    dialogue.server.close();
  }
  SECTION("without") {
    dialogue.server.cut();
  }
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.output() == "[Me] \r    \r[Kay] bye\n[Me] \r    \rServer at localhost:" +
                                         dialogue.server.port() + " has disconnected\n");
}

TEST_CASE("a name that an encrypted server refuses ends the client, exit 1") {
  encrypted_chat dialogue("client");
  dialogue.server.send(frame("This name is too long: Alice"));
  CHECK(dialogue.program.wait() == 1);
  CHECK(dialogue.program.errors() == "the server refused the name\n");
  CHECK(dialogue.server.read_to_farewell());
}

TEST_CASE("through TLS, too, it reads also while the server does not: nobody waits for ever") {
  encrypted_chat dialogue("client");
  constexpr int line_count = 100'000;
  std::string lines;
  for (int count = 0; count < line_count; ++count)
    lines += "line " + std::to_string(count) + "\n";
  dialogue.program.write(lines);  // 20 MB of frames: more than the buffers between us hold
  dialogue.server.send(frame("[Kay] Hi!"));
  REQUIRE(dialogue.program.read_until("[Kay] Hi!\n"));
  dialogue.program.close_input();
  for (int each = 0; each < line_count; each += 1000) {
    REQUIRE(dialogue.server.read_until(frame("line " + std::to_string(each))));
    (void)dialogue.program.running();  // moves more of the lines
  }
  for (bool ended = false; !ended; (void)dialogue.program.running())
    ended = dialogue.server.read_to_farewell(std::chrono::milliseconds(50));
  CHECK(dialogue.server.received().size() == 200 * (line_count + 1));
  dialogue.server.close();
  CHECK(dialogue.program.wait() == 0);
}
