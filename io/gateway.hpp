#pragma once

#include "actors/dialect.hpp"
#include "actors/interfaces.hpp"
#include "actors/session.hpp"
#include "io/connection_table.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
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

/// What a gateway may use up, so that no client can use up the server.
struct gateway_limits {
  std::size_t connections_max = 1024;
  /// A connection with more unsent output than this is cut: its client reads too slowly.
  std::size_t backlog_bytes_max = 16 * 1024 * 1024;
  /// A connection with more unsent output than this is not read from: its client sends requests
  /// without reading the replies.
  std::size_t unread_replies_bytes_max = 1024 * 1024;
  /// A connection that has not logged in by then is closed.
  std::chrono::seconds login_deadline{60};
  /// Longest user or room name; the longest line of the tagged dialect has room for no more.
  std::size_t name_bytes_max = 255;
};

/// What a gateway is made of.
struct gateway_settings {
  gateway_id id = 0;
  std::shared_ptr<const dialect> speaks;
  registry_actor registry;
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
class gateway final : public gateway_broker::broker_base {
 public:
  /// Accepts at `doorman`, whose links are of class `link`.
  gateway(caf::actor_config& config, gateway_settings settings, caf::io::doorman_ptr doorman);

  const char* name() const override { return "gateway"; }
  resume_result resume(caf::execution_unit* context, std::size_t messages_max) override;

 protected:
  behavior_type make_behavior() override;

 private:
  using clock = std::chrono::steady_clock;

  /// How long a connection that is leaving may go without taking anything.
  static constexpr std::chrono::seconds leave_span{5};

  /// Readers that are flushed in one loop round (docs/performance.md says why so many).
  static constexpr std::size_t readers_flushed_per_round = 128;

  /// With no more readers than this, the readers have their text before the writer has its reply.
  static constexpr std::size_t readers_before_writer_max = 16;

  /// With more output than this waiting for its turn, all of it is flushed at once.
  static constexpr std::size_t unflushed_bytes_max = 32 * 1024 * 1024;

  /// Something to look at later; the connection may be gone by then.
  struct deadline {
    connection_key key;
    clock::time_point due;
    std::size_t backlog_before = 0;  ///< Bytes, for a connection that is leaving.
  };

  // From the network.
  void on_new_connection(caf::io::connection_handle handle);
  void on_input(caf::io::new_data_msg& input);
  void on_end_of_input(caf::io::connection_handle handle);
  void on_progress(const caf::io::data_transferred_msg& progress);
  void on_closed(caf::io::connection_handle handle);

  // From the actors.
  void on_login(connection_key key, std::string& user);
  void on_reply(receipt& reply);
  void on_publish(const event_batch& batch, const audience_ptr& readers);
  void on_publish_from_here(const event_batch& batch, const audience_ptr& readers, receipt& reply,
                            std::size_t elsewhere);
  void on_publish_from_elsewhere(const event_batch& batch, const audience_ptr& readers,
                                 const receipt& reply);
  void on_taken(connection_key key);

  void refuse(link& wire);
  void deliver(connection& reader);
  bool hears(const connection& reader, const author& who) const;
  void settle(connection& whose, receipt& reply);
  void let_read_on(connection& ready);
  void append(connection& reader, std::string_view bytes);
  void mark_reader(connection& changed);
  void mark_writer(connection& changed);
  void flush_dirty();
  void flush_writers();
  void flush_readers(std::size_t count_max);
  void flush(connection& changed);
  void let_go(connection& leaver);
  void cut(connection& reader);
  void forget(connection& gone);

  // Time and shutdown (gateway_deadlines.cpp).
  caf::typed_response_promise<caf::unit_t> on_drain();
  void on_finish();
  void on_tick();
  void watch_clock(std::chrono::milliseconds interval);
  void check_logins(clock::time_point now);
  void check_leavers(clock::time_point now);
  void check_quiet();
  void check_finished();
  clock::time_point now();

  gateway_settings settings_;
  caf::io::doorman_ptr doorman_;
  hearing hearing_;
  connection_table connections_;
  std::vector<connection_key> dirty_writers_;  ///< Have replies that were not flushed.
  std::deque<connection_key> dirty_readers_;   ///< Have texts that were not flushed, oldest first.
  bool flush_under_way_ = false;               ///< A message to ourselves gives us another round.
  std::size_t unflushed_bytes_ = 0;            ///< Appended since no reader was dirty.
  std::string encoded_;                        ///< Scratch of `on_publish`.
  std::deque<deadline> login_deadlines_;       ///< All the same span, so the first is the next.
  std::deque<deadline> leave_deadlines_;
  bool clock_watched_ = false;
  bool full_ = false;
  std::size_t busy_ = 0;  ///< Connections whose session is dealing with input.
  bool draining_ = false;
  bool finishing_ = false;
  clock::time_point finish_by_;
  caf::typed_response_promise<caf::unit_t> quiet_;
};

}  // namespace confab
