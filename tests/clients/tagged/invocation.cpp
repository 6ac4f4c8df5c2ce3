// What both clients do alike: arguments and connecting. docs/dialects/tagged.md.

#include "tests/clients/common/helpers.hpp"

using namespace confab::test;

namespace {

struct client {
  std::string program;
  std::string usage;
  std::vector<std::string> names;

  std::vector<std::string> arguments(const std::string& host, const std::string& port) const {
    std::vector<std::string> result{host, port};
    result.insert(result.end(), names.begin(), names.end());
    return result;
  }
};

client either() {
  return GENERATE(client{"sender", "Usage: ./sender [server_address] [port] [username]\n", {"bob"}},
                  client{"receiver",
                         "Usage: ./receiver [server_address] [port] [username] [room]\n",
                         {"al", "c"}});
}

void check_one_line_and_failure(process& program) {
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CAPTURE(program.errors());
  CHECK(is_one_line(program.errors()));
}

}  // namespace

TEST_CASE("a wrong number of arguments: usage on stderr, exit 1") {
  const auto tested = either();
  auto arguments = tested.arguments("localhost", "4000");
  SECTION("none") {
    arguments.clear();
  }
  SECTION("one") {
    arguments.resize(1);
  }
  SECTION("one too few") {
    arguments.pop_back();
  }
  SECTION("one too many") {
    arguments.emplace_back("more");
  }
  SECTION("--help among others") {
    arguments = {"--help", "me"};
  }
  process program(tested.program, arguments);
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == tested.usage);
}

TEST_CASE("options --help and --version answer on stdout, exit 0") {
  const auto tested = either();
  process help(tested.program, {"--help"});
  CHECK(help.wait() == 0);
  CHECK(help.output().starts_with(tested.usage));
  CHECK(help.errors().empty());
  process version(tested.program, {"--version"});
  CHECK(version.wait() == 0);
  CHECK(version.output().starts_with(tested.program + " (Confab) "));
  CHECK(is_one_line(version.output()));
  CHECK(version.errors().empty());
}

TEST_CASE("a port that is no number, or out of range: one clear line on stderr, exit 1") {
  const auto tested = either();
  for (const char* port : {"http", "", "0", "65536", "-1", "12x", "4000\n", "\x1B[2J"}) {
    CAPTURE(port);
    process program(tested.program, tested.arguments("127.0.0.1", port));
    check_one_line_and_failure(program);
  }
}

TEST_CASE("an unknown host: one clear line on stderr, exit 1") {
  const auto tested = either();
  for (const char* host : {"no.such.host.invalid", "", "two\nlines"}) {
    CAPTURE(host);
    process program(tested.program, tested.arguments(host, "4000"));
    check_one_line_and_failure(program);
  }
}

TEST_CASE("a refused connection: one clear line on stderr, exit 1") {
  const auto tested = either();
  const refusing_port nobody;
  process program(tested.program, tested.arguments("127.0.0.1", nobody.port()));
  CHECK(program.wait() == 1);
  CHECK(program.errors() ==
        "cannot connect to 127.0.0.1:" + nobody.port() + ": Connection refused\n");
}

TEST_CASE("a name that no line can carry: one clear line on stderr, exit 1, nothing sent") {
  const auto tested = either();
  for (const std::string& name :
       {std::string("b\nob"), std::string("\n"), std::string("bob\r"), std::string(252, 'x')}) {
    for (std::size_t position = 0; position < tested.names.size(); ++position) {
      scripted_peer server;
      auto arguments = tested.arguments("127.0.0.1", server.port());
      arguments[2 + position] = name;
      process program(tested.program, arguments);
      CAPTURE(name, position);
      CHECK(program.wait() == 1);
      CHECK(is_one_line(program.errors()));
      CHECK_FALSE(server.accept(std::chrono::milliseconds(0)));
    }
  }
}

TEST_CASE("any other name is sent as it is, the server judges") {
  const auto tested = either();
  const std::string name = GENERATE(std::string(), std::string("b b:ö\t"), std::string(247, 'x'));
  scripted_peer server;
  auto arguments = tested.arguments("127.0.0.1", server.port());
  arguments[2] = name;
  process program(tested.program, arguments);
  REQUIRE(server.accept());
  CHECK(server.read_until("login:" + name + "\n"));
  server.send("err:no\n");
  CHECK(program.wait() == 1);
  CHECK(program.errors() == "no\n");
}

TEST_CASE("every address of a host is tried, of IPv6 and of IPv4") {
  const auto tested = either();
  const auto which = GENERATE(family::ipv4, family::ipv6);
  scripted_peer server(which);
  const auto hosts = which == family::ipv4 ? std::vector<std::string>{"127.0.0.1", "localhost"}
                                           : std::vector<std::string>{"::1"};
  for (const auto& host : hosts) {
    CAPTURE(host);
    process program(tested.program, tested.arguments(host, server.port()));
    CHECK(server.accept());
    CHECK(server.read_until("login:"));
  }
}

TEST_CASE("a standard stream that is closed from the start is not mistaken for the connection") {
  process_options closed;
  closed.output = stream::closed;
  closed.input = stream::closed;
  scripted_peer server;
  process program("receiver", {"127.0.0.1", server.port(), "alice", "cafe"}, closed);
  REQUIRE(server.accept());
  server.send("ok:\nok:\ndelivery:cafe:bob:hi\n");
  CHECK(program.wait() == 1);
  CHECK(server.read_to_end());
  CHECK(server.received() == "rlogin:alice\njoin:cafe\n");
  CHECK(is_one_line(program.errors()));
}
