#include "tests/simulation/run.hpp"

#include "tests/simulation/dice.hpp"
#include "tests/simulation/model.hpp"
#include "tests/simulation/model_nodes.hpp"
#include "tests/simulation/pressure.hpp"
#include "tests/simulation/scene.hpp"

#include <ostream>
#include <utility>

namespace confab::simulation {

namespace {

/// The chance of loops is not that of the rest of a plan.
constexpr std::uint64_t loops_salt = 0x6c6f6f7073;

constexpr std::uint64_t nodes_salt = 0x6e6f646573;

constexpr std::uint64_t archives_salt = 0x6172636869766573;

constexpr std::uint64_t restarts_salt = 0x7265737461727473;

/// FNV-1a.
class fingerprint {
 public:
  void add(std::uint64_t number) {
    for (int i = 0; i < 8; ++i, number >>= 8U)
      add_byte(static_cast<unsigned char>(number));
  }
  void add(const std::string& text) {
    for (const char byte : text)
      add_byte(static_cast<unsigned char>(byte));
    add(text.size());
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_byte(unsigned char byte) {
    value_ ^= byte;
    value_ *= 0x100000001b3U;
  }

  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::uint64_t fingerprint_of(const history& run) {
  fingerprint result;
  for (const auto& who : run.clients) {
    result.add(who.closed);
    for (const auto& made : who.requests)
      result.add(made.handed);
    for (const auto& seen : who.sights) {
      result.add(seen.when);
      result.add(seen.author);
      result.add(seen.body);
    }
  }
  return result.value();
}

void count(const history& run, verdict& result) {
  for (const auto& who : run.clients) {
    for (const auto& made : who.requests)
      result.texts += made.what == meaning::say && made.handed != never ? 1U : 0U;
    for (const auto& seen : who.sights)
      result.deliveries += seen.what == sight::kind::said ? 1U : 0U;
  }
}

}  // namespace

verdict simulate(std::uint64_t seed, kind what, const plant* bug, std::ostream* trace) {
  dice random{seed};
  auto design = what == kind::pressure ? make_pressure_plan(random) : make_plan(random);
  if (what == kind::of_nodes) {
    make_nodes(dice{seed ^ nodes_salt}, design);
    make_archives_of_nodes(dice{seed ^ archives_salt}, design);
    make_restarts_of_nodes(dice{seed ^ restarts_salt}, design);
  } else {
    make_archive(dice{~seed}, design);
  }
  if (what == kind::layered) {
    design.has_layers = true;
    // Without memory for what is sealed, a connection ends; the model knows no such end.
    design.going_wrong.failed_allocation_percent = 0;
  }
  if (what == kind::looped)
    make_loops(dice{seed ^ loops_salt}, design);
  if (trace != nullptr)
    *trace << describe(design) << '\n';
  set_advancing_time(0);  // Not that of the run before.
  scene stage{std::move(design), bug, random, trace};
  stage.play();
  const auto run = stage.told();
  verdict result;
  result.seed = seed;
  result.findings = stage.findings();
  if (!stage.cut_short())
    for (auto& finding : what == kind::of_nodes ? judge_nodes(run) : judge(run))
      result.findings.push_back(std::move(finding));
  result.fingerprint = fingerprint_of(run);
  result.steps = stage.steps();
  count(run, result);
  return result;
}

}  // namespace confab::simulation
