// The options --tls and --ca: docs/tls.md.

#include "apps/clients/common/tls_options.hpp"

#include "tests/clients/common/tls_helpers.hpp"
#include "tests/support/temporary_folder.hpp"

#include <optional>

using namespace confab::test;
using confab::client::program_description;
using confab::client::take_tls_options;

namespace {

using words = std::vector<std::string>;

constexpr program_description two_arguments{
    .name = "program", .usage = "", .help = "", .arguments = 2, .takes_tls = true};

/// What take_tls_options() makes of a call.
struct taken {
  words arguments;
  bool is_tls = false;
  std::string file = {};

  bool operator==(const taken&) const = default;
};

std::optional<taken> take(words call, const program_description& program = two_arguments) {
  std::vector<char*> pointers;
  for (auto& each : call)
    pointers.push_back(each.data());
  const auto found = take_tls_options(program, pointers);
  if (!found)
    return std::nullopt;
  return taken{words(found->arguments.begin(), found->arguments.end()), found->tls.is_wanted,
               found->tls.trusted_file};
}

std::string any_program() {
  return GENERATE("sender", "receiver", "client", "oneroom_client");
}

}  // namespace

TEST_CASE("the options of TLS stand in front of the other arguments or behind them") {
  CHECK(take({"a", "b"}) == taken{{"a", "b"}});
  CHECK(take({"--tls", "a", "b"}) == taken{{"a", "b"}, true});
  CHECK(take({"a", "b", "--tls"}) == taken{{"a", "b"}, true});
  CHECK(take({"--tls", "--ca", "f", "a", "b"}) == taken{{"a", "b"}, true, "f"});
  CHECK(take({"a", "b", "--ca", "f", "--tls"}) == taken{{"a", "b"}, true, "f"});
  CHECK(take({"--ca", "f", "a", "b", "--tls"}) == taken{{"a", "b"}, true, "f"});
  CHECK(take({"--tls", "--ca", "--tls", "a", "b"}) == taken{{"a", "b"}, true, "--tls"});
}

TEST_CASE("a call that is right without options means what it meant before there were any") {
  CHECK(take({"a", "--tls"}) == taken{{"a", "--tls"}});
  CHECK(take({"--tl", "b"}) == taken{{"--tl", "b"}});
}

TEST_CASE("what is too much is left where it is, for the usage to be told") {
  CHECK(take({"a", "b", "c"}) == taken{{"a", "b", "c"}});
  CHECK(take({"a", "b", "--tls", "c"})->arguments == words{"a", "b", "--tls", "c"});
  CHECK(take({"--tls", "a"}) == taken{{"a"}, true});
}

TEST_CASE("a program that cannot speak TLS has no such options") {
  auto program = two_arguments;
  program.takes_tls = false;
  CHECK(take({"--tls", "a", "b"}, program) == taken{{"--tls", "a", "b"}});
  process basic("basic_client", {"--tls", "localhost", "4000"});
  CHECK(basic.wait() == 1);
  CHECK(basic.errors() == "Usage: ./basic_client [server_address] [port]\n");
}

TEST_CASE("option --ca without --tls: one clear line on stderr, exit 1") {
  const auto name = any_program();
  process program(name, joined({"--ca", "ca.crt"}, arguments_of(name, "localhost", "4000")));
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == "--ca is of no use without --tls: add --tls, or leave --ca out\n");
}

TEST_CASE(
    "option --ca without a file does not trust the system's roots instead: one line, exit 1") {
  const auto name = any_program();
  const words options = GENERATE(words{"--tls", "--ca"}, words{"--tls", "--ca", ""});
  process program(name, joined(arguments_of(name, "localhost", "4000"), options));
  CHECK(program.wait() == 1);
  CHECK(program.output().empty());
  CHECK(program.errors() == "--ca needs a file with the certificates to trust: --ca FILE\n");
}

TEST_CASE("a file for --ca that cannot be used: one clear line on stderr, exit 1") {
  const temporary_folder folder;
  folder.write("words", "no certificate\n");
  const std::string file = folder.file(GENERATE("words", "missing"));
  process program("receiver", {"--tls", "--ca", file, "localhost", "4000", "al", "cafe"});
  CHECK(program.wait() == 1);
  CAPTURE(program.errors());
  CHECK(is_one_line(program.errors()));
  CHECK(program.errors().starts_with("receiver: "));
  CHECK(program.errors().find(file) != std::string::npos);
}

TEST_CASE("option --help tells of the options of TLS") {
  process program(any_program(), {"--help"});
  CHECK(program.wait() == 0);
  CHECK(program.output().find("\n  --tls      ") != std::string::npos);
  CHECK(program.output().find("\n  --ca FILE  ") != std::string::npos);
}
