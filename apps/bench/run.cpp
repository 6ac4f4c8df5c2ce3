#include "apps/bench/run.hpp"

#include "apps/bench/bystander_pair.hpp"
#include "apps/bench/client_layers.hpp"
#include "apps/bench/clock.hpp"
#include "apps/bench/connection_set.hpp"
#include "apps/bench/crowd_roster.hpp"
#include "apps/bench/descriptor_limit.hpp"
#include "apps/bench/observed_process.hpp"
#include "apps/bench/opening.hpp"
#include "apps/bench/server_places.hpp"

#include <algorithm>

namespace confab::bench {
namespace {

/// What joining leaves behind in the server (notices, buffers, a garbage collection) ends in this
/// time, before its memory is read; and each of several servers knows of everybody by then.
constexpr double settle_seconds = 0.5;

measured_round measure(load_driver& load, const bench_options& options,
                       const std::optional<observed_processes>& server) {
  measured_round measured;
  if (server)
    server->reset_memory_peak();
  const auto server_cpu_ns = server ? server->cpu_ns() : 0;
  const auto cpu = own_cpu_ns();
  std::optional<bystander_pair> pair;
  if (options.pair)
    pair.emplace(options);
  measured.round = load.run(options.texts, options.sending_seconds);
  measured.own_cpu_ns = own_cpu_ns() - cpu;
  if (pair)
    measured.pair = pair->finish();
  if (server) {
    measured.server = server_usage{server->cpu_ns() - server_cpu_ns, server->memory_peak_bytes(),
                                   server->memory_bytes()};
  }
  return measured;
}

void rest(load_driver& load, const bench_options& options, const observed_processes& server,
          server_at_rest& result) {
  load.rest(settle_seconds);
  result.memory_joined_bytes = server.memory_bytes();
  const auto cpu = server.cpu_ns();
  load.rest(options.idle_seconds);
  result.idle_cpu_ns = server.cpu_ns() - cpu;
}

bool is_clean_round(const round_result& round) {
  return round.lost == 0 && round.out_of_order == 0 && round.strange == 0 &&
         round.deliveries == round.expected;
}

}  // namespace

bool run_result::is_clean() const {
  return std::all_of(rounds.begin(), rounds.end(), [](const measured_round& measured) {
    return is_clean_round(measured.round) && (!measured.pair || is_clean_round(*measured.pair));
  });
}

run_result run(const bench_options& options) {
  const auto protocol = make_protocol(options.protocol);
  const crowd_roster crowd(options);
  run_result result;
  result.connections = crowd.size();
  raise_descriptor_limit(crowd.size());
  std::optional<observed_processes> server;
  if (!options.pids.empty()) {
    server.emplace(options.pids);
    result.rest.emplace().memory_before_bytes = server->memory_bytes();
  }

  const auto start = now_ns();
  connection_set connections(resolve_all(options), layers_for(options, *protocol));
  opening(connections, *protocol, crowd).run(options);
  result.opening_ns = now_ns() - start;

  load_driver load(connections, *protocol, crowd, options);
  if (server)
    rest(load, options, *server, *result.rest);
  else if (!options.more_servers.empty())
    load.rest(settle_seconds);
  if (!options.has_load())
    return result;
  if (options.warmup_seconds > 0)
    load.run(0, options.warmup_seconds);
  for (std::uint32_t i = 0; i < options.rounds; ++i)
    result.rounds.push_back(measure(load, options, server));
  return result;
}

}  // namespace confab::bench
