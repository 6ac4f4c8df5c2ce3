#pragma once

#include "actors/interfaces.hpp"
#include "io/gateway/connection_table.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <spdlog/fwd.h>

/// What a gateway counts and tells its operator.
namespace confab {

/// Counts every incident and logs it, in words that name the client. A limit that is reached
/// again within a second is counted but not logged again.
class incident_log {
 public:
  incident_log(std::string_view dialect, std::shared_ptr<spdlog::logger> log,
               gateway_report& counts);

  void opened(const connection& whose);
  /// A connection ended before it was open: its peer broke a rule. Logged once a second at most.
  void opening_failed(std::string_view address, std::string_view complaint,
                      deadline_clock::time_point now);

  void logged_in(const connection& whose);
  void closed(const connection& whose);

  /// A client was refused or paused.
  void limit_reached(const connection& whose, limit which, deadline_clock::time_point now);

  /// A reader was cut that has left too much unread.
  void slow_reader_cut(const connection& whose, cut_reason why);

  /// A connection is closed that has not logged in in time, has been idle for too long, or has done
  /// what its protocol answers with the end of the connection.
  void closing(const connection& whose, cut_reason why, std::string_view details = {});

  /// A client that leaves does not take what is queued for it.
  void leaver_closed(const connection& whose, std::size_t undelivered_bytes);

  /// A session has failed; its connection goes with it.
  void session_failed(const connection& whose);

  /// So many connections did not read to the end before the server ended.
  void shutdown_cut(std::size_t connections);

 private:
  /// A limit that is reached again within this span is not logged again.
  static constexpr std::chrono::seconds limit_log_span{1};

  std::string describe(const connection& whose) const;
  void count(cut_reason why, std::size_t times = 1);

  std::string dialect_;
  std::shared_ptr<spdlog::logger> log_;
  gateway_report& counts_;
  deadline_clock::time_point opening_log_due_{};
  std::array<deadline_clock::time_point, limit_kinds> limit_log_due_{};  ///< By `limit`.
};

}  // namespace confab
