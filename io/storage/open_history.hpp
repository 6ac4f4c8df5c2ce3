#pragma once

#include "actors/history_storage.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace confab {

/// Where the history is kept, and how.
struct history_settings {
  std::string path;  ///< One file; SQLite puts `-wal` and `-shm` beside it, and we `.lock`.
  /// How much is to be kept in all (`history_retention::bytes_max`), if that is known: the log
  /// beside the file stays within a part of it. 0: no limit.
  std::uint64_t bytes_max = 0;
  /// What was kept survives a loss of power. Else it survives the end of the process only.
  bool is_synced = true;
  /// The name of a dialect that lives on, for one that was read (`identity::dialect`).
  std::string_view (*dialect_of)(std::string_view name) = nullptr;

  const char* vfs = nullptr;  ///< For tests: by which SQLite reaches files.
  /// For tests: steps from one version of the file to the next, instead of those that there are.
  std::span<const char* const> migration_steps = {};
};

/// The two ends of one history. The reader must not be used before the writer exists, and may live
/// longer. Each may be used by a thread of its own.
struct history_files {
  std::unique_ptr<history_writer> writer;
  std::unique_ptr<history_reader> reader;
  std::uint64_t last_run = 0;  ///< No run of which something is kept is later (`stamp::run`).
};

/// Opens the history, makes the file if it is not there, and brings it to this version. Or says in
/// one line why it cannot be used: then the file is as it was. The writer holds a lock until it
/// goes: no other process can open the history to write.
std::variant<history_files, std::string> open_history(const history_settings& settings);

/// Opens a history to read, while a server may use it. Or says in one line why it cannot be used.
std::variant<std::unique_ptr<history_reader>, std::string> open_history_to_read(
    const history_settings& settings);

}  // namespace confab
