// The command line of `server`.

#include "io/net/resolve.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <netdb.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <variant>
#include <vector>

using namespace confab::test;

namespace {

/// How a program ended, and what it said.
struct outcome {
  static constexpr int still_running = -1;

  int code = still_running;
  std::string output;
  std::string errors;
};

outcome run_server(const std::vector<std::string>& arguments) {
  process program{"server", arguments};
  const auto code = program.wait(waiting_span);
  return {code.value_or(outcome::still_running), program.output(), program.errors()};
}

/// Requires an exit that refuses the arguments: neither success, nor a signal, nor an abort.
void require_refused(const std::vector<std::string>& arguments) {
  CAPTURE(arguments);
  const auto result = run_server(arguments);
  CHECK(result.code > 0);
  CHECK(result.code < 126);
  CHECK_FALSE(result.errors.empty());
  CHECK(result.output.empty());
}

/// A file in the folder for temporary files, gone at the end of the test.
class temporary_file {
 public:
  explicit temporary_file(const std::string& content) : path_(folder_.write("file", content)) {}

  const std::string& path() const { return path_; }

 private:
  temporary_folder folder_;
  std::string path_;
};

/// Whether the server works by the edition of 2023: own texts come back.
bool is_edition_2023(const running_server& server) {
  auto receiver = server.receiver("bob", "cafe");
  auto sender = server.sender("bob", "cafe");
  REQUIRE(sender.request("sendall:echo?") == "ok:message sent");
  receiver.send("leave:\n");
  return receiver.read_line() == "delivery:cafe:bob:echo?";
}

}  // namespace

TEST_CASE("wrong arguments: the mistake on stderr, exit not 0, never an abort, nothing on stdout") {
  const std::vector<std::vector<std::string>> wrong{
      {},
      {"0", "0"},
      {"0", "extra"},
      {""},
      {" "},
      {"port"},
      {"12x"},
      {"1.5"},
      {"-1"},
      {"65536"},
      {"99999999999999999999999"},
      {"0", "--no-such-option"},
      {"0", "--edition"},
      {"0", "--edition", "2021"},
      {"0", "--edition", "x"},
      {"0", "--backlog-max", "-5"},
      {"0", "--backlog-max", "lots"},
      {"0", "--max-connections", "-1"},
      {"0", "--max-connections", "many"},
      {"0", "--login-deadline", "soon"},
      {"0", "--login-deadline", "-1"},
      {"0", "--log-level", "shouting"},
      {"0", "--config", "/nonexistent/confab.conf"},
  };
  for (const auto& arguments : wrong)
    require_refused(arguments);
}

TEST_CASE("without arguments, stderr says how the server is used") {
  const auto result = run_server({});
  CHECK(result.errors.find("server") != std::string::npos);
  CHECK(result.errors.find("PORT") != std::string::npos);
}

TEST_CASE("an address that is none, or not of this machine: stderr, exit not 0") {
  require_refused({"0", "--bind", "not an address"});
  require_refused({"0", "--bind", "192.0.2.1"});
}

TEST_CASE("port in use: one line on stderr, exit 1") {
  running_server server;
  for (const auto& more : std::vector<std::vector<std::string>>{{}, {"--bind", "127.0.0.1"}}) {
    std::vector<std::string> arguments{std::to_string(server.port())};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = run_server(arguments);
    CHECK(result.code == 1);
    INFO("stderr: " << result.errors);
    CHECK(split_lines(result.errors).size() == 1);
    CHECK(result.output.empty());
  }
  CHECK(server.connect().request("slogin:bob") == "ok:logged in as bob");
}

TEST_CASE("a port is free again as soon as its server has ended, clients or not") {
  std::uint16_t port = 0;
  {
    running_server server;
    port = server.port();
    auto quitter = server.sender("bob", "cafe");
    quitter.send("quit:\n");
    quitter.read_to_end();
    auto staying = server.sender("alice", "cafe");
    server.stop();
  }
  process again{"server", {std::to_string(port)}};
  REQUIRE(again.read_errors_until("listening: tagged on port " + std::to_string(port), patience));
  CHECK(client{port}.request("slogin:bob") == "ok:logged in as bob");
  again.signal(SIGTERM);
  CHECK(again.wait(patience) == std::optional<int>{0});
}

TEST_CASE("option --help and --version exit with 0 and say something") {
  for (const std::string option : {"--help", "--version"}) {
    const auto result = run_server({option});
    CHECK(result.code == 0);
    CHECK_FALSE((result.output + result.errors).empty());
  }
}

TEST_CASE("a lobby that --name-max does not allow is refused, any other is not") {
  const auto refused = run_server({"--oneroom", "0", "--name-max", "4"});
  CHECK(refused.code != 0);
  CHECK(refused.errors.find("--lobby: 'lobby' is longer than --name-max allows") !=
        std::string::npos);
  running_server server{{"--name-max", "100", "--lobby", std::string(100, 'l')}};
}

TEST_CASE("option --name-max allows no longer name than every protocol can carry") {
  running_server server{{"--name-max", "150"}};
  const auto refused = run_server({"0", "--name-max", "151"});
  CHECK(refused.code == 1);
  // The library words the rest, in each of its versions another way.
  CHECK(refused.errors.find("--name-max: Value 151 not in range") != std::string::npos);
}

TEST_CASE("option --loops takes 1 to 16, on the command line and in the configuration file") {
  for (const std::string count : {"0", "17", "-1", "two"}) {
    const auto refused = run_server({"0", "--loops", count});
    CHECK(refused.code == 1);
    CHECK(refused.errors.find("--loops: ") != std::string::npos);
  }
  running_server many{{"--loops", "16"}};
  CHECK(many.sender("bob", "cafe").request("sendall:hi") == "ok:message sent");
  const temporary_log file;
  std::ofstream{file.path()} << "loops=3\n";
  running_server three{{"--config", file.path()}};
  CHECK(three.log_has("3 loops"));
}

TEST_CASE("an option that no configuration file knows is named") {
  const temporary_log file;
  std::ofstream{file.path()} << "bogus=1\n";
  const auto result = run_server({"--config", file.path()});
  CHECK(result.code != 0);
  CHECK(result.errors.find("unknown option 'bogus'") != std::string::npos);
}

TEST_CASE("option --help names every option") {
  const auto result = run_server({"--help"});
  const auto text = result.output + result.errors;
  for (const std::string option : {"--tagged",
                                   "--oneroom",
                                   "--framed",
                                   "--irc",
                                   "--server-name",
                                   "--network",
                                   "--motd",
                                   "--irc-password",
                                   "--irc-password-file",
                                   "--irc-oper",
                                   "--irc-oper-file",
                                   "--hash-password",
                                   "--flood-loopback",
                                   "--lobby",
                                   "--line-max",
                                   "--loops",
                                   "--edition",
                                   "--bind",
                                   "--login-deadline",
                                   "--idle-timeout",
                                   "--max-connections",
                                   "--max-connections-per-address",
                                   "--max-rooms",
                                   "--max-rooms-per-client",
                                   "--max-kept-rooms",
                                   "--name-max",
                                   "--input-rate",
                                   "--backlog-max",
                                   "--backlog-total-max",
                                   "--keepalive",
                                   "--user-timeout",
                                   "--node",
                                   "--cluster",
                                   "--peer",
                                   "--cluster-certificate",
                                   "--cluster-key",
                                   "--cluster-ca",
                                   "--admin",
                                   "--admin-bind",
                                   "--log-level",
                                   "--config",
                                   "--help",
                                   "--version"}) {
    INFO(option);
    CHECK(text.find(option) != std::string::npos);
  }
}

TEST_CASE("by default the server is reached by IPv4 and by IPv6") {
  running_server server;
  CHECK(server.connect({"127.0.0.1", 0}).request("slogin:bob") == "ok:logged in as bob");
  if (has_ipv6())
    CHECK(server.connect({"::1", 0}).request("slogin:bob") == "ok:logged in as bob");
}

TEST_CASE("option --bind 127.0.0.1: reached there and not by IPv6") {
  running_server server{{"--bind", "127.0.0.1"}};
  CHECK(server.connect({"127.0.0.1", 0}).request("slogin:bob") == "ok:logged in as bob");
  if (has_ipv6())
    CHECK_THROWS(server.connect({"::1", 0}));
}

TEST_CASE("option --bind ::1: reached there and not by IPv4") {
  if (has_ipv6()) {
    running_server server{{"--bind", "::1"}};
    CHECK(server.connect({"::1", 0}).request("slogin:bob") == "ok:logged in as bob");
    CHECK_THROWS(server.connect({"127.0.0.1", 0}));
  }
}

TEST_CASE("option --bind with a name: reached at every address of the name") {
  running_server server{{"--bind", "localhost"}};
  const auto addresses = confab::resolve("localhost", 0);
  for (const auto& each : std::get<std::vector<confab::socket_address>>(addresses)) {
    std::array<char, NI_MAXHOST> text{};
    REQUIRE(::getnameinfo(each.get(), each.size_bytes(), text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0);
    INFO(text.data());
    CHECK(server.connect({text.data(), 0}).request("slogin:bob") == "ok:logged in as bob");
  }
}

TEST_CASE("options may stand before the port") {
  process program{"server", {"--edition", "2023", "0"}};
  CHECK(program.read_errors_until("listening: tagged on port ", patience));
  program.signal(SIGTERM);
  CHECK(program.wait(patience) == std::optional<int>{0});
}

TEST_CASE("a configuration file holds the same options") {
  const temporary_file configuration{"edition=2023\nlogin-deadline=30\n"};
  CHECK(is_edition_2023(running_server{{"--config", configuration.path()}}));
  CHECK_FALSE(is_edition_2023(running_server{}));
}

TEST_CASE("the command line wins over the configuration file") {
  const temporary_file configuration{"edition=2023\n"};
  CHECK_FALSE(
      is_edition_2023(running_server{{"--config", configuration.path(), "--edition", "2022"}}));
}

TEST_CASE("a configuration file with a mistake is refused") {
  for (const std::string content : {"edition=2021\n", "no-such-option=1\n", "backlog-max=lots\n"}) {
    const temporary_file configuration{content};
    require_refused({"0", "--config", configuration.path()});
  }
}

TEST_CASE("a mistake is told in one line, with the file and the line if it stands in a file") {
  const temporary_file value{"# comment\ntagged=0\nedition = 2021\n"};
  const temporary_file unknown{"tagged=0\n\nbogus=1\n"};
  const temporary_file good{"tagged=0\n"};
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes{
      {{"--config", value.path()}, value.path() + ":3: --edition: 2021 not in {2022,2023}"},
      {{"--config", unknown.path()}, unknown.path() + ":3: unknown option 'bogus'"},
      {{"--config", "/no/such.conf"},
       "configuration file '/no/such.conf': No such file or directory"},
      {{"--config", "/tmp"}, "configuration file '/tmp': Is a directory"},
      {{"--config", good.path(), "--edition", "1"}, "server: --edition: 1 not in {2022,2023}"},
      {{"0", "--bind", "no such name"}, "cannot listen on port 0 of no such name: "},
      {{}, "PORT is missing"}};
  for (const auto& [arguments, words] : mistakes) {
    const auto result = run_server(arguments);
    INFO(result.errors);
    CHECK(result.code == 1);
    CHECK(split_lines(result.errors).size() == 1);
    CHECK(result.errors.find(words) != std::string::npos);
  }
}

TEST_CASE("the configuration file of the repository names every option and starts all listeners") {
  const std::string path = std::string{CONFAB_SOURCE_FOLDER} + "/apps/server/confab.conf";
  std::ifstream file{path};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  const auto help = run_server({"--help"}).output;
  for (auto at = help.find("--"); at != std::string::npos; at = help.find("--", at + 2)) {
    const auto option = help.substr(at + 2, help.find_first_of(" ,\n", at) - at - 2);
    if (option == "help" || option == "version" || option == "config" || option == "hash-password")
      continue;
    INFO(option);
    const bool named = text.find("\n" + option + "=") != std::string::npos ||
                       text.find("\n#" + option + "=") != std::string::npos;
    CHECK(named);
  }
  const auto history = std::filesystem::temp_directory_path() /
                       ("confab-options-" + std::to_string(::getpid()) + ".history");
  {
    running_server server{{"--config", path, "--framed", "0", "--oneroom", "0", "--irc", "0",
                           "--history", history.string()}};
    server.wait_for_log("listening: oneroom");
    server.wait_for_log("listening: framed");
  }
  for (const auto* end : {"", "-wal", "-shm", ".lock"})
    std::filesystem::remove(history.string() + end);
}

TEST_CASE("a cluster port that strangers could reach is refused, one on loopback is opened") {
  const auto result =
      run_server({"0", "--node", "north", "--cluster", "0.0.0.0:0", "--peer", "south=127.0.0.1:9"});
  CHECK(result.code == 1);
  CHECK(split_lines(result.errors).size() == 1);
  CHECK(result.errors.find("'0.0.0.0:0' is no loopback address") != std::string::npos);
  running_server server{
      {"--node", "north", "--cluster", "127.0.0.1:0", "--peer", "south=127.0.0.1:9"}};
  server.wait_for_log("listening: node north for the cluster on port ");
  CHECK(server.connect().request("slogin:bob") == "ok:logged in as bob");
  server.signal(SIGTERM);
  CHECK(server.wait() == 0);
}

// docs/cluster.md: "With `--node`, `--line-max` is 1 MiB at most".
TEST_CASE("option --line-max: a node takes no line that a link could not carry beside others") {
  std::vector<std::string> arguments{"--node",      "north",  "--cluster",
                                     "127.0.0.1:0", "--peer", "south=127.0.0.1:9",
                                     "--line-max",  "1MiB"};
  { running_server server{arguments}; }
  arguments.back() = "1048577";
  arguments.insert(arguments.begin(), "0");
  const auto refused = run_server(arguments);
  CHECK(refused.code == 1);
  CHECK(refused.errors.find("--line-max: with --node, 1MiB at most") != std::string::npos);
}

TEST_CASE("no log level writes on stdout") {
  for (const std::string level : {"info", "debug"}) {
    INFO(level);
    process program{"server", {"0", "--log-level", level}};
    CHECK(program.read_errors_until("listening: tagged on port ", patience));
    program.signal(SIGTERM);
    CHECK(program.wait(patience) == std::optional<int>{0});
    CHECK(program.output().empty());
  }
}
