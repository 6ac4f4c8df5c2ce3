#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include <caf/all.hpp>
#include <caf/io/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

/// Actor systems that run one message at a time, in an order that the test chooses.
namespace confab::test {

/// CAF's testing scheduler: nothing runs but in `run_one`, and time stands still.
class deterministic_config : public caf::actor_system_config {
 public:
  deterministic_config() {
    set("scheduler.policy", caf::atom("testing"));
    set("logger.verbosity", caf::atom("quiet"));
  }
};

/// Runs actors one message at a time.
class deterministic_system {
 public:
  /// Picks which of `count` runnable actors handles its next message; `count` is at least 1.
  using chooser = std::function<std::size_t(std::size_t count)>;

  caf::actor_system& system() { return system_; }

  /// Lets the actors that `choose` picks handle messages until nobody has any.
  void run(const chooser& choose = [](std::size_t) -> std::size_t { return 0; }) {
    while (run_one(choose)) {
    }
  }

  /// Lets one actor that `choose` picks handle a message. False if nobody has any.
  bool run_one(const chooser& choose) {
    auto& jobs = scheduler().jobs;
    if (jobs.empty())
      return false;
    const auto chosen = choose(jobs.size());
    auto* job = jobs[chosen];
    jobs.erase(jobs.begin() + static_cast<std::ptrdiff_t>(chosen));
    jobs.push_front(job);
    scheduler().try_run_once();
    return true;
  }

  /// Lets time pass: what was to be sent later, and is due, is in the mailboxes then.
  void pass_time(std::chrono::milliseconds span) { scheduler().advance_time(span); }

 private:
  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

  deterministic_config config_;
  caf::actor_system system_{config_};
};

}  // namespace confab::test
