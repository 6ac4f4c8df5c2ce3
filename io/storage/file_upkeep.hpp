#pragma once

#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <limits>

namespace confab::storage {

/// Keeps the file small and clean: gives back pages that are free, carries the log over into the
/// file, and wipes out the words of texts that were redacted.
class file_upkeep {
 public:
  /// Follows the log of this connection, which is carried over when it has grown by so many pages.
  file_upkeep(connection& database, std::int64_t log_pages_max);
  file_upkeep(const file_upkeep&) = delete;
  file_upkeep& operator=(const file_upkeep&) = delete;

  /// Has the words of redacted texts wiped out in time, even after another start. Within the
  /// transaction of the caller.
  void order_wiping();

  /// Wipes out some of what was ordered, outside of a transaction. Returns whether there was
  /// something to do: then nothing else should change the index of words, or it begins again. All
  /// the index is written anew, so it is not begun more often than once a minute.
  bool wipe(std::int64_t now_ms);

  /// Does a small part of the rest, outside of a transaction. Returns whether there was something
  /// to do.
  bool step() { return vacuum() || carry_over(); }

  /// Forgets what it knew: a transaction has failed.
  void forget();

 private:
  static int note_log(void* self, sqlite3* database, const char* schema, int pages);
  bool vacuum();
  bool carry_over();

  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

  connection& database_;
  std::int64_t log_pages_max_;
  std::int64_t log_pages_ = 0;      ///< After the last commit.
  std::int64_t carried_pages_ = 0;  ///< When the log was last carried over.
  bool may_wipe_ = true;            ///< It was ordered, or that is not known.
  bool is_wiping_ = false;          ///< It was begun.
  std::int64_t wiped_ms_ = never;   ///< When it was last done.
  bool empties_log_ = true;         ///< As soon as nobody reads.
  statement is_ordered_, order_, done_, merge_, pages_, free_pages_;
};

}  // namespace confab::storage
