// The options for IRC, on the command line and in a configuration file.

#include "apps/server/irc_options.hpp"

#include "apps/server/cloak_key.hpp"
#include "io/crypto/password_hash.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temporary_folder.hpp"

#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <CLI/CLI.hpp>

using namespace confab;
using server::irc_options;
using test::temporary_folder;

namespace {

/// A hash of "operpassword".
const std::string good_hash =
    "$argon2id$v=19$m=32768,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
    "f18Fax2WEMTLxPN1AcpVISJSUt0xBIaKZQj393FFtOQ";

/// What became of options: what was chosen, or what is wrong.
using outcome = std::variant<irc_options, std::string>;

/// `arguments` in the order of the command line.
outcome parse(std::vector<std::string> arguments) {
  CLI::App app;
  irc_options chosen;
  std::string port;
  app.add_option("PORT", port);
  server::declare_irc_options(app, chosen);
  app.set_config("--config");
  app.allow_config_extras(CLI::config_extras_mode::error);
  std::reverse(arguments.begin(), arguments.end());  // As CLI11 wants them.
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& mistake) {
    return std::string{mistake.what()};
  }
  if (auto problem = server::complete(chosen))
    return *problem;
  return chosen;
}

irc_options good(const std::vector<std::string>& arguments) {
  auto result = parse(arguments);
  if (const auto* problem = std::get_if<std::string>(&result))
    FAIL(*problem);
  return std::get<irc_options>(result);
}

/// What is wrong, in one line.
std::string mistake(const std::vector<std::string>& arguments) {
  const auto result = parse(arguments);
  const auto* problem = std::get_if<std::string>(&result);
  REQUIRE(problem != nullptr);
  CHECK(problem->find('\n') == std::string::npos);
  return *problem;
}

irc_options good_file(const std::string& content) {
  const temporary_folder folder;
  return good({"--config", folder.write("confab.conf", content)});
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("without options: the network is Confab, the server has a name, and nothing else") {
  const auto chosen = good({});
  CHECK(chosen.network == "Confab");
  CHECK(holds(chosen.server_name, "."));
  CHECK(chosen.motd.empty());
  CHECK(chosen.password.empty());
  CHECK(chosen.operators.empty());
  CHECK_FALSE(chosen.flood_on_loopback);
  CHECK_FALSE(chosen.cloak_key);
}

TEST_CASE("a server is called as its machine, if that name has a dot") {
  CHECK(server::server_name_on("irc.example.org") == "irc.example.org");
  for (const std::string machine :
       {"", "laptop", "my_laptop.example", ".", "-a.b",
        "a."
        "0123456789012345678901234567890123456789012345678901234567890123"})
    CHECK(server::server_name_on(machine) == "confab.localhost");
}

TEST_CASE("option --server-name is one word of letters, digits, - and . with at least one dot") {
  CHECK(good({"--server-name", "My.Little.Server"}).server_name == "My.Little.Server");
  CHECK(good({"--server-name", "irc-2.example"}).server_name == "irc-2.example");
  for (const std::string name : {"", "server", "a b.c", "a.b:", "a_b.c", "*.b", ".b", "ä.b"})
    CHECK(holds(mistake({"--server-name", name}), "--server-name: '" + name + "' is not"));
}

TEST_CASE("option --network is visible ASCII without blanks") {
  CHECK(good({"--network", "Ex!Net"}).network == "Ex!Net");
  for (const std::string& name : {std::string{}, std::string{"a b"}, std::string{"é"},
                                  std::string{"a\x01"}, std::string(33, 'x')})
    CHECK(holds(mistake({"--network", name}), "--network: '" + name + "' is not"));
}

TEST_CASE("option --motd: the content of the file") {
  const temporary_folder folder;
  CHECK(good({"--motd", folder.write("motd", "Hi\n\nwörld")}).motd == "Hi\n\nwörld");
  const auto longest = folder.write("longest", std::string(server::motd_bytes_max, 'x'));
  CHECK(good({"--motd", longest}).motd.size() == server::motd_bytes_max);
}

TEST_CASE("option --motd: a file that cannot be read is told with path and reason") {
  const temporary_folder folder;
  CHECK(mistake({"--motd", "/no/such"}) == "--motd: /no/such: No such file or directory");
  CHECK(mistake({"--motd", folder.path()}) == "--motd: " + folder.path() + ": Is a directory");
  CHECK(holds(mistake({"--motd", ""}), "--motd: the name of the file is empty"));
}

TEST_CASE("option --motd: NUL, other bytes that are no UTF-8, and more than 64 KiB are refused") {
  const temporary_folder folder;
  const auto nul = folder.write("nul", std::string{"a\0b", 3});
  CHECK(mistake({"--motd", nul}) == "--motd: " + nul + ": holds a NUL byte");
  const auto latin = folder.write("latin", "w\xf6rld");
  CHECK(mistake({"--motd", latin}) == "--motd: " + latin + ": is not UTF-8");
  const auto large = folder.write("large", std::string(server::motd_bytes_max + 1, 'x'));
  CHECK(mistake({"--motd", large}) == "--motd: " + large + ": is longer than 65536 bytes");
}

TEST_CASE("option --irc-password: the words themselves, or the first line of a file") {
  const temporary_folder folder;
  CHECK(good({"--irc-password", "a :b,#c"}).password == "a :b,#c");
  CHECK(good({"--irc-password-file", folder.write("one", "secret\nmore\n")}).password == "secret");
  CHECK(good({"--irc-password-file", folder.write("two", "secret\r\n")}).password == "secret");
  CHECK(good({"--irc-password-file", folder.write("three", "se cret")}).password == "se cret");
}

TEST_CASE("option --irc-password: one that no client can send is refused, and not shown") {
  const temporary_folder folder;
  for (const std::string& password :
       {std::string{}, std::string{"top\x01secret"}, std::string{"top\xffsecret"},
        "topsecret" + std::string(400, 'x')}) {
    for (const auto& told :
         {mistake({"--irc-password", password}),
          mistake({"--irc-password-file", folder.write("bad", password + "\n")})}) {
      CHECK(holds(told, "the password "));
      CHECK_FALSE(holds(told, "secret"));
    }
  }
  CHECK(holds(mistake({"--irc-password-file", folder.write("empty", "")}), "password is empty"));
}

TEST_CASE("option --irc-password: the words and a file at once are refused") {
  const temporary_folder folder;
  CHECK(mistake({"--irc-password", "x", "--irc-password-file", folder.write("y", "y")}) ==
        "--irc-password and --irc-password-file: there can be only one of them");
  CHECK(mistake({"--irc-password-file", "/no/such"}) ==
        "--irc-password-file: /no/such: No such file or directory");
}

TEST_CASE("option --irc-oper may be repeated, and does not take what stands behind it") {
  const auto chosen =
      good({"--irc-oper", "operuser:" + good_hash, "--irc-oper", "root:" + good_hash, "6667"});
  CHECK(chosen.operators ==
        std::vector<operator_account>{{"operuser", good_hash}, {"root", good_hash}});
  CHECK(verify_password(chosen.operators[0].hash, "operpassword"));
}

TEST_CASE("option --irc-oper: a mistake names the operator and not the hash") {
  CHECK(mistake({"--irc-oper", "bob:secret"}) ==
        "--irc-oper: operator 'bob' has no argon2id hash: server --hash-password makes one");
  CHECK(mistake({"--irc-oper", "bob:"}) ==
        "--irc-oper: operator 'bob' has no argon2id hash: server --hash-password makes one");
  CHECK(mistake({"--irc-oper", "a:" + good_hash, "--irc-oper", "a:" + good_hash}) ==
        "--irc-oper: operator 'a' is there twice");
  for (const auto& each : {"secret", ":", ":secret", "a b:secret", "\xff:secret"}) {
    const auto told = mistake({"--irc-oper", each});
    CHECK(holds(told, "--irc-oper: an operator is NAME:HASH"));
    CHECK_FALSE(holds(told, "secret"));
  }
}

TEST_CASE("option --irc-oper-file: lines NAME:HASH, and # comments") {
  const temporary_folder folder;
  const auto file =
      folder.write("opers", "# ours\n\n  a:" + good_hash + " \r\n\t# b\nc:" + good_hash);
  CHECK(good({"--irc-oper-file", file, "--irc-oper", "d:" + good_hash}).operators ==
        std::vector<operator_account>{{"d", good_hash}, {"a", good_hash}, {"c", good_hash}});
}

TEST_CASE("option --irc-oper-file: a mistake is told with the file and the line") {
  const temporary_folder folder;
  const auto bad = folder.write("bad", "# ours\na:" + good_hash + "\nb:secret\n");
  CHECK(mistake({"--irc-oper-file", bad}) ==
        bad + ":3: operator 'b' has no argon2id hash: server --hash-password makes one");
  const auto twice = folder.write("twice", "a:" + good_hash + "\na:" + good_hash + "\n");
  CHECK(mistake({"--irc-oper-file", twice}) == twice + ":2: operator 'a' is there twice");
  CHECK(mistake({"--irc-oper-file", "/no/such"}) ==
        "--irc-oper-file: /no/such: No such file or directory");
}

TEST_CASE("option --cloak-key: a file of 16 bytes to 4 KiB, the end of its line left out") {
  const temporary_folder folder;
  const std::string secret(server::cloak_secret_bytes_min, 'x');
  const auto key_of = [&](const std::string& content) {
    return good({"--cloak-key", folder.write("key", content)}).cloak_key;
  };
  CHECK(key_of(secret) == cloak::key_of(secret));
  CHECK(key_of(secret + "\n") == key_of(secret));
  CHECK(key_of(secret + "\r\n") == key_of(secret));
  CHECK(key_of(secret + "y") != key_of(secret));
  CHECK(key_of(std::string(server::cloak_secret_bytes_max, '\0')).has_value());
}

TEST_CASE("option --cloak-key: a file that is no good is told in one line, without the secret") {
  const temporary_folder folder;
  CHECK(mistake({"--cloak-key", "/no/such"}) == "--cloak-key: /no/such: No such file or directory");
  CHECK(mistake({"--cloak-key", folder.path()}) ==
        "--cloak-key: " + folder.path() + ": Is a directory");
  CHECK(holds(mistake({"--cloak-key", ""}), "--cloak-key: the name of the file is empty"));
  for (const std::string short_one : {"", "\n", "fifteen bytes..", "fifteen bytes..\r\n"}) {
    const auto file = folder.write("short", short_one);
    CHECK(mistake({"--cloak-key", file}) ==
          "--cloak-key: " + file +
              ": is shorter than 16 bytes: 'openssl rand -hex 32' makes a good one");
  }
  const auto large = folder.write("large", std::string(server::cloak_secret_bytes_max + 1, 'x'));
  CHECK(mistake({"--cloak-key", large}) == "--cloak-key: " + large + ": is longer than 4096 bytes");
}

TEST_CASE("a configuration file holds the same options for IRC") {
  const temporary_folder folder;
  const auto motd = folder.write("motd", "Hi\n");
  const auto chosen = good_file("server-name=irc.example\nnetwork=Net\nmotd=" + motd +
                                "\nirc-password=secret\nflood-loopback=true\n");
  CHECK(chosen.server_name == "irc.example");
  CHECK(chosen.network == "Net");
  CHECK(chosen.motd == "Hi\n");
  CHECK(chosen.password == "secret");
  CHECK(chosen.flood_on_loopback);
  CHECK_FALSE(good_file("flood-loopback=false\n").flood_on_loopback);
}

TEST_CASE("a configuration file may name several operators, with and without quotes") {
  const auto chosen = good_file("irc-oper=a:" + good_hash + "\nirc-oper=\"b:" + good_hash +
                                "\"\nirc-oper=c:" + good_hash + "\nnetwork=Net\n");
  CHECK(chosen.operators ==
        std::vector<operator_account>{{"a", good_hash}, {"b", good_hash}, {"c", good_hash}});
}
