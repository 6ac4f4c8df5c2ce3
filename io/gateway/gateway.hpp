#pragma once

#include "actors/dialect.hpp"
#include "actors/interfaces.hpp"
#include "actors/session.hpp"
#include "io/closing_broker.hpp"
#include "io/crypto/cloak.hpp"
#include "io/fatal_on_exception.hpp"
#include "io/gateway/alarms.hpp"
#include "io/gateway/connection_table.hpp"
#include "io/gateway/departures.hpp"
#include "io/gateway/incident_log.hpp"
#include "io/gateway/outbound.hpp"
#include "io/gateway/request_flow.hpp"
#include "io/loop_actor.hpp"
#include "io/net/layered_doorman.hpp"
#include "io/net/listener_layers.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/io/doorman.hpp>
#include <caf/io/system_messages.hpp>
#include <caf/io/typed_broker.hpp>
#include <spdlog/fwd.h>

/// The broker of one listener, or of its part in one loop.
namespace confab {

/// Starts the actor of a connection. Decides where it runs.
using session_spawner = session_actor (*)(caf::actor_system& system, session_start start);

/// What one connection may use up. docs/limits.md gives the reason for each number.
struct gateway_limits {
  /// A connection with more unsent output than this is cut: its client reads too slowly.
  std::size_t backlog_bytes_max = 16 * 1024 * 1024;
  /// A connection with more unsent output than this is not read from: its client sends requests
  /// without reading the replies.
  std::size_t unread_replies_bytes_max = 1024 * 1024;
  /// Input comes no faster than this, on average; 0: no limit.
  std::size_t input_bytes_per_second_max = 0;
  /// How many lines may come, of protocols whose lines are commands.
  input_allowance input_lines{.per_second = 4, .burst = 20};
  /// Lines count also when they come from this machine.
  bool counts_local_lines = false;
  /// How many rooms one client may be in.
  std::size_t rooms_per_client_max = 100;
  /// A connection that has not logged in by then is closed.
  std::chrono::seconds login_deadline{60};
  /// A connection on which nothing comes and goes for so long is closed; 0: never.
  std::chrono::seconds idle_timeout{0};
  /// Longest user or room name.
  std::size_t name_bytes_max = 64;
  /// A batch costs no more work than this: bytes times readers. A text alone may.
  std::size_t work_bytes_per_batch = 16 * 1024 * 1024;
  /// So many batches of one client may wait for the archive before it is read again.
  std::size_t unconfirmed_batches_max = 4;
  flush_limits flush;
};

/// What a gateway is made of.
struct gateway_settings {
  gateway_id id = 0;
  std::string listener = {};  ///< The name of its port; empty: that of its dialect.
  std::shared_ptr<const dialect> speaks;
  registry_actor registry;
  directory_actor directory;
  authenticator_actor authenticator;  ///< Null: there are no server operators.
  archive_actor archive = {};         ///< Keeps what happens; null: nobody does.
  quota_actor quota;
  session_spawner spawn_session = nullptr;
  gateway_limits limits;
  std::shared_ptr<spdlog::logger> log;
  output_memory_ptr memory = nullptr;  ///< What the links of its doormen queue counts here.
  std::shared_ptr<const cloak> hosts = nullptr;  ///< Never null.
  wall_clock now_ms = nullptr;                   ///< Never null.
};

/// What the network tells a gateway, beside what the actors do.
using gateway_broker = gateway_actor::extend<
    caf::reacts_to<caf::io::new_connection_msg>, caf::reacts_to<caf::io::new_data_msg>,
    caf::reacts_to<caf::io::connection_passivated_msg>,
    caf::reacts_to<caf::io::data_transferred_msg>, caf::reacts_to<caf::io::connection_closed_msg>,
    // Server: connections to come get these layers.
    caf::reacts_to<renew_atom, listener_layers_ptr>>;

/// Owns the connections of one listener, or those that came to one loop of several: who comes and
/// goes, and when. What is read is the business of `request_flow`, what is written that of
/// `outbound`. Output is collected while the gateway works through its mailbox and flushed
/// afterwards.
class gateway final
    : public fatal_on_exception<closing_broker<loop_broker<gateway_broker::broker_base>>>,
      public opening_observer,
      private outbound::owner,
      private request_flow::owner,
      private alarms::owner,
      private departures::owner {
 public:
  /// Accepts at `doormen`, which the links come from.
  gateway(caf::actor_config& config, gateway_settings settings,
          std::vector<caf::io::doorman_ptr> doormen);

  const char* name() const override { return "gateway"; }
  resume_result resume(caf::execution_unit* context, std::size_t messages_max) override;

 protected:
  behavior_type make_behavior() override;
  void on_exit() override;

 private:
  // Arrival.
  void on_new_connection(caf::io::connection_handle handle);
  void on_admitted(connection_key key, const std::string& address);
  void on_refused(connection_key key, refusal why);
  void start_session(connection& newcomer);
  void on_opening_failed(const std::string& address, std::string_view complaint) override;
  void on_renewal(const listener_layers_ptr& layers);

  // Input.
  void on_input(caf::io::new_data_msg& input);
  void on_end_of_input(caf::io::connection_handle handle);

  // What sessions and rooms say.
  void on_login(connection_key key, identity_ptr who);
  void on_reader(connection_key key, reader_class reader);
  void on_limit(connection_key key, limit which);
  void on_offence(connection_key key, const std::string& why);
  void on_session_failed(connection_key key);
  void on_publish_from_elsewhere(const event_batch& batch, const audience_ptr& readers,
                                 const receipt& reply);

  // outbound::owner
  void on_slow_reader(connection& reader, cut_reason why) override;
  void on_progress(connection& reader) override { requests_.on_progress(reader); }
  void on_handed_over(const waiting_author& author) override;

  // request_flow::owner
  void hand_input(connection& whose, std::vector<char> bytes) override;
  void continue_session(connection& whose) override;
  void hang_up(connection& whose) override;
  void wait_for_input(connection& whose, deadline_clock::duration span) override;
  void on_request_done() override;

  // Memory.
  void on_credit(std::size_t more_bytes);
  void on_recall(std::size_t bytes);
  void review_credit();
  std::size_t messages_of_one_run(std::size_t messages_max) const;

  // Departure.
  void on_closed(caf::io::connection_handle handle);
  void close(connection& unwanted, cut_reason why, std::string_view details = {});
  void say_farewell(connection& whose, cut_reason why);
  void dismiss_session(connection& whose, std::string_view why);
  void remove_connection(connection& gone) override;

  // Time.
  void on_tick();
  void on_deadline(connection& whose, timer_kind kind, deadline_clock::time_point now) override;
  void check_silence(connection& whose, deadline_clock::time_point now);
  void check_idle(connection& idler, deadline_clock::time_point now);
  void call_after(deadline_clock::duration span) override;
  deadline_clock::time_point now() override;
  deadline_clock::time_point activity_time() override;

  // Shutdown.
  caf::typed_response_promise<gateway_id> on_drain();
  void on_finish();
  void end(std::size_t unread) override;

  gateway_report report();
  gateway_actor self_handle() { return caf::actor_cast<gateway_actor>(ctrl()); }

  gateway_settings settings_;
  std::shared_ptr<const session_context> session_context_;  ///< Null after the end.
  std::vector<caf::io::doorman_ptr> doormen_;
  connection_table connections_;
  gateway_report counts_;  ///< The counters; `report` fills in the rest.
  incident_log incidents_;
  outbound output_;
  request_flow requests_;
  alarms timers_;
  departures departures_;
  bool flush_requested_ = false;  ///< The loop calls us back after its next look at the network.
  bool flush_postponed_ = false;  ///< Some readers have waited for that already.

  std::size_t refused_lingering_ = 0;  ///< Refused connections that still hear why.
  bool ended_ = false;
  caf::typed_response_promise<gateway_id> drained_;
};

}  // namespace confab
