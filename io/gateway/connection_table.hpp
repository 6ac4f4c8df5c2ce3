#pragma once

#include "actors/interfaces.hpp"
#include "io/gateway/backlog_index.hpp"
#include "io/gateway/confirmations.hpp"
#include "io/gateway/deadline_queue.hpp"
#include "io/gateway/input_throttle.hpp"
#include "io/gateway/reader_form.hpp"
#include "io/net/link.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

/// The connections of one gateway.
namespace confab {

/// Lines that were read before their client may have them carried out.
struct kept_input {
  std::vector<char> bytes;
  std::size_t handed_bytes = 0;  ///< So many of them went to the session.

  std::span<const char> rest() const { return std::span{bytes}.subspan(handed_bytes); }
};

/// The end of a request that waits until others have dealt with it.
struct pending_reply {
  receipt reply;
  std::string own_copy;  ///< What the author is to hear of its own texts.
};

/// One connection of a gateway: its link, its session, and what stands between them.
struct connection {
  connection_key key = 0;
  caf::intrusive_ptr<link> wire;
  std::string address;      ///< Of the peer, without the port.
  session_actor session;    ///< Null before admission and when the session has ended by itself.
  identity_ptr who;         ///< Null before the login.
  reader_class reader = 0;  ///< Which form of its protocol it reads,
  output_form framing = output_form::lines;  ///< and what is put around its lines.

  bool admitted = false;            ///< Counts in the server's quota.
  bool request_in_flight = false;   ///< The session is dealing with input; no more is read.
  bool paused_for_backlog = false;  ///< Replies pile up unread; no more is read.
  bool throttled = false;           ///< Input came too fast; no more is read for a while.
  bool flush_queued = false;        ///< Waits to be flushed as a reader.
  bool reply_queued = false;        ///< Waits to be flushed as a writer.
  bool refused_lingering = false;   ///< Refused, and lingers to hear why.
  bool probed = false;              ///< Was asked whether it is there.
  bool counts_lines = false;        ///< May send only so many lines a second.
  bool leaving = false;             ///< Only what is queued is still written.

  std::optional<next_step> deferred_step;      ///< Comes when nothing is waited for any more.
  std::unique_ptr<pending_reply> pending;      ///< Waits for acks of other gateways.
  std::int32_t acks_outstanding = 0;           ///< How many; negative: they were faster.
  std::unique_ptr<confirmations> unconfirmed;  ///< Null: nothing waits for the archive.
  bool settling = false;                       ///< No more is read before nothing does.
  std::uint32_t handovers_outstanding = 0;     ///< Batches that were not handed to the kernel yet.
  batch_bytes batch_bytes_max = 1;             ///< How large its next batch may be.
  std::size_t batch_readers = 0;               ///< Of its last batch, as far as they are counted.

  input_throttle throttle;           ///< Of bytes,
  input_throttle lines;              ///< and of lines, if they count.
  std::unique_ptr<kept_input> kept;  ///< Null: all that was read went to the session.
  deadlines timers;
  deadline_clock::time_point last_active;  ///< When something came or went, if that matters.
  deadline_clock::time_point last_input;   ///< When it last was not silent, likewise.
  deadline_clock::time_point leaving_since;
  std::size_t undelivered_bytes = 0;  ///< When it was last looked at, while leaving.
  backlog_position backlog;           ///< Its place in the gateway's `backlog_index`.

  reader_form form() const { return {reader, framing}; }
};

/// Finds connections by the key that the rooms know and by the handle that the network loop knows.
/// Addresses of connections are stable; keys are never used twice.
class connection_table {
 public:
  /// Makes an entry for a new link and gives it a key.
  connection& add(caf::intrusive_ptr<link> wire);

  /// Forgets a connection; the reference is dead afterwards.
  void remove(connection& gone);

  /// Forgets all connections.
  void clear();

  /// The connection with this key, or null if it is gone. Constant time, no hashing.
  connection* find(connection_key key);

  /// The connection with this handle, or null.
  connection* find(caf::io::connection_handle handle);

  std::size_t size() const { return by_handle_.size(); }

  /// Calls `visit(connection&)` for all connections; `visit` may remove the one that it is given.
  template <class Visitor>
  void for_each(Visitor visit) {
    for (std::size_t i = 0; i < slots_.size(); ++i)
      if (slots_[i].occupant)
        visit(*slots_[i].occupant);
  }

 private:
  struct slot {
    std::uint32_t uses = 0;
    std::unique_ptr<connection> occupant;
  };

  static std::uint32_t slot_of(connection_key key) { return static_cast<std::uint32_t>(key); }

  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::unordered_map<std::int64_t, std::uint32_t> by_handle_;
};

}  // namespace confab
