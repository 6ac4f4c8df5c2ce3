#pragma once

#include "actors/history_storage.hpp"
#include "actors/model/held_history.hpp"
#include "actors/model/message_id.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/history.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

/// A storage for what was said that is no disk.
namespace confab::simulation {

/// How a storage fails: in spells, between which it does not.
struct storage_faults {
  std::size_t calm_calls_max = 0;   ///< As many calls succeed in a row; 0: all do.
  std::size_t spell_calls_max = 1;  ///< As many fail in a row.
  std::size_t failed_reads_percent = 0;
  std::uint64_t seed = 0;  ///< Of the lengths of both, and which reads fail.
};

/// Holds what it is given in memory, and writes down what it was asked for.
class simulated_storage {
 public:
  explicit simulated_storage(storage_faults faults) : faults_(faults), random_(faults.seed) {}

  /// From now on nobody is told that something was not kept.
  void hide_failures() { hides_failures_ = true; }

  /// Is one of several that are compared: keeps nothing twice, remembers what was taken back, and
  /// answers in pieces of this size.
  void be_compared(const missing_bounds& pieces) { pieces_ = pieces; }

  /// Its process is gone, and whoever still writes writes nothing; another one may begin.
  void begin_life() { ++life_; }
  std::size_t life() const { return life_; }

  /// The latest run of the server of which it holds something.
  std::uint64_t last_run() const;

  /// From now on nothing fails, or nothing can be kept any more.
  void calm();
  void stay_full();

  storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> batches);
  storage_result<history_page> latest(const std::string& room, std::size_t count_max,
                                      bool texts_only);
  const event_batch* find(const std::string& room, const message_id& which) const;
  bool remove(const std::string& room, const message_id& which);
  storage_size size() const { return {rows_.size(), 1, rows_.size()}; }

  // As in `history_writer` and `history_reader`; only for one that is compared.
  storage_result<std::uint64_t> keep_missing(const missing_events& missing);
  storage_result<std::vector<history_digest>> digests(const digest_question& which);
  storage_result<held_events> held(const held_question& which);
  storage_result<std::vector<event_range>> missing(const std::vector<event_range>& there);
  storage_result<missing_events> fetch(const missing_question& which);

  /// What was tried since the last call was tried now.
  void stamp(moment now);

  /// All texts that it was given by rooms, and those that it holds.
  archive_seen seen() const;

  /// All that it holds, of whatever kind, and what was taken back.
  std::vector<held_event> contents() const;

  /// Some text that it holds; null: there is none.
  std::shared_ptr<const event_batch> any_text(dice& random) const;

 private:
  /// What names an event.
  using id_key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;
  /// By when it came here.
  using event_rows = std::map<std::int64_t, std::shared_ptr<const event_batch>>;

  static id_key key_of(const event_batch& row);
  bool fails_now();
  bool cannot_be_read();
  bool add(std::shared_ptr<const event_batch> row);
  bool remember(const removed_text& text);
  template <class Take>
  void for_each_from(std::int64_t arrival, Take take) const;

  storage_faults faults_;
  dice random_;
  std::optional<missing_bounds> pieces_;  ///< Nothing: it is compared with no other.
  event_rows rows_;
  std::map<std::int64_t, removed_text> removed_;
  std::map<id_key, std::int64_t> arrival_of_;  ///< Of what it holds, and of what was taken back.
  std::int64_t arrivals_ = 0;
  std::vector<keeping> tried_;
  std::set<std::string> taken_back_;  ///< Marks.
  std::size_t stamped_ = 0;
  std::size_t calls_ = 0;
  std::size_t batches_ = 0;
  std::size_t left_of_spell_ = 0;
  bool failing_ = true;  ///< Until the first call.
  std::size_t life_ = 0;
  bool is_full_ = false;
  bool hides_failures_ = false;
};

using simulated_storage_ptr = std::shared_ptr<simulated_storage>;

/// The two sides of a storage, for the archive and its reader.
std::shared_ptr<history_writer> writer_of(simulated_storage_ptr storage);
std::shared_ptr<history_reader> reader_of(simulated_storage_ptr storage);

}  // namespace confab::simulation
