#pragma once

#include "io/net/file_descriptor.hpp"

#include <functional>
#include <vector>

#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/io/network/event_handler.hpp>

/// How the loops of one process wake each other's actors.
///
/// CAF has a pipe for this, too: it holds 8,192 actors, whoever writes to a full one waits, and a
/// look at the network takes one actor out of it. So two loops that wake thousands of each other's
/// actors wait for each other for good. Here nobody waits: what the pipe does not take stays with
/// the loop that wrote, which goes on meanwhile. docs/decisions/0033-several-loops.md has the rest.
namespace confab {

/// Where a loop finds those of its actors that other loops have woken.
class loop_inbox final : public caf::io::network::event_handler {
 public:
  /// Gives each woken actor, with the reference that came along, to `wake`. Throws
  /// `std::system_error` if there is no pipe for it.
  loop_inbox(caf::io::network::default_multiplexer& loop,
             std::function<void(caf::resumable*)> wake);
  ~loop_inbox() override;
  loop_inbox(const loop_inbox&) = delete;
  loop_inbox& operator=(const loop_inbox&) = delete;

  /// The descriptor to write to. The same as long as this lives, so any thread may ask.
  int entrance() const { return entrance_.get(); }

  void handle_event(caf::io::network::operation operation) override;
  void removed_from_loop(caf::io::network::operation) override {}
  void graceful_shutdown() override {}

 private:
  struct pipe_ends {
    file_descriptor exit;
    file_descriptor entrance;
  };

  loop_inbox(caf::io::network::default_multiplexer& loop, pipe_ends pipe,
             std::function<void(caf::resumable*)> wake);
  static pipe_ends make_pipe();
  std::size_t take_some();

  file_descriptor entrance_;
  std::function<void(caf::resumable*)> wake_;
};

/// The way from one loop to another: a part of the first one, used in its thread only.
class loop_bridge final : public caf::execution_unit, private caf::io::network::event_handler {
 public:
  /// `inbox` is where actors of the system `to` are woken. It is there as long as anybody has
  /// something to tell them. Needs no descriptor of its own: there might be none left.
  loop_bridge(caf::io::network::default_multiplexer& from, caf::actor_system& to,
              const loop_inbox& inbox);
  ~loop_bridge() override;
  loop_bridge(const loop_bridge&) = delete;
  loop_bridge& operator=(const loop_bridge&) = delete;

  bool leads_to(const caf::actor_system& other) const { return &system() == &other; }

  /// An actor of the other loop has got something to do. `flush` will say so.
  void exec_later(caf::resumable* actor) override { waiting_.push_back(actor); }

  /// Says which actors of the other loop have something to do, all at once. What the pipe does not
  /// take is said when it has room again. Not to be called while the loop looks at the network.
  void flush();

 private:
  void handle_event(caf::io::network::operation) override { write(); }
  void removed_from_loop(caf::io::network::operation) override {}
  void graceful_shutdown() override {}
  void write();

  std::vector<caf::resumable*> waiting_;
  bool pipe_is_full_ = false;
};

}  // namespace confab
