#pragma once

#include "actors/dialect.hpp"
#include "actors/interfaces.hpp"
#include "actors/session.hpp"
#include "io/closing_broker.hpp"
#include "io/gateway/connection_table.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <queue>
#include <string_view>
#include <vector>

#include <caf/io/doorman.hpp>
#include <caf/io/system_messages.hpp>
#include <caf/io/typed_broker.hpp>
#include <spdlog/fwd.h>

/// The broker of one listener.
namespace confab {

/// Starts the actor of a connection. Decides where it runs.
using session_spawner = session_actor (*)(caf::actor_system& system, session_context context);

/// What one connection may use up. docs/limits.md gives the reason for each number.
struct gateway_limits {
  /// A connection with more unsent output than this is cut: its client reads too slowly.
  std::size_t backlog_bytes_max = 16 * 1024 * 1024;
  /// A connection with more unsent output than this is not read from: its client sends requests
  /// without reading the replies.
  std::size_t unread_replies_bytes_max = 1024 * 1024;
  /// Input comes no faster than this, on average; 0: no limit.
  std::size_t input_bytes_per_second_max = 0;
  /// A connection that has not logged in by then is closed.
  std::chrono::seconds login_deadline{60};
  /// A connection on which nothing comes and goes for so long is closed; 0: never.
  std::chrono::seconds idle_timeout{0};
  /// Longest user or room name.
  std::size_t name_bytes_max = 64;
  /// After so much output the backlog of all connections is weighed again.
  std::size_t census_bytes = 16 * 1024 * 1024;
};

/// What a gateway is made of.
struct gateway_settings {
  gateway_id id = 0;
  std::shared_ptr<const dialect> speaks;
  registry_actor registry;
  quota_actor quota;
  session_spawner spawn_session = nullptr;
  gateway_limits limits;
  std::shared_ptr<spdlog::logger> log;
};

/// What the network tells a gateway, beside what the actors do.
using gateway_broker = gateway_actor::extend<
    caf::reacts_to<caf::io::new_connection_msg>, caf::reacts_to<caf::io::new_data_msg>,
    caf::reacts_to<caf::io::connection_passivated_msg>,
    caf::reacts_to<caf::io::data_transferred_msg>, caf::reacts_to<caf::io::connection_closed_msg>>;

/// Owns the connections of one listener and everything that is queued for them.
///
/// Reads a connection only when its session is done with what came before, so at most one chunk of
/// input per connection is ever in the mailboxes. Output is collected while the gateway works
/// through its mailbox and flushed afterwards: replies at once, texts for a limited number of
/// readers a round, so that what comes in while a large room is served goes out with the same
/// system calls, and so that nobody waits for a large room.
class gateway final : public essential_broker<gateway_broker::broker_base> {
 public:
  /// Accepts at each of `doormen`, whose links are of class `link`.
  gateway(caf::actor_config& config, gateway_settings settings,
          std::vector<caf::io::doorman_ptr> doormen);

  const char* name() const override { return "gateway"; }
  resume_result resume(caf::execution_unit* context, std::size_t messages_max) override;

 protected:
  behavior_type make_behavior() override;

 private:
  using clock = connection::clock;

  /// How long a connection that is leaving may go without taking anything.
  static constexpr std::chrono::seconds leave_span{3};

  /// All readers that wait are flushed in so many loop rounds or more: a text needs three rounds
  /// from the socket to their output, and those whose turn is yet to come get it with one `send`.
  static constexpr std::size_t rounds_per_crowd = 8;

  /// How many readers are flushed in one loop round (docs/performance.md says why so many).
  static constexpr std::size_t readers_per_round_min = 16;
  static constexpr std::size_t readers_per_round_max = 64;

  /// With no more readers than this, the readers have their text before the writer has its reply.
  static constexpr std::size_t readers_before_writer_max = 16;

  /// With more output than this waiting for its turn, all of it is flushed at once.
  static constexpr std::size_t unflushed_bytes_max = 32 * 1024 * 1024;

  /// A limit that bites again within this span is counted but not logged again.
  static constexpr std::chrono::seconds limit_log_span{1};

  /// So many refused connections may linger to hear why; more are just closed.
  static constexpr std::size_t turned_away_max = 3;

  /// What is to be looked at when a time has come.
  enum class concern { login, leaving, idle, throttled, census };

  /// Something to look at later; the connection may be gone by then.
  struct deadline {
    clock::time_point due;
    concern about;
    connection_key key;
    std::size_t undelivered_before;  ///< Bytes, for a connection that is leaving.

    friend bool operator<(const deadline& left, const deadline& right) {
      return left.due > right.due;  // The earliest is on top of a priority queue.
    }
  };

  // From the network and the quota (gateway.cpp).
  void on_new_connection(caf::io::connection_handle handle);
  void on_admitted(connection_key key, const std::string& address);
  void on_refused(connection_key key, refusal why);
  void on_input(caf::io::new_data_msg& input);
  void on_end_of_input(caf::io::connection_handle handle);
  void on_progress(const caf::io::data_transferred_msg& progress);
  void on_closed(caf::io::connection_handle handle);
  void dismiss_session(connection& whose);
  void on_session_down(const caf::down_msg& down);
  void on_login(connection_key key, std::string& user);
  void on_limit(connection_key key, limit which);
  void on_offence(connection_key key, const std::string& why);
  void note_limit(const connection& whose, limit which);
  gateway_report report();
  void spend_allowance(connection& source, std::size_t bytes);
  void read_on(connection& ready);
  void let_go(connection& leaver);
  void close(connection& unwanted, cut_reason why);
  void forget(connection& gone);
  gateway_actor self_handle() { return caf::actor_cast<gateway_actor>(ctrl()); }

  // What goes out (gateway_output.cpp).
  void on_reply(receipt& reply);
  void on_publish(const event_batch& batch, const audience_ptr& readers);
  void on_publish_from_here(const event_batch& batch, const audience_ptr& readers, receipt& reply,
                            std::size_t elsewhere);
  void on_publish_from_elsewhere(const event_batch& batch, const audience_ptr& readers,
                                 const receipt& reply);
  void on_queued(connection_key key);
  void on_relieve(std::size_t bytes_max);
  bool should_receive(const connection& reader, const author& who) const;
  void apply_receipt(connection& whose, receipt& reply);
  void append(connection& reader, std::string_view bytes);
  void mark_reader(connection& changed);
  void mark_writer(connection& changed);
  void flush_dirty();
  std::size_t readers_of_one_round() const;
  void flush_writers();
  void flush_readers(std::size_t count_max);
  void flush(connection& changed);
  void unclog(connection& reader);
  void cut(connection& reader, cut_reason why);
  backlog_report weigh_backlog();
  void take_census();
  void cut_largest();

  // Time and shutdown (gateway_deadlines.cpp).
  caf::typed_response_promise<gateway_id> on_drain();
  void on_finish();
  void on_tick();
  void look_at(const deadline& due, clock::time_point time);
  void look_at_leaver(connection& leaver, const deadline& due);
  void look_at_idler(connection& idler, clock::time_point time);
  void remind(clock::duration span, concern about, connection_key key, std::size_t undelivered = 0);
  void tick_after(clock::duration span);
  void check_quiet();
  void check_finished();
  clock::time_point now();

  gateway_settings settings_;
  std::vector<caf::io::doorman_ptr> doormen_;
  delivery_policy policy_;
  connection_table connections_;
  gateway_report counts_;  ///< The counters; `report` fills in the rest.

  std::string encoded_;                        ///< Scratch of `on_publish`.
  std::vector<connection_key> dirty_writers_;  ///< Have replies that were not flushed.
  std::deque<connection_key> dirty_readers_;   ///< Have texts that were not flushed, oldest first.
  bool flush_under_way_ = false;               ///< A message to ourselves gives us another round.
  std::size_t unflushed_bytes_ = 0;            ///< Appended since no reader was dirty.
  std::size_t uncounted_bytes_ = 0;            ///< Appended since the last census.
  bool census_due_ = false;                    ///< There will be another one within a second.

  std::priority_queue<deadline> deadlines_;
  clock::time_point next_tick_ = clock::time_point::max();
  std::size_t turned_away_ = 0;  ///< Refused connections that still hear why.
  std::array<clock::time_point, limit_kinds>
      limit_log_due_{};   ///< By `limit`: when to log it again.
  std::size_t busy_ = 0;  ///< Connections whose session is dealing with input.
  bool draining_ = false;
  bool finishing_ = false;
  clock::time_point finish_by_;
  caf::typed_response_promise<gateway_id> quiet_;
};

}  // namespace confab
