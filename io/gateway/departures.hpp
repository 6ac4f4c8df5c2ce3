#pragma once

#include "io/gateway/alarms.hpp"
#include "io/gateway/connection_table.hpp"
#include "io/gateway/incident_log.hpp"
#include "io/gateway/outbound.hpp"
#include "io/gateway/request_flow.hpp"

#include <optional>

/// How connections end in order.
namespace confab {

/// Connections that leave: what is queued for them is still written, but not for ever. At the end
/// of the server all of them leave.
class departures {
 public:
  /// The gateway, as far as departures concern it.
  class owner {
   public:
    virtual ~owner() = default;
    virtual deadline_clock::time_point now() = 0;
    /// The connection was closed. It has to be gone when this returns.
    virtual void remove_connection(connection& gone) = 0;
    /// All have got what was queued for them, but for so many.
    virtual void end(std::size_t unread) = 0;
  };

  departures(connection_table& connections, outbound& output, request_flow& requests,
             incident_log& incidents, alarms& timers, owner& gateway)
      : connections_(connections),
        output_(output),
        requests_(requests),
        incidents_(incidents),
        timers_(timers),
        gateway_(gateway) {}

  /// Only what is queued is still written.
  void begin(connection& leaver);

  /// Closes a connection that has taken nothing since it was looked at last, or that has been
  /// leaving for a minute. To be called when its deadline has come.
  void check(connection& leaver);

  /// The server ends: all connections leave. `end` follows in no more than three seconds.
  void begin_all();

  /// After `begin_all`: looks whether all have got what was queued. Asks the system about each
  /// connection, so it is called now and then, not whenever one ends.
  void check_all();

  /// The server ends.
  bool all_leave() const { return finish_by_.has_value(); }

 private:
  connection_table& connections_;
  outbound& output_;
  request_flow& requests_;
  incident_log& incidents_;
  alarms& timers_;
  owner& gateway_;
  std::optional<deadline_clock::time_point> finish_by_;  ///< Set by `begin_all`.
};

}  // namespace confab
