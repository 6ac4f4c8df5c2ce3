#include "tests/simulation/plan.hpp"

#include <array>
#include <chrono>

namespace confab::simulation {

namespace {

gateway_limits make_limits(dice& random) {
  gateway_limits limits;
  limits.backlog_bytes_max =
      random.chance(30) ? random.between(500, 4000) : limits.backlog_bytes_max;
  limits.unread_replies_bytes_max = random.chance(30) ? random.between(1, 400) : 1'000'000;
  limits.name_bytes_max = random.chance(20) ? 12 : 64;
  limits.login_deadline = std::chrono::seconds{random.chance(50) ? 60 : 10};
  limits.idle_timeout = std::chrono::seconds{random.chance(10) ? 20 : 0};
  limits.input_bytes_per_second_max = random.chance(10) ? random.between(50, 2000) : 0;
  return limits;
}

quota_limits make_quota(dice& random) {
  return {.connections_max = random.chance(10) ? random.between(1, 4) : 1000,
          .connections_per_address_max = 1000,
          .backlog_bytes_max = backlog_plenty};
}

std::vector<std::string> make_rooms(dice& random) {
  const std::array names = {"lobby", "lobby", "cafe", "Z9", "aroomwithalongname"};
  std::vector<std::string> rooms;
  const auto count = random.chance(50) ? 1 : random.between(2, 3);
  for (std::size_t i = 0; i < count; ++i)
    rooms.emplace_back(random.one_of(names));
  return rooms;
}

}  // namespace

weights make_weights(dice& random) {
  const std::array actors = {3, 10, 30};
  const std::array others = {1, 3, 10};
  weights odds;
  odds.actor = static_cast<std::size_t>(random.one_of(actors));
  odds.network = static_cast<std::size_t>(random.one_of(others));
  odds.client = static_cast<std::size_t>(random.one_of(others));
  odds.clock = random.chance(50) ? 0 : 1;
  return odds;
}

schedule make_order(dice& random) {
  const std::array orders = {schedule::any,          schedule::any,
                             schedule::any,          schedule::oldest_first,
                             schedule::newest_first, schedule::some_starving};
  return random.one_of(orders);
}

void make_output_limits(dice& random, plan& design) {
  auto& flush = design.limits.flush;
  flush.small_audience_max = random.below(4);
  flush.large_readers_per_round_min = random.between(1, 4);
  flush.large_readers_per_round_max = flush.large_readers_per_round_min + random.below(4);
  if (random.chance(50))
    flush.handover_work_bytes_max = random.below(4000);
  if (random.chance(50))
    flush.reader_bytes_per_turn = random.between(100, 2000);
  if (random.chance(50))
    design.limits.work_bytes_per_batch = random.between(1, 6000);
  if (random.chance(50))
    design.block_bytes_max = 512;
}

plan make_plan(dice& random) {
  plan result;
  const auto languages = all_languages();
  const auto gateways = random.between(1, 3);
  for (std::size_t i = 0; i < gateways; ++i)
    result.gateways.push_back(random.one_of(languages));
  result.rooms = make_rooms(random);
  result.limits = make_limits(random);
  result.all = make_quota(random);
  result.all.gateways = gateways;
  result.room_rules.rooms_max = random.chance(15) ? random.between(1, 2) : 100;
  result.room_rules.kept_vacant_max = random.chance(30) ? random.below(2) : 100;
  result.clients_at_once_max = random.between(3, 10);
  result.clients_max = random.between(3, 20);
  result.steps = random.between(200, 1500);
  result.odds = make_weights(random);
  result.order = make_order(random);
  result.starving_tag = random.below(64);
  result.messages_max = random.chance(60) ? 1 : random.between(2, 10);
  result.read_bytes_max = random.chance(30) ? random.between(1, 30) : 16 * 1024;
  if (random.chance(15))
    result.all.backlog_bytes_max = random.between(500, 6000);
  if (random.chance(25))
    result.going_wrong.short_write_percent = random.between(10, 80);
  if (random.chance(15))
    result.going_wrong.failed_allocation_percent = random.between(1, 20);
  make_output_limits(random, result);
  result.end = random.chance(25) ? finale::server_shuts_down : finale::everyone_leaves;
  return result;
}

std::string describe(const plan& design) {
  std::string text = "gateways:";
  for (const auto& each : design.gateways)
    text += " [" + std::string{each->name()} + "]";
  text += "; rooms:";
  for (const auto& room : design.rooms)
    text += " " + room;
  const auto add = [&text](const char* what, auto number) {
    text += std::string{"; "} + what + " " + std::to_string(number);
  };
  add("connections at most", design.all.connections_max);
  add("backlog at most", design.limits.backlog_bytes_max);
  add("backlog of all at most", design.all.backlog_bytes_max);
  add("unread replies at most", design.limits.unread_replies_bytes_max);
  add("name at most", design.limits.name_bytes_max);
  add("input bytes a second at most", design.limits.input_bytes_per_second_max);
  add("login deadline", design.limits.login_deadline.count());
  add("idle time-out", design.limits.idle_timeout.count());
  add("rooms at most", design.room_rules.rooms_max);
  add("kept vacant at most", design.room_rules.kept_vacant_max);
  add("readers of a small audience at most", design.limits.flush.small_audience_max);
  add("readers of large ones a round at least", design.limits.flush.large_readers_per_round_min);
  add("and at most", design.limits.flush.large_readers_per_round_max);
  add("work to hand over at most", design.limits.flush.handover_work_bytes_max);
  add("work of a batch at most", design.limits.work_bytes_per_batch);
  add("block at most", design.block_bytes_max);
  add("short writes, percent", design.going_wrong.short_write_percent);
  add("failed allocations, percent", design.going_wrong.failed_allocation_percent);
  add("crowd", design.crowd.size());
  add("schedule", static_cast<int>(design.order));
  add("messages a turn", design.messages_max);
  add("bytes a read", design.read_bytes_max);
  add("shut down", design.end == finale::server_shuts_down ? 1 : 0);
  return text;
}

}  // namespace confab::simulation
