// simulate: runs seeds of the simulation and says which of them show a bug.

#include "tests/simulation/run.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

namespace {

using namespace confab::simulation;

struct options {
  std::uint64_t from = 1;
  std::uint64_t to = 300;
  kind runs = kind::ordinary;
  const plant* bug = nullptr;
  std::size_t findings_max = 1;
  bool verbose = false;
  bool twice = false;
};

struct totals {
  std::size_t failed = 0;
  std::size_t steps = 0;
  std::size_t texts = 0;
  std::size_t deliveries = 0;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

bool parse_range(std::string_view text, options& chosen) {
  const auto dots = text.find("..");
  const auto from = number(text.substr(0, dots));
  const auto to = dots == std::string_view::npos ? from : number(text.substr(dots + 2));
  if (!from || !to || *from > *to)
    return false;
  chosen.from = *from;
  chosen.to = *to;
  return true;
}

void report(const verdict& result, const options& chosen) {
  std::cout << "seed " << result.seed << ":\n";
  for (const auto& finding : result.findings)
    std::cout << "  " << finding << '\n';
  std::cout << "  replay: simulate --seed " << result.seed << " --verbose"
            << (chosen.runs == kind::pressure ? " --pressure" : "")
            << (chosen.runs == kind::layered ? " --layers" : "")
            << (chosen.runs == kind::looped ? " --loops" : "")
            << (chosen.runs == kind::of_nodes ? " --nodes" : "")
            << (chosen.bug != nullptr ? " --plant " + std::string{chosen.bug->name} : "")
            << std::endl;
}

/// A seed that is run again must do the same.
void check_replay(verdict& first, const options& chosen) {
  const auto again = simulate(first.seed, chosen.runs, chosen.bug);
  if (again.fingerprint != first.fingerprint || again.findings != first.findings)
    first.findings.emplace_back("the same seed was run again and did something else");
}

/// A bug that breaks a clause has to be found by that clause.
bool counts(const verdict& result, const options& chosen) {
  const auto clause = chosen.bug != nullptr ? chosen.bug->clause : std::string_view{};
  const auto words = chosen.bug != nullptr ? chosen.bug->words : std::string_view{};
  return std::any_of(
      result.findings.begin(), result.findings.end(), [&](const std::string& finding) {
        return finding.starts_with(clause) && finding.find(words) != std::string::npos;
      });
}

totals run_all(const options& chosen) {
  totals all;
  for (auto seed = chosen.from; seed <= chosen.to && all.failed < chosen.findings_max; ++seed) {
    auto result = simulate(seed, chosen.runs, chosen.bug, chosen.verbose ? &std::cout : nullptr);
    if (chosen.twice)
      check_replay(result, chosen);
    all.steps += result.steps;
    all.texts += result.texts;
    all.deliveries += result.deliveries;
    if (counts(result, chosen)) {
      ++all.failed;
      report(result, chosen);
    }
  }
  std::cout << all.steps << " steps, " << all.texts << " texts, " << all.deliveries
            << " deliveries; " << all.failed << " seeds with findings" << std::endl;
  return all;
}

int list_plants() {
  for (const auto& row : all_plants())
    std::cout << row.name << ": " << row.what_it_does << '\n';
  return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  CLI::App app{"Runs seeds of the simulation. Exit code 1: a seed showed a bug."};
  options chosen;
  std::string range;
  std::string plant_name;
  bool list = false;
  bool expect_finding = false;
  app.add_option("--seeds,--seed", range, "FROM..TO, or one number (default: 1..300)");
  bool under_pressure = false;
  app.add_flag("--pressure", under_pressure, "A crowd that stays, and authors that flood it");
  bool has_layers = false;
  app.add_flag("--layers", has_layers, "Many connections are WebSockets, or sealed, or both");
  bool has_loops = false;
  app.add_flag("--loops", has_loops, "The server has two or three loops");
  bool has_nodes = false;
  app.add_flag("--nodes", has_nodes, "There are two or three nodes");
  app.add_option("--plant", plant_name, "Plant a bug: see --list-plants");
  app.add_option("--stop-after", chosen.findings_max, "Stop after so many seeds with findings");
  app.add_flag("--verbose", chosen.verbose, "Tell every step");
  app.add_flag("--twice", chosen.twice, "Run each seed twice and compare");
  app.add_flag("--expect-finding", expect_finding, "Exit code 1 if there is none");
  app.add_flag("--list-plants", list, "Say which bugs can be planted");
  CLI11_PARSE(app, argument_count, arguments);
  if (list)
    return list_plants();
  if (!plant_name.empty() && (chosen.bug = find_plant(plant_name)) == nullptr) {
    std::cerr << "no such plant: " << plant_name << '\n';
    return 2;
  }
  if (under_pressure || (chosen.bug != nullptr && !chosen.bug->clause.empty()))
    chosen.runs = kind::pressure;
  else if (has_layers || (chosen.bug != nullptr && chosen.bug->has_layers))
    chosen.runs = kind::layered;
  else if (has_loops || (chosen.bug != nullptr && chosen.bug->has_loops))
    chosen.runs = kind::looped;
  else if (has_nodes || (chosen.bug != nullptr && chosen.bug->has_nodes))
    chosen.runs = kind::of_nodes;
  if (!range.empty() && !parse_range(range, chosen)) {
    std::cerr << "not a range of seeds: " << range << '\n';
    return 2;
  }
  const bool found = run_all(chosen).failed > 0;
  return found == expect_finding ? 0 : 1;
}
