#include "tests/simulation/loop.hpp"

#include <algorithm>
#include <utility>

namespace confab::simulation {

choosing_loop::choosing_loop(caf::actor_system* system) : test_multiplexer(system) {}

choosing_loop::~choosing_loop() {
  for (const auto& each : std::exchange(waiting_, {}))
    caf::intrusive_ptr_release(each.actor);
}

std::size_t choosing_loop::tag_of(std::size_t which) const {
  return static_cast<std::size_t>(id_of(which)) % 64;
}

caf::actor_id choosing_loop::id_of(std::size_t which) const {
  return id_of(*waiting_[which].actor);
}

caf::actor_id choosing_loop::id_of(const caf::resumable& which) {
  const auto* actor = dynamic_cast<const caf::scheduled_actor*>(&which);
  return actor != nullptr ? actor->id() : 0;
}

void choosing_loop::run_actor(std::size_t which, std::size_t messages_max) {
  const auto chosen = waiting_[which];
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(which));
  running_.push_back(loop_of(chosen));
  const auto result = chosen.actor->resume(this, messages_max);
  running_.pop_back();
  if (result == caf::resumable::resume_later)
    waiting_.push_back(chosen);
  else
    caf::intrusive_ptr_release(chosen.actor);
}

void choosing_loop::exec_later(caf::resumable* actor) {
  const auto kind = actor->subtype();
  if (kind != caf::resumable::io_actor && kind != caf::resumable::function_object)
    return test_multiplexer::exec_later(actor);
  const auto here = running_.empty() ? 0 : running_.back();
  if (const auto id = id_of(*actor); id != 0)
    loops_.try_emplace(id, here);
  waiting_.push_back({actor, here});
  if (chance_ != nullptr && !running_.empty() && !runs(loop_of(waiting_.back())))
    let_other_loops_run();
}

std::size_t choosing_loop::loop_of(const waiter& who) const {
  const auto found = loops_.find(id_of(*who.actor));
  return found != loops_.end() ? found->second : who.loop;
}

bool choosing_loop::runs(std::size_t loop) const {
  return std::find(running_.begin(), running_.end(), loop) != running_.end();
}

/// While the handlers that have begun stand still.
void choosing_loop::let_other_loops_run() {
  constexpr std::size_t going_on_percent = 60;
  constexpr std::size_t messages_max = 3;
  while (chance_->chance(going_on_percent)) {
    std::vector<std::size_t> able;
    for (std::size_t i = 0; i < waiting_.size(); ++i)
      if (!runs(loop_of(waiting_[i])))
        able.push_back(i);
    if (able.empty())
      return;
    run_actor(chance_->one_of(able), chance_->between(1, messages_max));
  }
}

simulated_config::simulated_config() {
  load<caf::io::middleman, choosing_loop>();
  set("scheduler.policy", caf::atom("testing"));
  set("middleman.network-backend", caf::atom("testing"));
  set("logger.verbosity", caf::atom("quiet"));
}

}  // namespace confab::simulation
