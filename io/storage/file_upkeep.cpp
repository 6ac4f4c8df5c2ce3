#include "io/storage/file_upkeep.hpp"

namespace confab::storage {
namespace {

/// How much of the index of words one call merges, in pages.
constexpr const char* merge_some = "INSERT INTO words(words, rank) VALUES('merge', -32)";

constexpr std::int64_t wipe_every_ms = 60'000;

/// A file may have so many free pages, and one in so many: the next texts need them.
constexpr std::int64_t free_pages_max = 256;
constexpr std::int64_t free_share = 10;

}  // namespace

file_upkeep::file_upkeep(connection& database, std::int64_t log_pages_max)
    : database_(database),
      log_pages_max_(log_pages_max),
      is_ordered_{database, "SELECT value FROM chores WHERE name='wipe words'"},
      order_{database, "INSERT OR REPLACE INTO chores VALUES('wipe words', 1)"},
      done_{database, "DELETE FROM chores WHERE name='wipe words'"},
      merge_{database, merge_some},
      pages_{database, "PRAGMA page_count"},
      free_pages_{database, "PRAGMA freelist_count"} {
  ::sqlite3_wal_hook(database.get(), &file_upkeep::note_log, this);
}

int file_upkeep::note_log(void* self, sqlite3* database, const char* schema, int pages) {
  auto& upkeep = *static_cast<file_upkeep*>(self);
  upkeep.log_pages_ = pages;
  // If nobody tidies, the writer does it.
  if (pages >= 2 * upkeep.log_pages_max_)
    ::sqlite3_wal_checkpoint_v2(database, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  return SQLITE_OK;
}

void file_upkeep::forget() {
  may_wipe_ = true;
}

void file_upkeep::order_wiping() {
  order_.run();
  may_wipe_ = true;
}

/// In the index, what is removed stays until its part is merged with the part that says so. Merging
/// all parts leaves nothing of it.
bool file_upkeep::wipe(std::int64_t now_ms) {
  if (!may_wipe_)
    return false;
  const bool was_just_done =
      wiped_ms_ != never && now_ms >= wiped_ms_ && now_ms - wiped_ms_ < wipe_every_ms;
  if (!is_wiping_ && was_just_done)
    return false;
  transaction all{database_};
  {
    auto rows = is_ordered_.with();
    if (!rows.next()) {
      may_wipe_ = false;
      return false;
    }
  }
  is_wiping_ = true;
  const auto before = ::sqlite3_total_changes64(database_.get());
  merge_.run();
  // So it says that there was nothing to merge.
  const bool is_done = ::sqlite3_total_changes64(database_.get()) - before < 2;
  if (is_done)
    done_.run();
  all.commit();
  if (is_done) {
    may_wipe_ = false;
    is_wiping_ = false;
    wiped_ms_ = now_ms;
    empties_log_ = true;
  }
  return true;
}

bool file_upkeep::vacuum() {
  std::int64_t pages = 0;
  std::int64_t free = 0;
  {
    auto rows = pages_.with();
    pages = rows.next() ? rows.integer(0) : 0;
  }
  {
    auto rows = free_pages_.with();
    free = rows.next() ? rows.integer(0) : 0;
  }
  if (free <= free_pages_max || free * free_share <= pages)
    return false;
  database_.run("PRAGMA incremental_vacuum(64)");
  return true;
}

bool file_upkeep::carry_over() {
  if (empties_log_) {
    // Does not wait for readers: it is tried again.
    ::sqlite3_busy_timeout(database_.get(), 0);
    int left = 0;
    const int code = ::sqlite3_wal_checkpoint_v2(database_.get(), nullptr,
                                                 SQLITE_CHECKPOINT_TRUNCATE, &left, nullptr);
    ::sqlite3_busy_timeout(database_.get(), 2000);
    if (code == SQLITE_OK) {
      empties_log_ = false;
      log_pages_ = carried_pages_ = 0;
      return true;
    }
    if ((code & 0xff) != SQLITE_BUSY)
      database_.fail(code);
    return false;
  }
  if (log_pages_ < carried_pages_)
    carried_pages_ = 0;  // The log has begun again.
  // A page that is written again and again is carried over once.
  if (log_pages_ - carried_pages_ < log_pages_max_)
    return false;
  carried_pages_ = log_pages_;
  const int code = ::sqlite3_wal_checkpoint_v2(database_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE,
                                               nullptr, nullptr);
  if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY)
    database_.fail(code);
  return true;
}

}  // namespace confab::storage
