#include "io/net/event_loop.hpp"

#include <chrono>
#include <thread>
#include <utility>

#include <caf/all.hpp>
#include <caf/io/all.hpp>

namespace confab {

void event_loop::exec_later(caf::resumable* actor) {
  const bool in_loop = std::this_thread::get_id() == thread_id();
  if (in_loop && actor->subtype() == caf::resumable::io_actor) {
    ready_.emplace_back(actor, false);
    return;
  }
  has_posts_ = has_posts_ || in_loop;
  default_multiplexer::exec_later(actor);
}

/// The loop ends when its last descriptor is gone, the pipe that other threads wake it with.
///
/// CAF's log, which the server does not use, would look up the thread's actor at every turn of an
/// actor: a tenth of the instructions that a text takes.
void event_loop::run() {
  caf::logger::set_current_actor_system(nullptr);
  while (num_socket_handlers() > 0)
    run_once();
}

void event_loop::run_once() {
  run_actors();
  if (std::exchange(has_posts_, false) || !ready_.empty())
    poll_once(false);
  else if (!busy_poll_.find([this] { return poll_once(false); }, std::chrono::steady_clock::now))
    poll_once(true);
}

bool event_loop::try_run_once() {
  const bool ran = run_actors();
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
    ran = true;
  }
  if (ran)
    handle_internal_events();
  return ran;
}

}  // namespace confab
