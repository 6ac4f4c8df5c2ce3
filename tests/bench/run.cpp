// bench: whole runs against a small tagged server in a child process, an honest one and others.

#include "apps/bench/run.hpp"

#include "apps/bench/failure.hpp"
#include "apps/bench/options.hpp"
#include "apps/bench/report.hpp"
#include "tests/bench/fake_server.hpp"
#include "tests/net/layers/tls_pair.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/certificates.hpp"

#include <csignal>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace confab::bench {
namespace {

/// The message of the failure that the run ends with.
std::string failure_of(const bench_options& options) {
  try {
    run(options);
  } catch (const failure& failure) {
    return failure.what();
  }
  return "no failure";
}

std::variant<bench_options, int> parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "bench");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

}  // namespace

TEST_CASE("a run over several rooms counts every delivery and what the server used") {
  const child_server server;
  auto options = server.options();
  options.rooms = 3;
  options.receivers = 4;
  options.senders = 2;
  options.rounds = 2;
  const auto result = run(options);
  CHECK(result.connections == 18);
  CHECK(result.is_clean());
  REQUIRE(result.rounds.size() == 2);
  for (const auto& measured : result.rounds) {
    CHECK(measured.round.texts == 600);
    CHECK(measured.round.deliveries == 2400);
    CHECK(measured.round.delivery.count() == 2400);
    CHECK(measured.round.round_trip.count() == 600);
    CHECK(measured.round.duration_ns > 0);
    REQUIRE(measured.server);
    CHECK(measured.server->cpu_ns > 0);
    CHECK(measured.server->memory_peak_bytes > 0);
  }
  REQUIRE(result.rest);
  CHECK(result.rest->memory_joined_bytes > 0);
}

TEST_CASE("several servers are used in turn, and what they used is added up") {
  const child_server one;
  const child_server other;
  auto options = one.options();
  options.more_servers = {"127.0.0.1:" + std::to_string(other.options().port)};
  options.pids.push_back(other.options().pids.front());
  // Those that do not know each other: room 0 is on the first one, room 1 on the second one.
  options.rooms = 2;
  const auto result = run(options);
  CHECK(result.is_clean());
  CHECK(result.rounds.at(0).round.deliveries == 200);
  REQUIRE(result.rounds.at(0).server);
  CHECK(result.rounds.at(0).server->cpu_ns > 0);
}

TEST_CASE("senders and receivers can use servers of their own") {
  const child_server one;
  const child_server other;
  auto options = one.options();
  options.more_servers = {"127.0.0.1:" + std::to_string(other.options().port)};
  options.apart = true;
  // Those do not know each other: what is said on the one is never heard on the other.
  const auto result = run(options);
  CHECK(result.rounds.at(0).round.deliveries == 0);
  CHECK(result.rounds.at(0).round.lost == 100);
}

TEST_CASE("a run can last a time instead of a number of texts") {
  const child_server server;
  auto options = server.options();
  options.texts = 0;
  options.sending_seconds = 0.05;
  const auto result = run(options);
  CHECK(result.is_clean());
  CHECK(result.rounds.at(0).round.texts > 0);
}

TEST_CASE("a run through TLS counts the same as a plain one") {
  const child_server server(misbehaviour::none, test::server_with(test::make_identity({})));
  auto options = server.options();
  options.tls = true;
  options.receivers = 4;
  options.senders = 2;
  options.rounds = 2;
  const auto result = run(options);
  CHECK(result.is_clean());
  for (const auto& measured : result.rounds)
    CHECK(measured.round.deliveries == 800);
  CHECK(to_json(options, result).find("tls") == std::string::npos);
}

TEST_CASE("a server without TLS is not mistaken for one that has it") {
  const child_server server;
  auto options = server.options();
  options.tls = true;
  options.deadline_seconds = 0.5;
  CHECK(failure_of(options) != "no failure");
}

TEST_CASE("a client that floods and never reads does not stop a pair from being measured") {
  const child_server server(misbehaviour::none);
  auto options = server.options();
  options.texts = 20;
  options.sending_seconds = 5;
  options.flood = true;
  const auto result = run(options);
  CHECK(result.connections == 3);
  CHECK(result.rounds.at(0).round.flooded_bytes > 0);
}

TEST_CASE("a pair in a room of its own is measured beside the load and not mixed with it") {
  const child_server server;
  auto options = server.options();
  options.texts = 0;
  options.sending_seconds = 0.1;
  options.receivers = 3;
  options.pair = true;
  const auto result = run(options);
  CHECK(result.is_clean());
  const auto& measured = result.rounds.at(0);
  REQUIRE(measured.pair);
  CHECK(measured.pair->texts > 0);
  CHECK(measured.pair->deliveries == measured.pair->texts);
  CHECK(measured.round.deliveries == 3 * measured.round.texts);
  CHECK(to_json(options, result).find("\"pair_delivery_p50_us\": ") != std::string::npos);
}

TEST_CASE("receivers that skim are neither counted nor missed") {
  const child_server server;
  auto options = server.options();
  options.receivers = 4;
  options.skim = true;
  options.rounds = 2;
  for (const std::uint32_t every_ms : {0U, 5U}) {
    options.skim_every_ms = every_ms;
    const auto result = run(options);
    CHECK(result.is_clean());
    CHECK(result.rounds.at(1).round.deliveries == 100);
  }
}

TEST_CASE("a pair that loses texts makes the run unclean") {
  run_result result;
  result.rounds.emplace_back().pair.emplace().lost = 1;
  CHECK_FALSE(result.is_clean());
}

TEST_CASE("what stalled readers are owed comes from a reader that reads and from the kernel") {
  const child_server server;
  auto options = server.options();
  options.texts = 0;
  options.receivers = 4;
  options.stalled_bytes = 64 * 1024;
  const auto result = run(options);
  CHECK(result.is_clean());
  const auto& round = result.rounds.at(0).round;
  CHECK(round.deliveries == round.texts);
  CHECK(round.stalled.readers == 3);
  CHECK(round.stalled.cut == 0);
  CHECK(round.stalled.backlog_bytes_each >= options.stalled_bytes);
  CHECK(to_json(options, result).find("\"server_memory_stalled_bytes\": ") != std::string::npos);
}

TEST_CASE("texts that a server loses or swaps are seen") {
  SECTION("lost") {
    const child_server server(misbehaviour::loses_texts);
    const auto result = run(server.options());
    CHECK(result.rounds.at(0).round.lost == 10);
    CHECK_FALSE(result.is_clean());
  }
  SECTION("swapped") {
    const child_server server(misbehaviour::swaps_texts);
    const auto result = run(server.options());
    CHECK(result.rounds.at(0).round.out_of_order == 10);
    CHECK_FALSE(result.is_clean());
  }
}

TEST_CASE("a server that does not play along ends the run with the reason") {
  SECTION("no answer") {
    const child_server server(misbehaviour::never_answers);
    auto options = server.options();
    options.deadline_seconds = 0.2;
    CHECK(failure_of(options) == "nothing from the server for 0.2 s: 4 texts are not answered");
  }
  SECTION("a refusal") {
    const child_server server(misbehaviour::refuses);
    CHECK(failure_of(server.options()) == "the server refused r0: err:go away");
  }
  SECTION("no process") {
    const child_server server;
    auto options = server.options();
    options.pids = {0x7fffffff};
    CHECK(failure_of(options) == "--pid 2147483647: no such process");
  }
}

TEST_CASE("the result is one JSON object or lines of text") {
  const child_server server;
  const auto options = server.options();
  const auto result = run(options);
  const auto json = to_json(options, result);
  CHECK(json.starts_with("{\n"));
  CHECK(json.ends_with("}\n"));
  CHECK(json.find("\"deliveries\": 100,") != std::string::npos);
  CHECK(json.find("\"server_cpu_per_delivery_us\": ") != std::string::npos);
  CHECK(to_text(options, result).find("deliveries per second") != std::string::npos);
}

TEST_CASE("the command line is read and mistakes are refused") {
  const auto good = parse({"--protocol", "redis", "--port", "6379", "--window", "64", "--json"});
  REQUIRE(std::holds_alternative<bench_options>(good));
  CHECK(std::get<bench_options>(good).window == 64);
  CHECK(std::get<bench_options>(good).json);

  const std::vector<std::vector<const char*>> mistakes = {
      {},
      {"--protocol", "smtp", "--port", "1"},
      {"--protocol", "redis"},
      {"--protocol", "redis", "--port", "0"},
      {"--protocol", "redis", "--port", "x"},
      {"--protocol", "redis", "--port", "1", "--size", "17"},
      {"--protocol", "tagged", "--port", "1", "--size", "247"},
      {"--protocol", "oneroom", "--port", "1", "--rooms", "2"},
      {"--protocol", "redis", "--port", "1", "--idle", "1"},
      {"--protocol", "redis", "--port", "1", "--flood-never-read"},
      {"--protocol", "redis", "--port", "1", "--window", "0"},
      {"--protocol", "oneroom", "--port", "1", "--skim"},
      {"--protocol", "redis", "--port", "1", "--skim-every", "50"},
      {"--protocol", "redis", "--port", "1", "--pair"},
      {"--protocol", "redis", "--port", "1", "--apart"},
      {"--protocol", "redis", "--port", "1", "--server", "localhost"},
      {"--protocol", "redis", "--port", "1", "--server", ":2"},
      {"--protocol", "redis", "--port", "1", "--server", "localhost:70000"},
      {"--protocol", "redis", "--port", "1", "--websocket"},
      {"--protocol", "irc", "--port", "1", "--ca", "file"},
      {"--protocol", "oneroom", "--port", "1", "--pair", "--seconds", "1"},
      {"--protocol", "redis", "--port", "1", "--stalled", "1MiB"},
      {"--protocol", "redis", "--port", "1", "--stalled", "x", "--texts", "0"},
      {"--protocol", "redis", "--port", "1", "--stalled", "1MiB", "--texts", "0"},
  };
  for (const auto& mistake : mistakes) {
    const auto parsed = parse(mistake);
    REQUIRE(std::holds_alternative<int>(parsed));
    CHECK(std::get<int>(parsed) == 1);
  }
}

}  // namespace confab::bench
