#pragma once

#include "actors/interfaces.hpp"
#include "io/gateway/connection_table.hpp"
#include "io/gateway/incident_log.hpp"
#include "io/gateway/outbound.hpp"

#include <cstddef>

/// Who is read from.
namespace confab {

/// How much a client may ask for before it takes what it has asked for.
struct request_limits {
  /// A connection with more unsent output than this is not read from: its client sends requests
  /// without reading the replies.
  std::size_t unread_replies_bytes_max;
  /// Input comes no faster than this, on average; 0: no limit.
  std::size_t input_bytes_per_second_max;
  /// A batch costs no more work than this: bytes times readers. A text alone may.
  std::size_t work_bytes_per_batch;
};

/// Takes the requests of all connections from their input to the effect of their receipts.
///
/// A connection is read from only when its session is done with what came before, its client has
/// taken its replies, its texts stand in all queues and, if they are much work, were handed to the
/// kernel. So at most one chunk of input per connection is ever in the mailboxes.
class request_flow {
 public:
  /// The gateway, as far as the requests concern it.
  class owner {
   public:
    virtual ~owner() = default;
    /// The session may go on; its next batch may be as large as the connection says.
    virtual void continue_session(connection& whose) = 0;
    /// The session has ended: what is queued is the last that its client gets.
    virtual void hang_up(connection& whose) = 0;
    /// Input comes too fast: `end_of_wait` is to be called after this span.
    virtual void wait_for_input(connection& whose, deadline_clock::duration span) = 0;
    /// One request less is under way.
    virtual void on_request_done() = 0;
    virtual deadline_clock::time_point now() = 0;
    /// The same, or the epoch if no limit asks when something came or went.
    virtual deadline_clock::time_point activity_time() = 0;
  };

  request_flow(connection_table& connections, outbound& output, incident_log& incidents,
               gateway_report& counts, request_limits limits, owner& gateway)
      : connections_(connections),
        output_(output),
        incidents_(incidents),
        counts_(counts),
        limits_(limits),
        gateway_(gateway) {}

  /// An admitted connection may send its first request.
  void open(connection& newcomer);

  /// So many bytes of input go to the session of this connection now.
  void begin(connection& source, std::size_t bytes);

  /// A receipt that no text goes with.
  void on_reply(receipt& reply);

  /// A batch of an author of this gateway. The receipt takes effect when it stands in the queues
  /// of all `readers`, and so many other gateways have said the same of theirs. If there is no text
  /// in it, its bytes are queued at once, and only what follows waits.
  void publish(const event_batch& batch, const audience* readers, receipt& reply,
               std::size_t elsewhere);

  /// Another gateway has queued a batch of this author, for so many readers.
  void on_queued(connection_key author, std::size_t readers);

  /// The texts of this author were handed to the kernel.
  void on_handed_over(connection_key author);

  /// The connection took output: goes on with it if it has waited for that.
  void on_progress(connection& whose);

  /// The client that sent too fast has waited for long enough.
  void end_of_wait(connection& whose, deadline_clock::time_point now);

  /// Reads no more. What was read is answered, though clients may not read the answers.
  void drain();
  bool draining() const { return draining_; }

  /// The connection makes no more requests.
  void abandon(connection& whose);

  /// How many connections have a request under way.
  std::size_t in_flight() const { return in_flight_; }

 private:
  void apply(connection& whose, receipt& reply);
  void take_step(connection& whose, next_step next);
  void read_on(connection& ready);

  connection_table& connections_;
  outbound& output_;
  incident_log& incidents_;
  gateway_report& counts_;
  request_limits limits_;
  owner& gateway_;
  std::size_t in_flight_ = 0;
  bool draining_ = false;
};

}  // namespace confab
