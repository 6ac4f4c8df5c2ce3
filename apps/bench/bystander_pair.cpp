#include "apps/bench/bystander_pair.hpp"

#include "apps/bench/client_layers.hpp"
#include "apps/bench/clock.hpp"
#include "apps/bench/crowd_roster.hpp"
#include "apps/bench/opening.hpp"
#include "apps/bench/protocol_adapter.hpp"
#include "apps/bench/server_places.hpp"

#include <sched.h>

namespace confab::bench {
namespace {

/// Texts that followed each other at once would come in bursts whenever the server has nothing else
/// to do, and their median would say nothing about the time when it has.
constexpr int pause_ms = 2;

constexpr auto name_prefix = "pair";

/// Lets this thread run before the load's whenever both could, where we may: its clock must not
/// wait for the load's turn on the processor.
void go_first() {
  sched_param own{};
  sched_getparam(0, &own);
  const sched_param first{own.sched_priority + 1};
  sched_setscheduler(0, SCHED_RR, &first);
}

bench_options options_of_pair(bench_options options) {
  options.rooms = options.receivers = options.senders = options.window = 1;
  options.stalled_bytes = 0;
  options.flood = false;
  options.pause_ms = pause_ms;
  options.shows_progress = false;
  return options;
}

round_result exchange(const bench_options& chosen) {
  go_first();
  const auto options = options_of_pair(chosen);
  const auto protocol = make_protocol(options.protocol);
  const crowd_roster crowd(options, name_prefix);
  connection_set connections(resolve_all(options), layers_for(options, *protocol));
  opening(connections, *protocol, crowd).run(options);
  load_driver load(connections, *protocol, crowd, options);
  auto round = load.run(0, options.sending_seconds);
  constexpr auto interval_ns = pause_ms * ns_per_millisecond;
  round.delivery = round.delivery.corrected(interval_ns);
  round.round_trip = round.round_trip.corrected(interval_ns);
  return round;
}

}  // namespace

bystander_pair::bystander_pair(const bench_options& options)
    : round_(std::async(std::launch::async, exchange, options)) {}

}  // namespace confab::bench
