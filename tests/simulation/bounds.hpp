#pragma once

#include "tests/simulation/client.hpp"
#include "tests/simulation/gateway_watch.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/server.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

/// The bounds of what the server holds, of what it does in one step, and of how long it lets others
/// wait.
namespace confab::simulation {

/// Judges every step of a run. Clause by clause:
///
/// * MEMORY: what all gateways hold for their readers is no more than the quota, and what each of
///   them added last.
/// * WORK: a batch costs no more than it may, and a round of flushing serves no more readers.
/// * SERVICE: a reader that takes output gets what is queued, and an author is read again, within
///   a number of turns that does not depend on slow readers.
/// * AUTHOR: the output of a room that the kernel was not offered yet is no more than the limit and
///   one batch of each author.
///
/// MEMORY is judged in every run, the others where a crowd keeps to its rooms (`plan::crowd`).
class bounds {
 public:
  using crowd = std::vector<std::unique_ptr<client>>;

  /// `design` and `watched` outlive this; `notes` has one entry per gateway.
  bounds(const plan& design, const server& watched, std::vector<gateway_watch_ptr> notes);

  /// A step begins.
  void begin_step(const crowd& clients);

  /// A step is over in which a gateway has run, if it has a number.
  void end_step(std::optional<std::size_t> gateway, const crowd& clients);

  /// All actors that had something to do have run once. Told only if none of them has to wait for
  /// longer than that.
  void end_lap(const crowd& clients);

  /// All members of the crowd are in their rooms, or gone.
  void crowd_is_complete() { judges_crowd_ = !plan_.crowd.empty(); }

  /// The members of the crowd begin to leave.
  void crowd_leaves() { judges_crowd_ = false; }

  /// The first breach of each clause, in words.
  const std::vector<std::string>& findings() const { return findings_; }

 private:
  /// Those who listen in one room behind one gateway.
  struct audience_watch {
    std::size_t gateway = 0;
    std::string room;
    std::vector<std::size_t> listeners;  ///< Numbers of clients; some may be gone.
    std::vector<std::size_t> readers;    ///< The same without authors.
    std::size_t turns_max = 0;  ///< A reader is served within so many runs after the first one.
  };

  /// What is known about one client of the crowd.
  struct member_watch {
    std::size_t flushes_before = 0;  ///< When the step began.
    std::size_t runs_waited = 0;     ///< Of its gateway, with output that was not offered.
    std::size_t laps_waited = 0;     ///< Without being read and without a batch.
    bool has_progressed = false;     ///< In the present lap.
    std::vector<std::size_t> batch_bytes_max;  ///< Of its largest batch, by gateway.
  };

  audience_watch& audience_of(std::size_t gateway, const std::string& room);
  bool was_small(const audience_watch& group) const;
  bool is_large(const audience_watch& group, const crowd& clients) const;
  std::size_t listeners_behind(std::size_t gateway) const;
  std::size_t readers_per_round_max(std::size_t gateway) const;
  std::size_t turns_of_large(const audience_watch& group) const;
  std::size_t laps_max(const std::string& room) const;
  void note_queues(const crowd& clients);
  std::size_t open_listeners(const std::string& room, const crowd& clients) const;
  std::size_t open_readers(const encoded_batch& batch, const crowd& clients) const;

  void check_memory(const crowd& clients);
  void note_batches();
  void check_batches(const crowd& clients);
  void check_round(std::size_t gateway, const crowd& clients);
  void check_readers(std::size_t gateway, const crowd& clients);
  void check_unoffered(const crowd& clients);
  void find(const std::string& clause, const std::string& what);

  const plan& plan_;
  const server& server_;
  std::vector<gateway_watch_ptr> notes_;
  std::vector<audience_watch> audiences_;
  std::vector<member_watch> members_;
  std::size_t largest_queue_bytes_ = 0;  ///< Of a client that takes output.
  bool judges_crowd_ = false;
  std::set<std::string> breached_;
  std::vector<std::string> findings_;
};

}  // namespace confab::simulation
