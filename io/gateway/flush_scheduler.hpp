#pragma once

#include "actors/interfaces.hpp"
#include "io/gateway/reader_form.hpp"
#include "io/output/shared_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

/// In which order output is handed to the kernel.
namespace confab {

/// How output is handed over. docs/performance.md gives the reason for each number.
struct flush_limits {
  /// Audiences with no more readers than this share a queue, and their readers get copies: that
  /// costs less than to share a block.
  std::size_t small_audience_max = 8;
  /// How many readers of large audiences are served in one round: an eighth of those who wait,
  /// within these bounds.
  std::size_t large_readers_per_round_min = 16;
  std::size_t large_readers_per_round_max = 32;
  /// What one reader gets before it is the next one's turn.
  std::size_t reader_bytes_per_turn = 64 * 1024;
  /// With more work than this waiting in a queue, its authors wait until their texts were handed
  /// to the kernel: bytes times readers.
  std::uint64_t handover_work_bytes_max = 48 * 1024 * 1024;
};

/// An author whose texts stand in all queues, but whose readers have not all got them.
struct waiting_author {
  gateway_actor gateway;  ///< Of the author; null: it is our own.
  connection_key connection = 0;
  std::size_t readers = 0;       ///< Of the batch that it waits for.
  std::uint64_t work_bytes = 0;  ///< Of the same.
};

/// The readers of one audience that wait to be flushed, and the batches that wait for them.
///
/// A batch is handed over when each reader that waited when it was queued has been flushed to the
/// end, or takes nothing at the moment.
class audience_queue {
 public:
  explicit audience_queue(output_memory& memory) : memory_(memory) {}

  /// What those of the readers get that read this form.
  shared_stream& stream_of(reader_form form);

  std::size_t size() const { return waiting_.size(); }

  /// Work that was not handed to the kernel yet: bytes times readers.
  std::uint64_t work_bytes() const { return work_bytes_; }

 private:
  friend class flush_scheduler;

  struct waiting_reader {
    connection_key key;
    std::uint64_t since;  ///< The batch that it waits for; it gets the later ones with it.
  };

  struct batch {
    std::size_t readers;  ///< That wait since this batch.
    std::uint64_t work_bytes;
    std::optional<waiting_author> author;
  };

  std::uint64_t next_batch() const { return first_batch_ + batches_.size(); }
  void add(connection_key reader);
  void add(std::uint64_t work_bytes, std::optional<waiting_author> author);
  waiting_reader take();
  void put_back(waiting_reader reader) { waiting_.push_back(reader); }
  void release(const waiting_reader& reader);
  bool is_handed_over() const { return !batches_.empty() && batches_.front().readers == 0; }
  std::optional<waiting_author> take_handed_over();
  void clear();
  bool is_idle() const;

  struct form_stream {
    form_stream(reader_form which, output_memory& memory) : form(which), stream(memory) {}
    reader_form form;
    shared_stream stream;
  };

  output_memory& memory_;
  std::deque<form_stream> streams_;  ///< One for each form in use; a few.
  std::deque<waiting_reader> waiting_;
  std::deque<batch> batches_;           ///< Not handed over yet.
  std::uint64_t first_batch_ = 0;       ///< The number of the first of these.
  std::size_t readers_since_next_ = 0;  ///< That wait since the batch to come.
  std::uint64_t work_bytes_ = 0;
  bool active_ = false;  ///< Waits for its turn.
};

/// Flushes in rounds, with a look at the network between them, so that nobody waits for a large
/// room and what comes in meanwhile leaves with the same system calls.
///
/// Every round serves all clients that wait for replies, the small audiences, which share one
/// queue, and then the large ones in turn (deficit round robin, by bytes).
class flush_scheduler {
 public:
  /// What a flush did.
  struct flushed {
    std::size_t bytes = 0;  ///< Written.
    bool more = false;      ///< Not all was written, and the kernel would take more.
  };

  /// Whoever owns the connections.
  class owner {
   public:
    virtual ~owner() = default;
    /// Writes what the connection has queued, `bytes_max` at most. It may be gone by now.
    virtual flushed flush_reader(connection_key key, std::size_t bytes_max) = 0;
    /// Writes what the connection has queued; what does not fit in one turn needs `add_writer`.
    virtual void flush_writer(connection_key key) = 0;
    /// The texts of this author were handed to the kernel, as far as it takes them.
    virtual void on_handed_over(const waiting_author& author) = 0;
  };

  flush_scheduler(output_memory& memory, flush_limits limits)
      : memory_(memory), limits_(limits), small_(memory) {}

  /// The queue of an audience, by the name of its room. An audience that has become small keeps its
  /// queue while readers wait there.
  audience_queue& queue_for(const std::string& room, std::size_t readers);

  /// Whether an audience of so many readers shares the queue of the small ones.
  bool is_small(std::size_t readers) const { return readers <= limits_.small_audience_max; }

  /// This reader of the audience has output. Not to be called again before it was flushed.
  void add_reader(audience_queue& queue, connection_key reader);

  /// This connection has replies. Not to be called again before it was flushed.
  void add_writer(connection_key writer) { writers_.push_back(writer); }

  /// A batch that costs so much work was queued for all readers in the queue. Returns true when its
  /// author has to wait: then `on_handed_over` comes later, exactly once.
  bool add_batch(audience_queue& queue, waiting_author author);

  /// One round. If `another_follows` anyway, after the next look at the network, then a crowd in
  /// small audiences waits for it: what comes in until then leaves with the same system calls.
  void flush_round(owner& by, bool another_follows);

  /// Without rounds, until nothing waits or `enough()`: for when memory is short.
  template <class Enough>
  void flush_until(Enough enough, owner& by) {
    flush_writers(by);
    while (!small_.waiting_.empty() && !enough())
      serve_one(small_, by);
    while (!turns_.empty() && !enough())
      serve_large(by);
  }

  /// Forgets all that waits, authors too.
  void clear();

  /// How many large audiences are remembered.
  std::size_t large_audiences() const { return large_.size(); }

  /// True when anybody waits to be flushed.
  bool has_work() const { return waiting_readers_ > 0 || !writers_.empty(); }

 private:
  void flush_writers(owner& by);
  void flush_small(owner& by);
  void flush_large(owner& by);
  void serve_large(owner& by);
  std::size_t serve_one(audience_queue& queue, owner& by);
  void hand_over(audience_queue& queue, owner& by);
  void tidy();

  output_memory& memory_;
  flush_limits limits_;
  std::vector<connection_key> writers_;
  std::vector<connection_key> writers_being_flushed_;  ///< Empty outside of `flush_writers`.
  audience_queue small_;
  std::unordered_map<std::string, audience_queue> large_;  ///< By room.
  std::deque<audience_queue*> turns_;  ///< The large ones that have readers waiting.
  std::size_t waiting_readers_ = 0;
  std::size_t tidy_at_ = 64;  ///< When there are so many large ones, the idle ones are dropped.
};

}  // namespace confab
