#include "tests/simulation/loop.hpp"

#include <utility>

namespace confab::simulation {

choosing_loop::choosing_loop(caf::actor_system* system) : test_multiplexer(system) {}

choosing_loop::~choosing_loop() {
  for (auto* actor : std::exchange(waiting_, {}))
    caf::intrusive_ptr_release(actor);
}

std::size_t choosing_loop::tag_of(std::size_t which) const {
  return static_cast<std::size_t>(id_of(which)) % 64;
}

caf::actor_id choosing_loop::id_of(std::size_t which) const {
  const auto* actor = dynamic_cast<const caf::scheduled_actor*>(waiting_[which]);
  return actor != nullptr ? actor->id() : 0;
}

void choosing_loop::run_actor(std::size_t which, std::size_t messages_max) {
  auto* actor = waiting_[which];
  waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(which));
  switch (actor->resume(this, messages_max)) {
    case caf::resumable::resume_later:
      waiting_.push_back(actor);
      break;
    case caf::resumable::awaiting_message:
    case caf::resumable::done:
    case caf::resumable::shutdown_execution_unit:
      caf::intrusive_ptr_release(actor);
      break;
  }
}

void choosing_loop::exec_later(caf::resumable* actor) {
  const auto kind = actor->subtype();
  if (kind == caf::resumable::io_actor || kind == caf::resumable::function_object)
    waiting_.push_back(actor);
  else
    test_multiplexer::exec_later(actor);
}

simulated_config::simulated_config() {
  load<caf::io::middleman, choosing_loop>();
  set("scheduler.policy", caf::atom("testing"));
  set("middleman.network-backend", caf::atom("testing"));
  set("logger.verbosity", caf::atom("quiet"));
}

}  // namespace confab::simulation
