#pragma once

#include "io/net/busy_poll.hpp"
#include "io/net/loop_bridge.hpp"
#include "io/net/loop_place.hpp"

#include <cstddef>
#include <memory>
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
///
/// If the process has several loops, an actor of one that writes to an actor of another one does
/// not wake it at once: that is said once a round, for all of them (`loop_bridge`).
class event_loop final : public caf::io::network::default_multiplexer {
 public:
  /// Finds its place among other loops in the configuration of `system`, if that is a
  /// `loop_config`.
  explicit event_loop(caf::actor_system* system);

  loop_place place() const { return place_; }

  /// The way to the actors of another loop. To be asked in this loop's thread.
  loop_bridge& bridge_to(event_loop& other);

  void exec_later(caf::resumable* actor) override;
  void run() override;
  void run_once() override;
  bool try_run_once() override;

 private:
  /// A text needs so many: session, room, gateway.
  static constexpr std::size_t rounds_per_look = 3;

  using actor_ptr = caf::intrusive_ptr<caf::resumable>;

  bool run_actors();
  void wake_other_loops();

  loop_place place_;
  std::vector<actor_ptr> ready_;    ///< Actors that have something to do.
  std::vector<actor_ptr> running_;  ///< Empty outside of `run_actors`.
  bool has_posts_ = false;          ///< Functions wait for the next look at the network.
  bool may_look_longer_;            ///< There is a core for each loop.
  busy_poll busy_poll_;
  std::unique_ptr<loop_inbox> inbox_;                  ///< Null: there is no other loop.
  std::vector<std::unique_ptr<loop_bridge>> bridges_;  ///< To the loops that were written to.
};

/// What an actor of the loop `home` is to be put into when it has got something to do: the loop, or
/// the way there, if `waker`, in whose thread that happens, is another loop.
caf::execution_unit& way_into(caf::execution_unit& home, caf::execution_unit* waker);

}  // namespace confab
