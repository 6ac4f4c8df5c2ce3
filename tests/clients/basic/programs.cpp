// The programs `basic_client` and `basic_server`: Part 0 of the framed course document.

#include "tests/clients/common/helpers.hpp"
#include "tests/support/socket.hpp"

#include <signal.h>

using namespace confab::test;

namespace {

// A `basic_server` on a free port.
struct basic_server {
  explicit basic_server(const process_options& options = {})
      : program("basic_server", {"0"}, options) {
    REQUIRE(program.read_errors_until("listening: basic on port "));
    REQUIRE(program.read_errors_until("\n"));
    port = program.errors().substr(std::string("listening: basic on port ").size());
    port.pop_back();
  }

  client connect() const { return client(static_cast<std::uint16_t>(std::stoul(port))); }

  process program;
  std::string port;
};

void say(const basic_server& server, const std::string& host, const std::string& input) {
  process program("basic_client", {host, server.port});
  program.write(input);
  program.close_input();
  CHECK(program.wait() == 0);
  CHECK(program.output().empty());
  CHECK(program.errors().empty());
}

}  // namespace

TEST_CASE("the course document's example: each client's message is a line on the server's stdout") {
  basic_server server;
  say(server, "localhost", "I am a student in CS168. This class is awesome!\n");
  say(server, "localhost", "Why is Shenker so bad at drawing?\n");
  REQUIRE(server.program.read_until("drawing?\n"));
  CHECK(server.program.output() ==
        "I am a student in CS168. This class is awesome!\n"
        "Why is Shenker so bad at drawing?\n");
}

TEST_CASE("the server is reachable by IPv4 and by IPv6") {
  basic_server server;
  say(server, "127.0.0.1", "four\n");
  say(server, "::1", "six\n");
  REQUIRE(server.program.read_until("six\n"));
  CHECK(server.program.output() == "four\nsix\n");
}

TEST_CASE("a client sends its first line without the line end, and closes without waiting") {
  scripted_peer server;
  process program("basic_client", {"127.0.0.1", server.port()});
  const std::string input = GENERATE("one line\nnot this\n", "one line\r\nnot this\n", "one line");
  program.write(input);
  program.close_input();
  CHECK(program.wait() == 0);  // before anybody accepts
  REQUIRE(server.accept());
  REQUIRE(server.read_to_end());
  CHECK(server.received() == "one line");
}

TEST_CASE("a client that is not at the end of its input closes after its line too") {
  scripted_peer server;
  process program("basic_client", {"127.0.0.1", server.port()});
  REQUIRE(server.accept());
  program.write("one ");
  program.write("line\n");
  REQUIRE(server.read_to_end());
  CHECK(server.received() == "one line");
  CHECK(program.wait() == 0);
}

TEST_CASE("a client without any input: one line on stderr, exit 1") {
  scripted_peer server;
  process program("basic_client", {"127.0.0.1", server.port()});
  program.close_input();
  CHECK(program.wait() == 1);
  CHECK(is_one_line(program.errors()));
}

TEST_CASE("the server goes before the line is typed: one line on stderr, exit 1") {
  scripted_peer server;
  process program("basic_client", {"127.0.0.1", server.port()});
  REQUIRE(server.accept());
  close_or_reset(server);
  CHECK(program.wait() == 1);
  CHECK(is_one_line(program.errors()));
}

TEST_CASE("a message of any length arrives whole") {
  basic_server server;
  process program("basic_client", {"127.0.0.1", server.port});
  const std::string message(std::size_t{4} << 20, 'x');
  program.write(message + "\n");
  for (std::size_t printed = 0; printed <= message.size();) {
    (void)program.running();  // hands over more of the message
    REQUIRE(server.program.read_until(printed < message.size() ? "x" : "\n"));
    printed = server.program.output().size();
  }
  CHECK(server.program.output() == message + "\n");
  CHECK(program.wait() == 0);
}

TEST_CASE("the server prints the complete message of one client before it turns to the next") {
  basic_server server;
  auto first = server.connect();
  first.send("one, ");
  REQUIRE(server.program.read_until("one, "));
  std::vector<client> others;
  for (int count = 0; count < 50; ++count) {
    others.push_back(server.connect());
    others.back().send(std::to_string(count) + "\n");
    others.back().shutdown_sending();
  }
  first.send("still one");
  REQUIRE(server.program.read_until("still one"));
  CHECK(server.program.output() == "one, still one");
  first.shutdown_sending();
  REQUIRE(server.program.read_until("\n49\n"));
  std::string expected = "one, still one\n";
  for (int count = 0; count < 50; ++count)
    expected += std::to_string(count) + "\n";
  CHECK(server.program.output() == expected);
}

TEST_CASE("the server closes a connection after its message") {
  basic_server server;
  auto connection = server.connect();
  connection.send("hi");
  connection.shutdown_sending();
  CHECK(connection.read_to_end().empty());
}

TEST_CASE("a client that sends nothing is no line, an empty line is one, a reset ends a message") {
  basic_server server;
  server.connect().shutdown_sending();
  auto empty = server.connect();
  empty.send("\n");
  empty.shutdown_sending();
  auto lost = server.connect();
  lost.send("lost");
  REQUIRE(server.program.read_until("\nlost"));
  lost.reset();
  say(server, "localhost", "next\n");
  REQUIRE(server.program.read_until("next\n"));
  CHECK(server.program.output() == "\nlost\nnext\n");
}

TEST_CASE("any bytes are printed unchanged into a pipe, and harmlessly on a terminal") {
  process_options options;
  options.output = GENERATE(stream::pipe, stream::terminal);
  basic_server server(options);
  auto connection = server.connect();
  connection.send("a\x1B[2J\xff");
  connection.shutdown_sending();
  REQUIRE(server.program.read_until("\n"));
  CHECK(server.program.output() ==
        (options.output == stream::pipe ? "a\x1B[2J\xff\n" : "a\\x1B[2J\\xFF\r\n"));
}

TEST_CASE("SIGINT and SIGTERM end the server, exit 0") {
  basic_server server;
  auto connection = server.connect();
  SECTION("while it waits for a client") {
    connection.close();
  }
  SECTION("while a client talks") {
    connection.send("hi");
    REQUIRE(server.program.read_until("hi"));
  }
  server.program.signal(GENERATE(SIGINT, SIGTERM));
  CHECK(server.program.wait() == 0);
  CHECK(is_one_line(server.program.errors()));
}

TEST_CASE("a port that is in use, or none: one clear line on stderr, exit 1") {
  const basic_server server;
  for (const std::string& port : {server.port, std::string("http"), std::string(),
                                  std::string("65536"), std::string("-1"), std::string("1\n2")}) {
    CAPTURE(port);
    process program("basic_server", {port});
    CHECK(program.wait() == 1);
    CHECK(program.output().empty());
    CHECK(is_one_line(program.errors()));
  }
}

TEST_CASE("nobody reads the basic server's output: one line on stderr, exit 1, no signal") {
  basic_server server;
  server.program.close_output();
  auto connection = server.connect();
  connection.send("hi");
  CHECK(server.program.wait() == 1);
  CHECK(std::count(server.program.errors().begin(), server.program.errors().end(), '\n') == 2);
}
