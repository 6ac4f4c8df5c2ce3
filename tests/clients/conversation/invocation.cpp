// What the clients of the chat and of Part 0 do alike: arguments and connecting.

#include "tests/clients/common/helpers.hpp"

using namespace confab::test;

namespace {

struct client {
  std::string program;
  std::string usage;
  std::vector<std::string> before;  // arguments before host and port
  std::vector<std::string> behind;

  std::vector<std::string> arguments(const std::string& host, const std::string& port) const {
    auto result = before;
    result.insert(result.end(), {host, port});
    result.insert(result.end(), behind.begin(), behind.end());
    return result;
  }
};

client framed() {
  return {"client", "Usage: ./client [name] [server_address] [port]\n", {"Al"}, {}};
}

client oneroom() {
  return {
      "oneroom_client", "Usage: ./oneroom_client [server_address] [port] [username]\n", {}, {"al"}};
}

client basic() {
  return {"basic_client", "Usage: ./basic_client [server_address] [port]\n", {}, {}};
}

client any_client() {
  return GENERATE(framed(), oneroom(), basic());
}

}  // namespace

TEST_CASE("a chat client's wrong number of arguments: usage on stderr, exit 1") {
  const auto tested = any_client();
  auto arguments = tested.arguments("localhost", "4000");
  SECTION("none") {
    arguments.clear();
  }
  SECTION("one too few") {
    arguments.pop_back();
  }
  SECTION("one too many") {
    arguments.emplace_back("more");
  }
  process program(tested.program, arguments);
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == tested.usage);
}

TEST_CASE("the basic server's wrong number of arguments: usage on stderr, exit 1") {
  const std::vector<std::string> arguments =
      GENERATE(std::vector<std::string>{}, std::vector<std::string>{"0", "0"});
  process program("basic_server", arguments);
  CHECK(program.wait() == 1);
  CHECK(program.errors() == "Usage: ./basic_server [port]\n");
}

TEST_CASE("all programs of the chat answer --help and --version on stdout, exit 0") {
  const std::string name = GENERATE("client", "oneroom_client", "basic_client", "basic_server");
  process help(name, {"--help"});
  CHECK(help.wait() == 0);
  CHECK(help.output().starts_with("Usage: ./" + name + " ["));
  CHECK(help.errors().empty());
  process version(name, {"--version"});
  CHECK(version.wait() == 0);
  CHECK(version.output().starts_with(name + " (Confab) "));
  CHECK(is_one_line(version.output()));
}

TEST_CASE("a chat client's port that is no number, or out of range: one clear line, exit 1") {
  const auto tested = any_client();
  for (const char* port : {"http", "", "0", "65536", "-1", "12x", "4000\n"}) {
    CAPTURE(port);
    process program(tested.program, tested.arguments("127.0.0.1", port));
    CHECK(program.wait() == 1);
    CHECK(program.output().empty());
    CHECK(is_one_line(program.errors()));
  }
}

TEST_CASE("a chat client's unknown host, or refused connection: one clear line, exit 1") {
  const auto tested = GENERATE(oneroom(), basic());  // client has the course's words for it
  const refusing_port nobody;
  process refused(tested.program, tested.arguments("127.0.0.1", nobody.port()));
  CHECK(refused.wait() == 1);
  CHECK(refused.errors() ==
        "cannot connect to 127.0.0.1:" + nobody.port() + ": Connection refused\n");
  process unknown(tested.program, tested.arguments("no.such.host.invalid", "4000"));
  CHECK(unknown.wait() == 1);
  CHECK(unknown.output().empty());
  CHECK(is_one_line(unknown.errors()));
}

TEST_CASE("a chat client tries every address of a host, of IPv6 and of IPv4") {
  const auto tested = GENERATE(framed(), oneroom());
  scripted_peer four(family::ipv4);
  scripted_peer six(family::ipv6);
  process by_name(tested.program, tested.arguments("localhost", four.port()));
  CHECK(four.accept());
  process by_number(tested.program, tested.arguments("::1", six.port()));
  CHECK(six.accept());
}

TEST_CASE("a chat client's closed standard streams are not mistaken for the connection") {
  const auto tested = GENERATE(framed(), oneroom());
  process_options closed;
  closed.input = closed.output = stream::closed;
  scripted_peer server;
  process program(tested.program, tested.arguments("127.0.0.1", server.port()), closed);
  REQUIRE(server.accept());
  server.send("al:hi\n" + std::string(194, ' '));
  CHECK(program.wait() == 1);
  CHECK(server.read_to_end());
  CHECK(server.received().size() == (tested.program == "client" ? 200 : 3));
}
