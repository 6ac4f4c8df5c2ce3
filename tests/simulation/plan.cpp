#include "tests/simulation/plan.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <numeric>

namespace confab::simulation {

namespace {

gateway_limits make_limits(dice& random) {
  gateway_limits limits;
  limits.backlog_bytes_max =
      random.chance(30) ? random.between(500, 4000) : limits.backlog_bytes_max;
  limits.unread_replies_bytes_max = random.chance(30) ? random.between(1, 400) : 1'000'000;
  limits.name_bytes_max = random.chance(20) ? 12 : 64;
  limits.rooms_per_client_max = random.chance(25) ? random.between(1, 2) : 100;
  limits.login_deadline = std::chrono::seconds{random.chance(50) ? 60 : 10};
  limits.idle_timeout = std::chrono::seconds{random.chance(10) ? 20 : 0};
  limits.input_lines = random.chance(85)
                           ? input_allowance{lines_plenty, lines_plenty}
                           : input_allowance{random.between(4, 100), random.between(1, 20)};
  limits.input_bytes_per_second_max = random.chance(10) ? random.between(50, 2000) : 0;
  return limits;
}

quota_limits make_quota(dice& random) {
  return {.connections_max = random.chance(10) ? random.between(1, 4) : 1000,
          .connections_per_address_max = 1000,
          .backlog_bytes_max = backlog_plenty};
}

/// What rooms and the directory remember: often so little that the bound is met.
void make_memory_limits(dice& random, plan& design) {
  auto& room = design.room_rules.rules;
  room.list_entries_max = random.chance(60) ? random.between(1, 3) : 100;
  auto& directory = design.remembered;
  directory.whowas_entries_max = random.chance(60) ? random.between(1, 4) : 1000;
  directory.watched_nicks_each_max = random.chance(60) ? random.between(1, 3) : 100;
  directory.invitations_each_max = random.chance(70) ? 1 : 100;
}

std::vector<std::string> make_rooms(dice& random) {
  const std::array names = {"lobby", "lobby", "cafe", "Z9", "aroomwithalongname"};
  std::vector<std::string> rooms;
  const auto count = random.chance(50) ? 1 : random.between(2, 3);
  for (std::size_t i = 0; i < count; ++i)
    rooms.emplace_back(random.one_of(names));
  return rooms;
}

/// Many in the room where operators rule.
void make_rule_often(dice& random, plan& design) {
  const std::array languages = {make_irc(), make_tagged_2022(), make_tagged_2023(), make_framed(),
                                make_ruled_oneroom()};
  design.gateways = {make_irc()};
  const auto others = random.chance(15) ? 0 : random.between(1, 2);
  for (std::size_t i = 0; i < others; ++i)
    design.gateways.push_back(random.one_of(languages));
  design.all.gateways = design.gateways.size();
  design.rooms = {ruled_room};
  if (random.chance(60))
    design.rooms.emplace_back("lobby");
  // Until a rule concerns somebody, a few have to come, and one of them to rule: so there is not
  // much else in their way.
  design.limits.input_lines = {lines_plenty, lines_plenty};
  design.limits.input_bytes_per_second_max = 0;
  design.limits.idle_timeout = {};
  design.limits.name_bytes_max = 64;
  design.all.connections_max = 1000;
  design.room_rules.rooms_max = 100;
  if (random.chance(70))
    design.all.backlog_bytes_max = backlog_plenty;
  design.odds = {.actor = 10, .network = 4, .client = 3, .clock = random.below(2)};
  design.clients_at_once_max = random.between(5, 10);
  design.clients_max = random.between(8, 20);
  design.steps = random.between(600, 2500);
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
  make_memory_limits(random, result);
  if (random.chance(40))
    make_rule_often(random, result);
  result.end = random.chance(25) ? finale::server_shuts_down : finale::everyone_leaves;
  return result;
}

void make_archive(dice random, plan& design) {
  if (!random.chance(40))
    return;
  archive_plan kept;
  if (random.chance(60))
    kept.faults = {.calm_calls_max = random.between(1, 20),
                   .spell_calls_max = random.between(1, 8)};
  if (random.chance(10))
    kept.faults.failed_reads_percent = 50;
  kept.faults.seed = random.below(1'000'000);
  kept.replay_texts = random.chance(60) ? random.between(1, 5) : 0;
  design.archive = kept;
  if (random.chance(50))
    design.limits.unconfirmed_batches_max = random.between(1, 3);
}

void make_loops(dice random, plan& design) {
  design.loops = random.between(2, 3);
  std::vector<language_ptr> gateways;
  for (const auto& listener : design.gateways)
    gateways.insert(gateways.end(), design.loops, listener);
  design.gateways = std::move(gateways);
  design.all.gateways = design.gateways.size();
}

void make_nodes(dice random, plan& design) {
  nodes_plan nodes;
  nodes.count = random.between(2, 3);
  const bool is_ruled = design.rooms.front() == ruled_room;
  const std::array others = {make_irc(), make_tagged_2022(), make_tagged_2023(), make_framed(),
                             is_ruled ? make_ruled_oneroom() : make_oneroom()};
  design.gateways.clear();
  for (std::size_t node = 0; node < nodes.count; ++node) {
    design.gateways.push_back(make_irc());
    nodes.node_of_gateway.push_back(node);
    if (random.chance(60)) {
      design.gateways.push_back(random.one_of(others));
      nodes.node_of_gateway.push_back(node);
    }
  }
  nodes.carry_weight = random.between(2, 12);
  nodes.meddle_weight = random.chance(30) ? 0 : random.between(1, 2);
  nodes.joined_at_start = random.chance(80);
  nodes.redials = random.chance(50);
  nodes.news_each_max = random.chance(50) ? random.between(1, 4) : 1024;
  if (random.chance(40))
    nodes.credit_bytes = random.between(3, 8) * 1024;
  design.nodes = nodes;
  const auto output = design.limits;
  design.limits = {};
  design.limits.flush = output.flush;
  design.limits.work_bytes_per_batch = output.work_bytes_per_batch;
  design.limits.input_lines = {lines_plenty, lines_plenty};
  design.limits.rooms_per_client_max = 100;
  design.all = {.connections_max = 1000,
                .connections_per_address_max = 1000,
                .backlog_bytes_max = backlog_plenty};
  design.all.gateways = design.gateways.size();
  design.room_rules = {.rooms_max = 100, .kept_vacant_max = 100};
  design.remembered = {};
  design.going_wrong.failed_allocation_percent = 0;
  design.clients_at_once_max = random.between(4, 10);
  design.clients_max = random.between(5, 16);
  design.steps = random.between(400, 2000);
  design.odds.client = std::max<std::size_t>(design.odds.client, 2);
  design.odds.clock = random.below(2);
  design.end = finale::everyone_leaves;
}

void make_archives_of_nodes(dice random, plan& design) {
  if (!random.chance(50))
    return;
  auto& nodes = *design.nodes;
  const std::array step_ms = {1, 1, 1, 500, 20'000};
  nodes.step_ms = random.one_of(step_ms);
  nodes.take_back_weight = random.chance(50) ? 1 : 0;
  for (std::size_t node = 0; node < nodes.count; ++node) {
    auto& kept = nodes.archives.emplace_back(node_archive_plan{});
    if (random.chance(40))
      kept->faults = {.calm_calls_max = random.between(1, 20),
                      .spell_calls_max = random.between(1, 8)};
    if (random.chance(10))
      kept->faults.failed_reads_percent = 30;
    kept->faults.seed = random.below(1'000'000);
    if (random.chance(50))
      kept->pieces = {.ranges_max = random.between(1, 4), .rows_max = random.between(1, 6)};
    kept->stays_full = random.chance(5);
    if (random.chance(7))
      kept.reset();
  }
  if (random.chance(50))
    design.limits.unconfirmed_batches_max = random.between(1, 3);
  design.odds.clock = std::max<std::size_t>(design.odds.clock, 1);
}

void make_restarts_of_nodes(dice random, plan& design) {
  if (!random.chance(35))
    return;
  design.nodes->restart_one_in = random.between(60, 400);
  design.nodes->kill_percent = random.chance(50) ? 60 : 20;
  design.clients_max += 10;  // Many of them are gone with their nodes.
}

std::string describe_archives(const nodes_plan& nodes) {
  std::string text = "; a step takes " + std::to_string(nodes.step_ms) + " ms; texts taken back " +
                     std::to_string(nodes.take_back_weight) + "; archives:";
  for (const auto& each : nodes.archives)
    text += each ? " [calm " + std::to_string(each->faults.calm_calls_max) + ", fails " +
                       std::to_string(each->faults.spell_calls_max) + ", failed reads " +
                       std::to_string(each->faults.failed_reads_percent) + ", pieces of " +
                       std::to_string(each->pieces.rows_max) +
                       (each->stays_full ? ", full in the end]" : "]")
                 : " none";
  return text;
}

std::string describe(const nodes_plan& nodes) {
  return "; nodes: " + std::to_string(nodes.count) + " (gateways in" +
         std::accumulate(nodes.node_of_gateway.begin(), nodes.node_of_gateway.end(), std::string{},
                         [](const std::string& before, std::size_t node) {
                           return before + " " + std::to_string(node);
                         }) +
         "), carries " + std::to_string(nodes.carry_weight) + ", meddles " +
         std::to_string(nodes.meddle_weight) + ", joined at the start " +
         std::to_string(nodes.joined_at_start) + ", redials " + std::to_string(nodes.redials) +
         ", credit " + std::to_string(nodes.credit_bytes) + ", news at once " +
         std::to_string(nodes.news_each_max) + ", one step for a restart in " +
         std::to_string(nodes.restart_one_in) + ", kills " + std::to_string(nodes.kill_percent) +
         describe_archives(nodes);
}

std::string describe(const plan& design) {
  std::string text = "loops: " + std::to_string(design.loops) + "; gateways:";
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
  add("input lines a second at most", design.limits.input_lines.per_second);
  add("login deadline", design.limits.login_deadline.count());
  add("idle time-out", design.limits.idle_timeout.count());
  add("rooms at most", design.room_rules.rooms_max);
  add("kept vacant at most", design.room_rules.kept_vacant_max);
  add("rooms of a client at most", design.limits.rooms_per_client_max);
  add("entries of a list at most", design.room_rules.rules.list_entries_max);
  add("WHOWAS at most", design.remembered.whowas_entries_max);
  add("watched nicks at most", design.remembered.watched_nicks_each_max);
  add("told invitations at most", design.remembered.invitations_each_max);
  add("readers of a small audience at most", design.limits.flush.small_audience_max);
  add("readers of large ones a round at least", design.limits.flush.large_readers_per_round_min);
  add("and at most", design.limits.flush.large_readers_per_round_max);
  add("work to hand over at most", design.limits.flush.handover_work_bytes_max);
  add("work of a batch at most", design.limits.work_bytes_per_batch);
  add("block at most", design.block_bytes_max);
  add("short writes, percent", design.going_wrong.short_write_percent);
  add("failed allocations, percent", design.going_wrong.failed_allocation_percent);
  add("crowd", design.crowd.size());
  if (design.archive) {
    add("unconfirmed batches at most", design.limits.unconfirmed_batches_max);
    add("replayed texts", design.archive->replay_texts);
    add("calls of a calm storage at most", design.archive->faults.calm_calls_max);
    add("of one that fails", design.archive->faults.spell_calls_max);
    add("failed reads, percent", design.archive->faults.failed_reads_percent);
  }
  add("schedule", static_cast<int>(design.order));
  add("messages a turn", design.messages_max);
  add("bytes a read", design.read_bytes_max);
  add("shut down", design.end == finale::server_shuts_down ? 1 : 0);
  if (design.nodes)
    text += describe(*design.nodes);
  return text;
}

}  // namespace confab::simulation
