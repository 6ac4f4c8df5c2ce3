#pragma once

#include "io/gateway/connection_table.hpp"
#include "io/gateway/deadline_queue.hpp"

/// When a gateway looks at which of its connections.
namespace confab {

/// The deadlines of all connections, and the calls that wake the gateway for them.
class alarms {
 public:
  /// The gateway, as far as time concerns it.
  class owner {
   public:
    virtual ~owner() = default;
    virtual deadline_clock::time_point now() = 0;
    /// `ring` is to be called after this span.
    virtual void call_after(deadline_clock::duration span) = 0;
    /// A deadline of this connection has come. The connection may be gone when this returns.
    virtual void on_deadline(connection& whose, timer_kind kind,
                             deadline_clock::time_point now) = 0;
  };

  alarms(connection_table& connections, owner& gateway)
      : connections_(connections), gateway_(gateway) {}

  /// Sets the deadline of this kind, in place of an earlier one.
  void schedule(connection& whose, timer_kind kind, deadline_clock::duration span);

  void cancel(connection& whose, timer_kind kind) {
    deadlines_.cancel(whose.timers, whose.key, kind);
  }
  void cancel_all(connection& whose) { deadlines_.cancel_all(whose.timers, whose.key); }

  /// Makes sure that the gateway is called then.
  void wake_up_at(deadline_clock::time_point due);

  /// A call has come: tells which deadlines have.
  void ring();

 private:
  connection_table& connections_;
  owner& gateway_;
  deadline_queue deadlines_;
  wake_up_calls wake_ups_;
};

}  // namespace confab
