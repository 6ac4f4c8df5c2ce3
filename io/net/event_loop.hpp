#pragma once

#include "io/net/busy_poll.hpp"

#include <cstddef>
#include <vector>

#include <caf/io/network/default_multiplexer.hpp>

/// The network loop that the server's actors run in.
namespace confab {

/// CAF's loop, but for the order in which actors have their turn.
///
/// CAF looks at the network (`epoll_wait`) before every round of actors, so a text that passes
/// through three actors costs four looks. Here the actors of the loop run until none has anything
/// to do, within bounds, before the loop looks at the network again. What is posted as a function,
/// with `post`, still waits for that look. A loop that has nothing to do looks at the network a few
/// times more before it sleeps, as long as that pays (`busy_poll`).
class event_loop final : public caf::io::network::default_multiplexer {
 public:
  explicit event_loop(caf::actor_system* system) : default_multiplexer(system) {}

  void exec_later(caf::resumable* actor) override;
  void run() override;
  void run_once() override;
  bool try_run_once() override;

 private:
  /// A text needs so many: session, room, gateway.
  static constexpr std::size_t rounds_per_look = 3;

  using actor_ptr = caf::intrusive_ptr<caf::resumable>;

  bool run_actors();

  std::vector<actor_ptr> ready_;    ///< Actors that have something to do.
  std::vector<actor_ptr> running_;  ///< Empty outside of `run_actors`.
  bool has_posts_ = false;          ///< Functions wait for the next look at the network.
  busy_poll busy_poll_;
};

}  // namespace confab
