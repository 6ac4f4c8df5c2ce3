// The chat clients with the real server: the scenarios of the course documents.

#include "tests/clients/conversation/helpers.hpp"

#include <signal.h>

using namespace confab::test;

namespace {

std::vector<std::string> joined(std::vector<std::string> first,
                                const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// The real server, for one dialect, on a free port.
struct chat_server {
  explicit chat_server(const std::string& dialect, const std::vector<std::string>& options = {})
      : program("server", joined({"--" + dialect, "0"}, options)) {
    REQUIRE(program.read_errors_until("listening: " + dialect + " on port "));
    const auto start = program.errors().rfind(' ') + 1;
    REQUIRE(program.read_errors_until("\n"));
    port = program.errors().substr(start, program.errors().find('\n', start) - start);
  }

  process program;
  std::string port;
};

struct framed_client : process {
  framed_client(const chat_server& server, const std::string& name)
      : process("client", {name, "localhost", server.port}) {
    REQUIRE(read_until("[Me] "));
  }

  // Sends a line whose answer or effect ends with `text`.
  void say(const std::string& line, const std::string& text) {
    write(line + "\n");
    REQUIRE(read_until(text));
  }

  std::string compared() const { return as_the_course_compares(output()); }
};

}  // namespace

TEST_CASE("the course's scenario: Alice creates, Kay joins, they talk") {
  const chat_server server("framed");
  framed_client alice(server, "Alice");
  alice.write("/create tas\n");
  alice.say("/list", "tas\n[Me] ");
  framed_client kay(server, "Kay");
  kay.write("/join tas\n");
  REQUIRE(alice.read_until("Kay has joined\n[Me] "));
  kay.write("Hi!\n");
  REQUIRE(alice.read_until("[Kay] Hi!\n[Me] "));
  alice.write("Hello!\n");
  REQUIRE(kay.read_until("[Alice] Hello!\n[Me] "));
  REQUIRE(alice.read_until("[Me] "));
  CHECK(alice.output() ==
        "[Me] [Me] [Me] \r    \rtas\n[Me] \r    \rKay has joined\n[Me] \r    \r[Kay] Hi!\n[Me] "
        "[Me] ");
  CHECK(kay.output() == "[Me] [Me] [Me] \r    \r[Alice] Hello!\n[Me] ");
  CHECK(kay.compared() == "[Alice] Hello!");
}

TEST_CASE("the course document's scenario: Panda and Alice, to the message that Panda has left") {
  const chat_server server("framed");
  framed_client panda(server, "Panda");
  panda.say("Hello world!",
            "Not currently in any channel. Must join a channel before sending messages.\n");
  panda.write("/list\n/create 168_tas\n");
  panda.say("/list", "168_tas\n");
  panda.say("Hello world!", "[Me] [Me] ");
  framed_client alice(server, "Alice");
  alice.say("/list", "168_tas\n");
  alice.write("/join 168_tas\n");
  REQUIRE(panda.read_until("Alice has joined\n"));
  alice.write("Hi everyone! Does anyone know what we're doing on the first day of lecture?\n");
  REQUIRE(panda.read_until("first day of lecture?\n[Me] "));
  CHECK(panda.output() ==
        "[Me] [Me] "
        "\r    \rNot currently in any channel. Must join a channel before sending messages.\n[Me] "
        "[Me] [Me] [Me] \r    \r168_tas\n[Me] [Me] \r    \rAlice has joined\n[Me] "
        "\r    \r[Alice] Hi everyone! Does anyone know what we're doing on the first day of "
        "lecture?\n[Me] ");
  panda.signal(SIGINT);
  REQUIRE(alice.read_until("Panda has left\n[Me] "));
  CHECK(alice.output() ==
        "[Me] [Me] \r    \r168_tas\n[Me] [Me] [Me] \r    \rPanda has left\n[Me] ");
  CHECK(alice.compared().ends_with("Panda has left"));
}

TEST_CASE("a script of lines gets every answer before the client ends, exit 0") {
  const chat_server server("framed");
  process program("client", {"Al", "localhost", server.port});
  program.write("/list\n/create a\n/join b\n/list");
  program.close_input();
  CHECK(program.wait() == 0);
  // How many prompts stand between the answers is a matter of time.
  CHECK(program.read_until("\r    \rNo channel named b exists. Try '/create b'?\n[Me] "));
  CHECK(program.read_until("\r    \ra\n[Me] "));
  CHECK(program.output().ends_with("[Me] \r    \r"));
  CHECK(program.errors().empty());
}

TEST_CASE("a name that the server finds too long ends the client, exit 1") {
  const chat_server server("framed", {"--name-max", "9"});
  process program("client", {"Alice Liddell", "localhost", server.port});
  SECTION("while nothing is typed") {}
  SECTION("when the input has been sent") {
    program.write("/list\n");
    program.close_input();
  }
  CHECK(program.wait() == 1);
  CHECK(as_the_course_compares(program.output()) == "This name is too long: Alice Liddell");
  CHECK(program.errors() == "the server refused the name\n");
}

TEST_CASE("a full server refuses the framed client's script, exit 1") {
  const chat_server server("framed", {"--max-connections", "1"});
  framed_client alice(server, "Alice");
  alice.say("hi", "Not currently in any channel.");
  process program("client", {"Kay", "localhost", server.port});
  program.write("/list\n");
  program.close_input();
  CHECK(program.wait() == 1);
  CHECK_FALSE(program.output().empty());
}

TEST_CASE("a full server refuses the oneroom client's script, exit 1") {
  const chat_server server("oneroom", {"--max-connections", "1"});
  process bob("oneroom_client", {"localhost", server.port, "bob"});
  bob.write("alone\n");
  REQUIRE(bob.read_until("bob:alone\n"));
  process amy("oneroom_client", {"localhost", server.port, "amy"});
  amy.write("hi\n");
  amy.close_input();
  CHECK(amy.wait() == 1);
  CHECK(amy.output().empty());
  CHECK(is_one_line(amy.errors()));
}

TEST_CASE("a script of oneroom messages, some of them empty, comes back whole, exit 0") {
  const chat_server server("oneroom");
  process bob("oneroom_client", {"localhost", server.port, "b:b"});
  bob.write("one\n\n two \nlast");
  bob.close_input();
  CHECK(bob.wait() == 0);
  CHECK(bob.output() == "b_b:one\nb_b:\nb_b: two \nb_b:last\n");
  CHECK(bob.errors().empty());
}

TEST_CASE("the server stops: both chat clients say so, exit 1") {
  chat_server server("framed");
  framed_client alice(server, "Alice");
  chat_server lobby("oneroom");
  process bob("oneroom_client", {"localhost", lobby.port, "bob"});
  bob.write("hi\n");
  REQUIRE(bob.read_until("bob:hi\n"));
  server.program.signal(SIGTERM);
  lobby.program.signal(SIGTERM);
  CHECK(alice.wait() == 1);
  CHECK(alice.compared() == "Server at localhost:" + server.port + " has disconnected");
  CHECK(bob.wait() == 1);
  CHECK(bob.errors() == "the server closed the connection\n");
}

TEST_CASE("two people in the one room: each message goes to both, its author too") {
  const chat_server server("oneroom");
  process bob("oneroom_client", {"localhost", server.port, "bob"});
  bob.write("alone\n");
  REQUIRE(bob.read_until("bob:alone\n"));
  process amy("oneroom_client", {"localhost", server.port, "amy"});
  amy.write("hi: bob\n");
  REQUIRE(bob.read_until("amy:hi: bob\n"));
  bob.write("bye\n");
  REQUIRE(amy.read_until("bob:bye\n"));
  CHECK(amy.output() == "amy:hi: bob\nbob:bye\n");
  amy.close_input();
  CHECK(amy.wait() == 0);
}

TEST_CASE("a file of many lines comes back whole from the one room") {
  const chat_server server("oneroom");
  process bob("oneroom_client", {"localhost", server.port, "bob"});
  std::string lines;
  std::string expected;
  for (int count = 0; count < 200'000; ++count) {
    lines += std::to_string(count) + "\n";
    expected += "bob:" + std::to_string(count) + "\n";
  }
  bob.write(lines);
  bob.close_input();
  CHECK(bob.wait() == 0);
  CHECK(bob.output() == expected);
}
