#include "apps/bench/run.hpp"

#include "apps/bench/address.hpp"
#include "apps/bench/clock.hpp"
#include "apps/bench/crowd.hpp"
#include "apps/bench/opening.hpp"
#include "apps/bench/process.hpp"
#include "apps/bench/transport.hpp"

#include <algorithm>

namespace confab::bench {
namespace {

/// What joining leaves behind in the server (notices, buffers, a garbage collection) ends in this
/// time, before its memory is read.
constexpr double settle_seconds = 0.5;

MeasuredRound measure(Load& load, const Options& options, const std::optional<Process>& server) {
  MeasuredRound measured;
  if (server) {
    server->reset_memory_peak();
  }
  const auto server_cpu = server ? server->cpu() : 0;
  const auto cpu = own_cpu();
  measured.round = load.run(options.texts, options.seconds);
  measured.own_cpu = own_cpu() - cpu;
  if (server) {
    measured.server = ServerRound{server->cpu() - server_cpu, server->memory_peak()};
  }
  return measured;
}

void rest(Load& load, const Options& options, const Process& server, ServerRest& result) {
  load.rest(settle_seconds);
  result.memory_joined = server.memory();
  const auto cpu = server.cpu();
  load.rest(options.idle);
  result.idle_cpu = server.cpu() - cpu;
}

}  // namespace

bool Result::is_clean() const {
  return std::all_of(rounds.begin(), rounds.end(), [](const MeasuredRound& measured) {
    const auto& round = measured.round;
    return round.lost == 0 && round.out_of_order == 0 && round.strange == 0 &&
           round.deliveries == round.expected;
  });
}

Result run(const Options& options) {
  const auto protocol = make_protocol(options.protocol);
  const Crowd crowd(options);
  Result result;
  result.connections = crowd.size();
  raise_descriptor_limit(crowd.size());
  std::optional<Process> server;
  if (options.pid) {
    server.emplace(*options.pid);
    result.rest.emplace().memory_before = server->memory();
  }

  const auto start = now();
  Transport transport(resolve(options.host, options.port));
  Opening(transport, *protocol, crowd).run(options.batch, options.deadline);
  result.opening = now() - start;

  Load load(transport, *protocol, crowd, options);
  if (server) {
    rest(load, options, *server, *result.rest);
  }
  if (!options.has_load()) {
    return result;
  }
  if (options.warmup > 0) {
    load.run(0, options.warmup);
  }
  for (std::uint32_t i = 0; i < options.rounds; ++i) {
    result.rounds.push_back(measure(load, options, server));
  }
  return result;
}

}  // namespace confab::bench
