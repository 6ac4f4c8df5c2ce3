#pragma once

#include "actors/history_storage.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/history.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
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

  storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> batches);
  storage_result<history_page> latest(const std::string& room, std::size_t count_max,
                                      bool texts_only);
  const event_batch* find(const std::string& room, const message_id& which) const;
  bool remove(const std::string& room, const message_id& which);
  storage_size size() const { return {rows_.size(), 1, rows_.size()}; }

  /// What was tried since the last call was tried now.
  void stamp(moment now);

  /// All texts that it was given, and those that it holds.
  archive_seen seen() const;

 private:
  bool fails_now();

  storage_faults faults_;
  dice random_;
  history_page rows_;
  std::vector<keeping> tried_;
  std::size_t stamped_ = 0;
  std::size_t calls_ = 0;
  std::size_t batches_ = 0;
  std::size_t left_of_spell_ = 0;
  bool failing_ = true;  ///< Until the first call.
  bool hides_failures_ = false;
};

using simulated_storage_ptr = std::shared_ptr<simulated_storage>;

/// The two sides of a storage, for the archive and its reader.
std::shared_ptr<history_writer> writer_of(simulated_storage_ptr storage);
std::shared_ptr<history_reader> reader_of(simulated_storage_ptr storage);

}  // namespace confab::simulation
