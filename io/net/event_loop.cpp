#include "io/net/event_loop.hpp"

#include <algorithm>
#include <chrono>
#include <sched.h>
#include <thread>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

namespace {

loop_place place_in(const caf::actor_system& system) {
  const auto* config = dynamic_cast<const loop_config*>(&system.config());
  return config != nullptr ? config->place() : loop_place{};
}

/// How many cores this process may use.
std::size_t usable_cores() {
  cpu_set_t cores{};
  if (::sched_getaffinity(0, sizeof cores, &cores) != 0)
    return std::thread::hardware_concurrency();
  return static_cast<std::size_t>(CPU_COUNT(&cores));
}

}  // namespace

event_loop::event_loop(caf::actor_system* system)
    : default_multiplexer(system),
      place_(place_in(*system)),
      may_look_longer_(place_.count == 1 || place_.count <= usable_cores()) {
  if (place_.count > 1)
    inbox_ = std::make_unique<loop_inbox>(
        *this, [this](caf::resumable* actor) { ready_.emplace_back(actor, false); });
}

loop_bridge& event_loop::bridge_to(event_loop& other) {
  const auto found = std::find_if(bridges_.begin(), bridges_.end(),
                                  [&](const auto& each) { return each->leads_to(other.system()); });
  if (found != bridges_.end())
    return **found;
  return *bridges_.emplace_back(
      std::make_unique<loop_bridge>(*this, other.system(), *other.inbox_));
}

void event_loop::exec_later(caf::resumable* actor) {
  const bool in_loop = std::this_thread::get_id() == thread_id();
  if (in_loop && actor->subtype() == caf::resumable::io_actor) {
    ready_.emplace_back(actor, false);
    return;
  }
  has_posts_ = has_posts_ || in_loop;
  default_multiplexer::exec_later(actor);
}

/// The loop ends when its last descriptor is gone, the pipe that other threads wake it with, but
/// for the one that other loops do.
///
/// CAF's log, which the server does not use, would look up the thread's actor at every turn of an
/// actor: a tenth of the instructions that a text takes.
void event_loop::run() {
  caf::logger::set_current_actor_system(nullptr);
  handle_internal_events();
  const std::size_t of_other_loops = inbox_ ? 1 : 0;
  while (num_socket_handlers() > of_other_loops)
    run_once();
}

void event_loop::run_once() {
  run_actors();
  wake_other_loops();
  if (std::exchange(has_posts_, false) || !ready_.empty())
    poll_once(false);
  else if (!may_look_longer_ ||
           !busy_poll_.find([this] { return poll_once(false); }, std::chrono::steady_clock::now))
    poll_once(true);
}

bool event_loop::try_run_once() {
  const bool ran = run_actors();
  wake_other_loops();
  return poll_once(false) || ran;
}

/// Returns true if any actor has run.
bool event_loop::run_actors() {
  bool ran = false;
  for (std::size_t round = 0; !ready_.empty() && round < rounds_per_look; ++round) {
    running_.swap(ready_);
    for (auto& actor : running_)
      resume(std::move(actor));
    running_.clear();
    wake_other_loops();
    ran = true;
  }
  if (ran)
    handle_internal_events();
  return ran;
}

/// Tells the other loops which of their actors have been written to since the last time.
void event_loop::wake_other_loops() {
  for (const auto& each : bridges_)
    each->flush();
}

caf::execution_unit& way_into(caf::execution_unit& home, caf::execution_unit* waker) {
  if (waker == nullptr || waker == &home)
    return home;
  auto* from = dynamic_cast<event_loop*>(waker);
  auto* to = dynamic_cast<event_loop*>(&home);
  return from != nullptr && to != nullptr ? static_cast<caf::execution_unit&>(from->bridge_to(*to))
                                          : home;
}

}  // namespace confab
