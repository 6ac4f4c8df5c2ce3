#pragma once

#include "actors/dialect.hpp"
#include "actors/interfaces.hpp"
#include "io/gateway/backlog_index.hpp"
#include "io/gateway/connection_table.hpp"
#include "io/gateway/flush_scheduler.hpp"
#include "io/gateway/memory_credit.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What a gateway puts on the wire.
namespace confab {

/// How much output may wait.
struct outbound_limits {
  /// A connection with more unsent output than this is cut: its client reads too slowly.
  std::size_t backlog_bytes_max;
  flush_limits flush;
};

/// The output of all connections of a gateway: queues it, flushes it in rounds, and keeps the
/// memory that it takes within the credit that the quota has given.
///
/// Before it queues anything it makes sure that what is held already fits into the credit, by
/// flushing and, if that does not suffice, by cutting the slowest readers. So what is held is never
/// more than the credit and one batch.
class outbound final : private flush_scheduler::owner {
 public:
  /// The gateway, as far as its output concerns it.
  class owner {
   public:
    virtual ~owner() = default;
    /// The reader is too slow. It has to be gone when this returns.
    virtual void on_slow_reader(connection& reader, cut_reason why) = 0;
    /// The connection took output; it may have been paused for its backlog.
    virtual void on_progress(connection& reader) = 0;
    /// The texts of this author were handed to the kernel, as far as it takes them.
    virtual void on_handed_over(const waiting_author& author) = 0;
  };

  outbound(connection_table& connections, const dialect& speaks, gateway_id id,
           outbound_limits limits, output_memory& memory, gateway_report& counts, owner& gateway);
  ~outbound() override;

  /// A batch that was queued for its readers.
  struct publication {
    std::size_t readers = 0;
    std::uint64_t work_bytes = 0;     ///< What it costs: bytes times readers.
    audience_queue* queue = nullptr;  ///< Valid until the next call; null if nobody reads it.
  };

  /// Queues the events for those of the readers whom they concern, encoded once for each class of
  /// readers. What the author itself gets is appended to `own_copy` instead, if there is one.
  publication publish(const event_batch& batch, const audience& readers,
                      deadline_clock::time_point now, std::string* own_copy = nullptr);

  /// Turns all that a request is answered into the bytes of its receipt: what its author has heard
  /// of it, the bytes, the answer; marked if the author wants that; and what was said before.
  void complete(const connection& whose, receipt& reply, std::string_view own_copy) const;

  /// True when the author of the batch just published has to wait until it was handed to the
  /// kernel; `on_handed_over` comes then.
  bool must_wait(const publication& which, waiting_author author);

  /// Queues a reply. The connection may be gone afterwards: cut, since it does not read.
  void reply(connection& whose, std::string_view bytes, deadline_clock::time_point now);

  /// Flushes one round; `another_follows` is for the scheduler. Returns true when there is more to
  /// flush: look at the network, then come back.
  bool flush_round(bool another_follows);

  /// The socket of a connection has taken output by itself, or the connection begins to close.
  void update_backlog(connection& whose);

  /// The connection is no more: its output is forgotten.
  void remove(connection& gone);

  /// The gateway has ended: lets go of the authors that wait, which are of other gateways too.
  void end() { scheduler_.clear(); }

  memory_credit& credit() { return credit_; }
  const memory_credit& credit() const { return credit_; }

  /// Gives up memory until no more is held than the credit allows.
  void keep_within_credit();

 private:
  struct delivery;
  struct encoding;

  // flush_scheduler::owner
  flush_scheduler::flushed flush_reader(connection_key key, std::size_t bytes_max) override;
  void flush_writer(connection_key key) override;
  void on_handed_over(const waiting_author& author) override { gateway_.on_handed_over(author); }

  encoding& encoding_for(const event_batch& batch, reader_form form);
  bool should_receive(const connection& reader, const event_batch& batch,
                      delivery_policy policy) const;
  void append_replay(const connection& whose, receipt& reply) const;
  bool write(encoding& form, audience_queue& queue, std::size_t readers);
  void deliver(connection_key key, const delivery& what, deadline_clock::time_point now);
  bool note_output(connection& whose, std::size_t bytes, deadline_clock::time_point now);
  template <class Append>
  bool enqueue(connection_key key, Append append);
  void check_backlog(connection& reader);
  void cut_slowest_until(std::size_t held_bytes);
  template <class Allocating>
  bool with_memory(Allocating work);

  connection_table& connections_;
  const dialect& speaks_;
  gateway_id id_;
  outbound_limits limits_;
  output_memory& memory_;
  gateway_report& counts_;
  owner& gateway_;
  memory_credit credit_;
  flush_scheduler scheduler_;
  backlog_index backlog_;
  std::vector<std::unique_ptr<encoding>>
      encodings_;  ///< Scratch of `publish`, kept for its memory.
  std::size_t encodings_used_ = 0;
  std::string framed_reply_;  ///< Scratch of `reply`.
};

}  // namespace confab
