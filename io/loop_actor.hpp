#pragma once

#include "io/net/event_loop.hpp"

#include <utility>

#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>
#include <caf/io/middleman.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduled_actor.hpp>

namespace confab {

/// An actor without a socket that runs in the thread of its system's network loop, whoever writes
/// to it.
///
/// To CAF only brokers belong there, and a broker has tables of sockets, a quarter of a kilobyte
/// that the actor of each connection would pay for. `Actor` is any event-based actor; this puts it
/// where CAF puts brokers.
template <class Actor>
class loop_actor : public Actor {
 public:
  using Actor::Actor;
  using Actor::enqueue;

  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* waker) override {
    Actor::enqueue(std::move(element), &way_into(loop(), waker));
  }

  void launch(caf::execution_unit*, bool lazy, bool hide) override {
    Actor::launch(&loop(), lazy, hide);
  }

  /// The loop hands what is of another kind to the scheduler's threads.
  caf::resumable::subtype_t subtype() const override { return caf::resumable::io_actor; }

 private:
  caf::execution_unit& loop() { return this->system().middleman().backend(); }
};

/// A broker that actors of other loops wake as they wake a `loop_actor`.
template <class Broker>
class loop_broker : public Broker {
 public:
  using Broker::Broker;

  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* waker) override {
    // What `Broker` does, but for the way.
    // NOLINTNEXTLINE(bugprone-parent-virtual-call)
    caf::scheduled_actor::enqueue(std::move(element), &way_into(this->backend(), waker));
  }

  void enqueue(caf::strong_actor_ptr source, caf::message_id id, caf::message content,
               caf::execution_unit* waker) override {
    enqueue(caf::make_mailbox_element(std::move(source), id, {}, std::move(content)), waker);
  }
};

}  // namespace confab
