#pragma once

#include "actors/interfaces.hpp"
#include "io/gateway/connection_table.hpp"
#include "io/gateway/incident_log.hpp"
#include "io/gateway/outbound.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

/// Who is read from.
namespace confab {

/// How much a client may ask for before it takes what it has asked for.
struct request_limits {
  /// A connection with more unsent output than this is not read from: its client sends requests
  /// without reading the replies.
  std::size_t unread_replies_bytes_max;
  /// Input comes no faster than this.
  input_allowance input_bytes;
  /// The same for lines, of connections whose lines count.
  input_allowance input_lines;
  /// A batch costs no more work than this: bytes times readers. A text alone may.
  std::size_t work_bytes_per_batch;
  /// What a client hears of its own texts tells it that they were kept, if that is done at all: it
  /// comes with the replies.
  bool echo_confirms = false;
  /// So many batches of one client may wait for the archive before it is read again.
  std::size_t unconfirmed_batches_max = 4;
};

/// Takes the requests of all connections from their input to the effect of their receipts.
///
/// A connection is read from only when its session is done with what came before, its client has
/// taken its replies, its texts stand in all queues and, if they are much work, were handed to the
/// kernel. So at most one chunk of input per connection is ever in the mailboxes, or kept here.
class request_flow {
 public:
  /// The gateway, as far as the requests concern it.
  class owner {
   public:
    virtual ~owner() = default;
    /// These bytes of the client are for its session.
    virtual void hand_input(connection& whose, std::vector<char> bytes) = 0;
    /// The session may go on; its next batch may be as large as the connection says.
    virtual void continue_session(connection& whose) = 0;
    /// The session has ended: what is queued is the last that its client gets.
    virtual void hang_up(connection& whose) = 0;
    /// Input has come too fast: `end_of_wait` is to be called after this span.
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

  /// Something has come. It goes to the session of the connection, if its lines do not count, or
  /// all of them may be carried out now. Else the lines that are too many are kept, and follow as
  /// they are allowed. Nothing more is read before they have.
  void on_input(connection& source, std::vector<char> input);

  /// A receipt that no text goes with.
  void on_reply(receipt& reply);

  /// A batch of an author of this gateway. The receipt takes effect when it stands in the queues
  /// of all `readers`, and so many other gateways have said the same of theirs. If there is no text
  /// in it, its bytes are queued at once, and only what follows waits.
  /// Null for `batch` and `readers`: nobody of this gateway hears of it.
  void publish(const event_batch* batch, const audience* readers, receipt& reply,
               std::size_t elsewhere);

  /// Another gateway has queued a batch of this author, for so many readers.
  void on_queued(connection_key author, std::size_t readers);

  /// The archive has kept something that this author did, or could not. Replies that have waited
  /// for that are written.
  void on_kept(connection_key author, bool kept);

  /// The texts of this author were handed to the kernel.
  void on_handed_over(connection_key author);

  /// The connection took output: goes on with it if it has waited for that.
  void on_progress(connection& whose);

  /// The client that sent too fast has waited for long enough.
  void end_of_wait(connection& whose, deadline_clock::time_point now);

  /// Reads no more. What was read is answered, though clients may not read the answers.
  void drain();
  bool draining() const { return draining_; }

  /// Whether the connection is listened to. The silence of one that is not means nothing.
  static bool reads_from(const connection& whose) {
    return !whose.request_in_flight && !whose.throttled;
  }

  /// The connection makes no more requests.
  void abandon(connection& whose);

  /// How many connections have a request under way, or wait for the archive.
  std::size_t in_flight() const { return in_flight_ + unconfirmed_; }

 private:
  confirmations& confirmations_of(connection& whose);
  bool wait_for_archive(connection& whose, receipt& reply);
  bool write_reply(connection& whose, std::string_view bytes);
  bool write_confirmed(connection& whose);
  void apply(connection& whose, receipt& reply, std::string_view own_copy = {});
  void take_step(connection& whose, next_step next);
  void read_on(connection& ready);
  void hand_over(connection& source, std::vector<char> input);
  void hand_over_kept(connection& source, std::size_t bytes);
  std::size_t spend_lines(connection& source, std::span<const char> input);

  connection_table& connections_;
  outbound& output_;
  incident_log& incidents_;
  gateway_report& counts_;
  request_limits limits_;
  owner& gateway_;
  std::size_t in_flight_ = 0;
  std::size_t unconfirmed_ = 0;  ///< Connections that wait for the archive.
  bool draining_ = false;
};

}  // namespace confab
