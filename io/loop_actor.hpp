#pragma once

#include <utility>

#include <caf/execution_unit.hpp>
#include <caf/fwd.hpp>
#include <caf/io/middleman.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/resumable.hpp>

namespace confab {

/// An actor without a socket that runs in the thread of the network loop, whoever writes to it.
///
/// To CAF only brokers belong there, and a broker has tables of sockets, a quarter of a kilobyte
/// that the actor of each connection would pay for. `Actor` is any event-based actor; this puts it
/// where CAF puts brokers.
template <class Actor>
class loop_actor : public Actor {
 public:
  using Actor::Actor;
  using Actor::enqueue;

  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    Actor::enqueue(std::move(element), &loop());
  }

  void launch(caf::execution_unit*, bool lazy, bool hide) override {
    Actor::launch(&loop(), lazy, hide);
  }

  /// The loop hands what is of another kind to the scheduler's threads.
  caf::resumable::subtype_t subtype() const override { return caf::resumable::io_actor; }

 private:
  caf::execution_unit& loop() { return this->system().middleman().backend(); }
};

}  // namespace confab
