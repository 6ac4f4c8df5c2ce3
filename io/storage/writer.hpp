#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/author_table.hpp"
#include "io/storage/event_remover.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/event_run.hpp"
#include "io/storage/file_lock.hpp"
#include "io/storage/file_upkeep.hpp"
#include "io/storage/life_finder.hpp"
#include "io/storage/lower_limit.hpp"
#include "io/storage/open_history.hpp"
#include "io/storage/retention.hpp"
#include "io/storage/room_ledger.hpp"
#include "io/storage/schema.hpp"
#include "io/storage/slot_digests.hpp"
#include "io/storage/sqlite.hpp"
#include "io/storage/word_index.hpp"

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace confab::storage {

/// How a file is opened, to write it or to read it only.
connection_settings settings_for(const history_settings& settings);

/// Writes one file. After an error it forgets what it knew of the file, and after most it opens the
/// file again before the next call.
class sqlite_writer : public history_writer {
 public:
  /// Throws if the file cannot be used.
  sqlite_writer(history_settings settings, file_lock lock);
  sqlite_writer(const sqlite_writer&) = delete;
  sqlite_writer& operator=(const sqlite_writer&) = delete;
  ~sqlite_writer() override;

  storage_outcome keep(std::span<const std::shared_ptr<const event_batch>> batches) override;
  storage_result<text_origin> origin_of(const std::string& room, const message_id& id) override;
  storage_result<bool> redact(const std::string& room, const message_id& id) override;
  storage_result<bool> tidy(const history_retention& limits, std::int64_t now_ms) override;
  storage_size size() const override;
  storage_result<std::uint64_t> keep_missing(const missing_events& missing,
                                             const history_retention& limits,
                                             std::int64_t now_ms) override;

  /// The latest run of which something is kept. Throws if that cannot be read.
  std::uint64_t last_run();

 private:
  /// The open file, and what is known of it.
  struct open_file {
    explicit open_file(const history_settings& settings);
    void forget();
    std::int64_t used_bytes();

    connection database;
    event_rows rows;
    author_writer authors;
    life_finder lives;
    slot_digests digests;
    room_ledger ledger;
    event_remover remover;
    word_index words;
    retention removal;
    file_upkeep upkeep;
    run_adder adder;
    lower_limit limit;
    statement remember_removed;
    statement pages, free_pages;
    std::uint64_t events = 0;  ///< In the file, after the last commit.
    std::uint64_t rooms = 0;   ///< That have any.
    bool has_removed = false;  ///< There may be texts that were taken back.
    int chore = 0;             ///< Which one's turn it is when there is time.
  };

  /// What `work` returns for the open file, or why there is nothing.
  template <class Work>
  auto attempt(Work work) -> storage_result<decltype(work(std::declval<open_file&>()))>;
  void recover(int code);
  std::uint64_t keep_batch(open_file& file, const event_batch& batch);
  void keep_run(open_file& file, const event_batch& batch, std::size_t first, std::size_t count,
                std::int64_t id, bool is_late = false);
  std::uint64_t keep_late(open_file& file, const event_batch& batch, std::int64_t from_ms);
  static bool remember(open_file& file, const removed_text& text);
  static event_remover::outcome take_back(open_file& file, const removed_text& text);
  static bool do_chore(open_file& file, int which, const history_retention& limits,
                       std::int64_t now_ms);

  history_settings settings_;
  file_lock lock_;
  std::unique_ptr<open_file> file_;  ///< Null: to be opened again.
  storage_size last_;                ///< How much there was when it was open.
  std::string buffer_, lengths_;
};

}  // namespace confab::storage
