#include "tests/faults/cluster/scenarios.hpp"

#include <stdexcept>

namespace confab::faults {

namespace {

constexpr dialect all_dialects[] = {dialect::tagged_sender, dialect::tagged_receiver,
                                    dialect::oneroom, dialect::framed, dialect::irc};

/// Clients of all dialects on each node.
std::vector<seat> some_of_all() {
  std::vector<seat> result;
  for (std::size_t node = 0; node < nodes; ++node)
    for (const auto each : all_dialects)
      result.push_back({node, each});
  return result;
}

/// A rule that knows of no bounds.
std::function<finding(const run_log&, const bounds&)> boundless(finding (*rule)(const run_log&)) {
  return [rule](const run_log& log, const bounds&) { return rule(log); };
}

/// What must hold whatever happens.
std::vector<named_rule> rules_of_all() {
  return {{"nothing is strange", boundless(nothing_is_strange)},
          {"every text once", boundless(every_text_once)},
          {"each author in order", boundless(each_author_in_order)},
          {"acknowledged texts arrive", acknowledged_texts_arrive},
          {"undisturbed texts arrive", undisturbed_texts_arrive},
          {"links come back", links_come_back},
          {"answers come soon", answers_come_soon},
          {"acknowledged texts are kept", boundless(acknowledged_texts_are_kept)},
          {"nothing is kept twice", boundless(nothing_is_kept_twice)}};
}

scenario random_faults(const run_settings& settings, span begin) {
  const auto duration =
      settings.duration > span{0} ? settings.duration : span{settings.is_long ? 600'000 : 30'000};
  const std::size_t count = settings.faults > 0 ? settings.faults : settings.is_long ? 200 : 10;
  scenario result{draw_faults(settings.seed, count, begin, duration), some_of_all(), 64,
                  rules_of_all()};
  return result;
}

/// The same fault to one node after the other.
std::vector<planned_fault> in_turn(fault_kind kind, std::size_t rounds, span begin, span lasting,
                                   span each) {
  std::vector<planned_fault> result;
  for (std::size_t i = 0; i < rounds * nodes; ++i)
    result.push_back(
        {kind, i % nodes, i % nodes, begin + each * static_cast<span::rep>(i), lasting});
  return result;
}

scenario killed_nodes(const run_settings& settings, span begin) {
  scenario result{
      in_turn(fault_kind::kill, settings.is_long ? 10 : 1, begin, span{3'000}, span{9'000}),
      some_of_all(), 64, rules_of_all()};
  result.rules.emplace_back("departures are seen", departures_are_seen);
  return result;
}

scenario rolling_restart(const run_settings& settings, span begin) {
  auto seats = some_of_all();
  for (auto& each : seats)
    each.pause = span{20};
  return {in_turn(fault_kind::restart, settings.is_long ? 10 : 1, begin, span{0}, span{7'000}),
          seats, 64, rules_of_all()};
}

scenario restart_with_onlookers(const run_settings& settings, span begin) {
  auto result = rolling_restart(settings, begin);
  result.plan =
      in_turn(fault_kind::restart, settings.is_long ? 10 : 1, begin, span{0}, span{9'000});
  result.has_onlookers = true;
  result.server_options = {"--replay", "100"};
  for (auto& each : result.seats)
    each.pause = span{200};
  result.rules.emplace_back("onlookers read on", boundless(onlookers_read_on));
  return result;
}

/// Two senders on each node say as much as they can.
scenario stopped_node(const run_settings& settings, span begin) {
  auto seats = some_of_all();
  for (std::size_t node = 0; node < nodes; ++node)
    for (int i = 0; i < 2; ++i)
      seats.push_back({node, dialect::tagged_sender, span{0}, 32});
  const auto lasting =
      settings.duration > span{0} ? settings.duration : span{settings.is_long ? 60'000 : 6'000};
  const planned_fault stop{fault_kind::stop, nodes - 1, nodes - 1, begin + span{3'000}, lasting};
  scenario result{{stop}, seats, 180, rules_of_all()};
  result.talks_on = false;  // What is said is written down by this test, too, and takes memory.
  result.rules.emplace_back("memory is bounded", memory_is_bounded);
  return result;
}

}  // namespace

std::vector<std::string> scenario_names() {
  return {"random", "killed", "stopped", "rolling", "irssi"};
}

scenario make_scenario(const run_settings& settings, span begin) {
  if (settings.scenario == "random")
    return random_faults(settings, begin);
  if (settings.scenario == "killed")
    return killed_nodes(settings, begin);
  if (settings.scenario == "stopped")
    return stopped_node(settings, begin);
  if (settings.scenario == "rolling")
    return rolling_restart(settings, begin);
  if (settings.scenario == "irssi")
    return restart_with_onlookers(settings, begin);
  throw std::runtime_error("no scenario is called " + settings.scenario);
}

}  // namespace confab::faults
