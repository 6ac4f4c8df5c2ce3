#include "apps/bench/report.hpp"

#include "apps/bench/clock.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iomanip>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

namespace confab::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr double nanoseconds_per_microsecond = 1000;

/// Three decimals are enough for every unit that is used here.
double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

double microseconds(std::uint64_t nanoseconds) {
  return rounded(static_cast<double>(nanoseconds) / nanoseconds_per_microsecond);
}

double deliveries_per_second(const Round& round) {
  const auto seconds = to_seconds(round.duration);
  return seconds > 0 ? static_cast<double>(round.deliveries) / seconds : 0;
}

double microseconds_each(std::uint64_t nanoseconds, std::uint64_t count) {
  return count > 0 ? rounded(static_cast<double>(nanoseconds) / static_cast<double>(count) /
                             nanoseconds_per_microsecond)
                   : 0;
}

MeasuredRound median_round(std::vector<MeasuredRound> rounds) {
  const auto middle = rounds.begin() + static_cast<std::ptrdiff_t>(rounds.size() / 2);
  std::nth_element(rounds.begin(), middle, rounds.end(), [](const auto& left, const auto& right) {
    return deliveries_per_second(left.round) < deliveries_per_second(right.round);
  });
  return *middle;
}

template <class Member>
std::uint64_t sum(const Result& result, Member member) {
  std::uint64_t total = 0;
  for (const auto& measured : result.rounds) {
    total += measured.round.*member;
  }
  return total;
}

void add_histogram(Json& json, const std::string& name, const Histogram& histogram) {
  json[name + "_p50_us"] = microseconds(histogram.quantile(0.5));
  json[name + "_p99_us"] = microseconds(histogram.quantile(0.99));
  json[name + "_max_us"] = microseconds(histogram.max());
}

void add_options(Json& json, const Options& options) {
  json["protocol"] = options.protocol;
  json["rooms"] = options.rooms;
  json["receivers"] = options.receivers;
  json["senders"] = options.senders;
  json["window"] = options.window;
  json["size_bytes"] = options.size;
}

void add_rest(Json& json, const Options& options, const Result& result) {
  if (!result.rest) {
    return;
  }
  const auto& rest = *result.rest;
  const auto grown =
      static_cast<double>(rest.memory_joined) - static_cast<double>(rest.memory_before);
  json["server_memory_before_bytes"] = rest.memory_before;
  json["server_memory_joined_bytes"] = rest.memory_joined;
  json["server_memory_per_connection_bytes"] =
      std::round(grown / static_cast<double>(result.connections));
  if (options.idle > 0) {
    json["idle_seconds"] = options.idle;
    json["server_idle_cpu_seconds"] = to_seconds(rest.idle_cpu);
  }
}

void add_flood(Json& json, const Round& round) {
  json["flooded_bytes"] = round.flooded_bytes;
  json["flooder_was_cut"] = round.flooder_was_cut;
}

void add_rounds(Json& json, const Result& result) {
  const auto measured = median_round(result.rounds);
  const auto& round = measured.round;
  json["rounds"] = result.rounds.size();
  json["texts"] = round.texts;
  json["deliveries"] = round.deliveries;
  json["seconds"] = rounded(to_seconds(round.duration));
  json["deliveries_per_second"] = std::round(deliveries_per_second(round));
  add_histogram(json, "delivery", round.delivery);
  add_histogram(json, "round_trip", round.round_trip);
  json["lost"] = sum(result, &Round::lost);
  json["out_of_order"] = sum(result, &Round::out_of_order);
  json["strange"] = sum(result, &Round::strange);
  json["bench_cpu_per_delivery_us"] = microseconds_each(measured.own_cpu, round.deliveries);
  if (measured.server) {
    json["server_cpu_per_delivery_us"] = microseconds_each(measured.server->cpu, round.deliveries);
    json["server_memory_peak_bytes"] = measured.server->memory_peak;
  }
}

Json build(const Options& options, const Result& result) {
  Json json;
  add_options(json, options);
  json["connections"] = result.connections;
  json["opening_seconds"] = rounded(to_seconds(result.opening));
  add_rest(json, options, result);
  if (!result.rounds.empty()) {
    add_rounds(json, result);
    if (options.flood) {
      add_flood(json, result.rounds.back().round);
    }
  }
  return json;
}

}  // namespace

std::string to_json(const Options& options, const Result& result) {
  return build(options, result).dump(2) + '\n';
}

std::string to_text(const Options& options, const Result& result) {
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
