#include "apps/bench/report.hpp"

#include "apps/bench/clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace confab::bench {
namespace {

using json_object = nlohmann::ordered_json;

constexpr double ns_per_microsecond = 1000;

/// Three decimals are enough for every unit that is used here.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

double microseconds(std::uint64_t nanoseconds) {
  return rounded(static_cast<double>(nanoseconds) / ns_per_microsecond);
}

double deliveries_per_second(const round_result& round) {
  const auto seconds = to_seconds(round.duration_ns);
  return seconds > 0 ? static_cast<double>(round.deliveries) / seconds : 0;
}

double microseconds_each(std::uint64_t nanoseconds, std::uint64_t count) {
  return count > 0 ? rounded(static_cast<double>(nanoseconds) / static_cast<double>(count) /
                             ns_per_microsecond)
                   : 0;
}

measured_round median_round(std::vector<measured_round> rounds) {
  const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::nth_element(rounds.begin(), middle, rounds.end(), [](const auto& left, const auto& right) {
    return deliveries_per_second(left.round) < deliveries_per_second(right.round);
  });
  return *middle;
}

template <class Member>
std::uint64_t sum(const run_result& result, Member member) {
  std::uint64_t total = 0;
  for (const auto& measured : result.rounds)
    total += measured.round.*member + (measured.pair ? *measured.pair.*member : 0);
  return total;
}

void add_histogram(json_object& json, const std::string& name,
                   const duration_histogram& histogram) {
  json[name + "_p50_us"] = microseconds(histogram.quantile(0.5));
  json[name + "_p99_us"] = microseconds(histogram.quantile(0.99));
  json[name + "_max_us"] = microseconds(histogram.max());
}

void add_options(json_object& json, const bench_options& options) {
  json["protocol"] = options.protocol;
  json["rooms"] = options.rooms;
  json["receivers"] = options.receivers;
  json["senders"] = options.senders;
  json["servers"] = 1 + options.more_servers.size();
  json["window"] = options.window;
  json["size_bytes"] = options.text_bytes;
}

void add_rest(json_object& json, const bench_options& options, const run_result& result) {
  if (!result.rest)
    return;
  const auto& rest = *result.rest;
  const auto grown =
      static_cast<double>(rest.memory_joined_bytes) - static_cast<double>(rest.memory_before_bytes);
  json["server_memory_before_bytes"] = rest.memory_before_bytes;
  json["server_memory_joined_bytes"] = rest.memory_joined_bytes;
  json["server_memory_per_connection_bytes"] =
      std::round(grown / static_cast<double>(result.connections));
  if (options.idle_seconds > 0) {
    json["idle_seconds"] = options.idle_seconds;
    json["server_idle_cpu_seconds"] = to_seconds(rest.idle_cpu_ns);
  }
}

void add_flood(json_object& json, const round_result& round) {
  json["flooded_bytes"] = round.flooded_bytes;
  json["flooder_was_cut"] = round.flooder_was_cut;
}

void add_pair(json_object& json, const round_result& pair) {
  json["pair_texts"] = pair.texts;
  add_histogram(json, "pair_delivery", pair.delivery);
  add_histogram(json, "pair_round_trip", pair.round_trip);
}

/// What the server's memory has grown by since everybody had joined is what the backlogs take.
void add_stalled(json_object& json, const run_result& result) {
  const auto& measured = result.rounds.back();
  const auto& stalled = measured.round.stalled;
  json["stalled_readers"] = stalled.readers;
  json["stalled_readers_cut"] = stalled.cut;
  json["stalled_backlog_bytes"] = stalled.backlog_bytes_each;
  if (measured.server && result.rest) {
    json["server_memory_stalled_bytes"] =
        static_cast<std::int64_t>(measured.server->memory_after_bytes) -
        static_cast<std::int64_t>(result.rest->memory_joined_bytes);
  }
}

void add_rounds(json_object& json, const run_result& result) {
  const auto measured = median_round(result.rounds);
  const auto& round = measured.round;
  json["rounds"] = result.rounds.size();
  json["texts"] = round.texts;
  json["deliveries"] = round.deliveries;
  json["seconds"] = rounded(to_seconds(round.duration_ns));
  json["deliveries_per_second"] = std::round(deliveries_per_second(round));
  add_histogram(json, "delivery", round.delivery);
  add_histogram(json, "round_trip", round.round_trip);
  json["lost"] = sum(result, &round_result::lost);
  json["out_of_order"] = sum(result, &round_result::out_of_order);
  json["strange"] = sum(result, &round_result::strange);
  if (measured.pair)
    add_pair(json, *measured.pair);
  json["bench_cpu_per_delivery_us"] = microseconds_each(measured.own_cpu_ns, round.deliveries);
  if (measured.server) {
    json["server_cpu_per_delivery_us"] =
        microseconds_each(measured.server->cpu_ns, round.deliveries);
    json["server_cpu_per_text_us"] = microseconds_each(measured.server->cpu_ns, round.texts);
    json["server_memory_peak_bytes"] = measured.server->memory_peak_bytes;
  }
}

json_object build(const bench_options& options, const run_result& result) {
  json_object json;
  add_options(json, options);
  json["connections"] = result.connections;
  json["opening_seconds"] = rounded(to_seconds(result.opening_ns));
  add_rest(json, options, result);
  if (!result.rounds.empty()) {
    add_rounds(json, result);
    if (options.flood)
      add_flood(json, result.rounds.back().round);
    if (options.stalled_bytes > 0)
      add_stalled(json, result);
  }
  return json;
}

}  // namespace

std::string to_json(const bench_options& options, const run_result& result) {
  return build(options, result).dump(2) + '\n';
}

std::string to_text(const bench_options& options, const run_result& result) {
  constexpr int key_width = 36;
  std::ostringstream text;
  const auto json = build(options, result);
  for (const auto& [key, value] : json.items()) {
    auto words = key;
    std::replace(words.begin(), words.end(), '_', ' ');
    text << std::left << std::setw(key_width) << words << ' ';
    if (value.is_string()) {
      text << value.get<std::string>();
    } else if (value.is_number_float()) {
      const auto number = value.get<double>();
      text << std::fixed << std::setprecision(number == std::round(number) ? 0 : 3) << number;
    } else {
      text << value.dump();
    }
    text << '\n';
  }
  return text.str();
}

}  // namespace confab::bench
