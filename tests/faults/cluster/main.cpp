// Three real servers in network namespaces, clients of all dialects, and faults; see scenarios.hpp.
// Exit code 77: this machine has not what it takes.

#include "tests/faults/cluster/cluster.hpp"
#include "tests/faults/cluster/crowd.hpp"
#include "tests/faults/cluster/injector.hpp"
#include "tests/faults/cluster/onlookers.hpp"
#include "tests/faults/cluster/rules.hpp"
#include "tests/faults/cluster/scenarios.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace confab::faults {
namespace {

constexpr auto usage =
    "usage: cluster_faults PROGRAMS SOURCES [random|killed|stopped|rolling|irssi] "
    "[OPTION=VALUE...]\n"
    "  PROGRAMS       the folder of the server\n"
    "  SOURCES        the folder of scripts/make-certificate\n"
    "  seed=N         other faults, in `random` (1)\n"
    "  seconds=N      how long faults happen, in `random` and `stopped`\n"
    "  faults=N       how many, in `random`\n"
    "  histories=1    the histories have to be equal in the end, too\n"
    "  patience=N     everything may take N times as long as it should (1)\n"
    "  memory=N       in `stopped`, a node may grow by N MiB (64)\n"
    "  keep=FOLDER    leave certificates and logs there\n"
    "Environment: CONFAB_SERVER_OPTIONS holds more options for the servers; CONFAB_LONG=1 makes "
    "it\n"
    "a long run: 200 faults in ten minutes, or a node stopped for one.\n";

struct arguments {
  run_settings run;
  cluster_places places;
  bounds within;
  bool histories = false;
  bool keeps = false;
};

long number(std::string_view text) {
  long result = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), result);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size())
    throw std::runtime_error("no number: " + std::string{text});
  return result;
}

void set(arguments& all, const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos) {
    all.run.scenario = word;
    return;
  }
  const auto name = word.substr(0, equals);
  const auto value = word.substr(equals + 1);
  if (name == "keep") {
    all.places.folder = value;
    all.keeps = true;
  } else if (name == "seed") {
    all.run.seed = static_cast<std::uint64_t>(number(value));
  } else if (name == "seconds") {
    all.run.duration = std::chrono::seconds{number(value)};
  } else if (name == "faults") {
    all.run.faults = static_cast<std::size_t>(number(value));
  } else if (name == "histories") {
    all.histories = number(value) != 0;
  } else if (name == "memory") {
    all.within.memory = static_cast<std::size_t>(number(value)) << 20U;
  } else if (name == "patience") {
    const auto times = number(value);
    all.within.linking *= times;
    all.within.departure *= times;
    all.within.answer *= times;
  } else {
    throw std::runtime_error("no option is called " + name);
  }
}

arguments read_arguments(int count, char** words) {
  if (count < 3)
    throw std::runtime_error(usage);
  arguments result;
  const auto* is_long = std::getenv("CONFAB_LONG");
  result.run.is_long = is_long != nullptr && std::string_view{is_long} == "1";
  result.places.server = std::string{words[1]} + "/server";
  result.places.make_certificate = std::string{words[2]} + "/scripts/make-certificate";
  const auto* options = std::getenv("CONFAB_SERVER_OPTIONS");
  std::istringstream more{options == nullptr ? "" : options};
  result.places.more_options = {std::istream_iterator<std::string>{more}, {}};
  for (int i = 3; i < count; ++i)
    set(result, words[i]);
  for (const auto& each : make_scenario(result.run, span{0}).server_options)
    result.places.more_options.push_back(each);
  if (!result.keeps) {
    auto folder = (std::filesystem::temp_directory_path() / "confab-cluster-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr)
      throw std::runtime_error("cannot make " + folder);
    result.places.folder = folder;
  }
  std::filesystem::create_directories(result.places.folder);
  return result;
}

/// A run from its beginning to its end.
class course {
 public:
  explicit course(const arguments& all) : all_(all), servers_(all.places) {}

  run_log take() {
    for (std::size_t node = 0; node < nodes; ++node)
      servers_.start(node);
    await([this] { return all_listen(); }, "the servers do not start");
    if (make_scenario(all_.run, span{0}).has_onlookers)
      bring_onlookers();
    const auto kind = make_scenario(all_.run, clock_.now() + starting);
    for (const auto& each : kind.plan)
      std::cout << "  " << each.begin.count() << " ms: " << described(each) << '\n';
    crowd clients{servers_, clock_, log_, kind.seats, kind.text_bytes};
    injector faults{servers_, clock_, log_, kind.plan};
    while (!faults.is_done()) {
      faults.step();
      step(clients);
    }
    if (!kind.talks_on)
      clients.be_silent();
    const auto calm = clock_.now() + all_.within.linking + span{2'000};
    go_on(clients, faults, calm);
    clients.be_silent();
    go_on(clients, faults, calm + all_.within.linking + span{1'000});
    log_.end = clock_.next();
    onlookers_.reset();
    look_at_histories();
    end_servers();
    return std::move(log_);
  }

 private:
  static constexpr span starting{4'000};  ///< All links are made, and all clients are there.
  static constexpr span memory_pause{250};

  void bring_onlookers() {
    if (!onlookers::can_be_there())
      throw cannot_be_tried("needs irssi and script");
    onlookers_.emplace(servers_, all_.places.folder);
    await(
        [this] {
          onlookers_->note(clock_, log_);
          return onlookers_->have_come();
        },
        "irssi does not come into the room");
  }

  bool all_listen() {
    bool result = true;
    for (std::size_t node = 0; node < nodes; ++node) {
      if (!servers_.runs(node))
        throw std::runtime_error("the server of node " + cluster::name(node) +
                                 " did not start, and ended with " +
                                 std::to_string(servers_.exit_status(node)));
      result = result && servers_.listens(node);
    }
    return result;
  }

  template <class Condition>
  void await(Condition holds, const std::string& what) {
    const auto limit = clock_.now() + std::chrono::minutes{1};
    while (!holds()) {
      if (clock_.now() > limit)
        throw std::runtime_error(what);
      ::usleep(10'000);
    }
  }

  void step(crowd& clients) {
    clients.step(span{5});
    if (onlookers_)
      onlookers_->note(clock_, log_);
    if (clock_.now() < next_sample_)
      return;
    next_sample_ = clock_.now() + memory_pause;
    for (std::size_t node = 0; node < nodes; ++node)
      log_.memory.push_back({node, clock_.now(), servers_.memory_bytes(node)});
  }

  void go_on(crowd& clients, injector& faults, span until) {
    while (clock_.now() < until) {
      faults.step();
      step(clients);
    }
  }

  void look_at_histories() {
    for (std::size_t node = 0; node < nodes; ++node) {
      log_.histories[node] = servers_.history(node);
      log_.has_history[node] = true;
    }
  }

  void end_servers() {
    for (std::size_t node = 0; node < nodes; ++node)
      servers_.signal(node, SIGTERM);
    for (std::size_t node = 0; node < nodes; ++node) {
      await([&] { return !servers_.runs(node); }, "a server does not end");
      if (servers_.exit_status(node) != 0)
        throw std::runtime_error("the server of node " + cluster::name(node) + " ended with " +
                                 std::to_string(servers_.exit_status(node)));
    }
  }

  const arguments& all_;
  run_clock clock_;
  run_log log_;
  cluster servers_;
  std::optional<onlookers> onlookers_;
  span next_sample_{0};
};

void describe(const run_log& log) {
  std::size_t said = 0;
  std::size_t accepted = 0;
  std::size_t seen = 0;
  for (const auto& each : log.connections) {
    said += each.said.size();
    seen += each.seen.size();
    for (const auto& text : each.said)
      accepted += text.accepted ? 1 : 0;
  }
  std::cout << log.connections.size() << " connections said " << said << " texts, of which "
            << accepted << " were accepted, and were told " << seen << " times; "
            << log.faults.size() << " faults in " << log.end.at.count() / 1000 << " s\n";
  std::map<std::size_t, std::size_t> most;
  for (const auto& each : log.memory)
    most[each.node] = std::max(most[each.node], each.bytes);
  for (const auto& [node, bytes] : most)
    std::cout << "node " << cluster::name(node) << " had up to " << (bytes >> 20U) << " MiB\n";
}

/// Says what each rule has found; returns whether all hold.
bool judge(const run_log& log, const std::vector<named_rule>& rules, const bounds& within) {
  constexpr std::size_t shown_max = 10;
  bool result = true;
  for (const auto& [name, rule] : rules) {
    const auto found = rule(log, within);
    // A rule that had nothing to look at has shown nothing.
    const bool holds = found.breaches.empty() && found.judged > 0;
    result = result && holds;
    std::cout << (holds ? "holds: " : "BROKEN: ") << name << " (" << found.judged << " judged";
    if (found.longest > span{0})
      std::cout << ", " << found.longest.count() << " ms at most";
    std::cout << ")\n";
    for (std::size_t i = 0; i < std::min(shown_max, found.breaches.size()); ++i)
      std::cout << "  " << found.breaches[i] << '\n';
    if (found.breaches.size() > shown_max)
      std::cout << "  and " << found.breaches.size() - shown_max << " more\n";
  }
  return result;
}

bool run_and_judge(const arguments& all) {
  std::cout << "scenario " << all.run.scenario << ", seed " << all.run.seed << '\n';
  const auto log = course{all}.take();
  describe(log);
  auto rules = make_scenario(all.run, span{0}).rules;
  if (all.histories)
    rules.emplace_back("histories are equal",
                       [](const run_log& of, const bounds&) { return histories_are_equal(of); });
  return judge(log, rules, all.within);
}

/// Says how a run has ended; returns the exit code.
int run_all(int count, char** words) {
  std::optional<arguments> all;
  int result = EXIT_FAILURE;
  try {
    all = read_arguments(count, words);
    result = run_and_judge(*all) ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const cannot_be_tried& why) {
    std::cout << "skipped: " << why.what() << '\n';
    result = 77;
  } catch (const std::exception& why) {
    std::cout << why.what() << '\n';
  }
  if (all && !all->keeps) {
    if (result == EXIT_FAILURE)
      std::cout << "what the servers said is in " << all->places.folder << '\n';
    else
      std::filesystem::remove_all(all->places.folder);
  }
  return result;
}

}  // namespace
}  // namespace confab::faults

int main(int count, char** words) {
  std::signal(SIGPIPE, SIG_IGN);
  return confab::faults::run_all(count, words);
}
