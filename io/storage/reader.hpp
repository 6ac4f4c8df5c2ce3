#pragma once

#include "actors/history_storage.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/held_finder.hpp"
#include "io/storage/open_history.hpp"
#include "io/storage/page_finder.hpp"
#include "io/storage/sqlite.hpp"

#include <memory>
#include <string>
#include <utility>

namespace confab::storage {

/// What SQLite's syntax for searches calls all of these words, whatever they hold; empty: no words.
std::string match_expression(std::string_view words);

/// Reads one file, while another connection may write it. Each call sees one state of the file, and
/// leaves no statement open: that would keep the log from beginning again.
class sqlite_reader : public history_reader {
 public:
  /// Throws if the file cannot be used.
  explicit sqlite_reader(history_settings settings);

  storage_result<history_page> page(const std::string& room, const history_query& query) override;
  storage_result<std::vector<history_target>> targets(std::span<const std::string> rooms,
                                                      std::int64_t from_ms, std::int64_t to_ms,
                                                      std::size_t count_max) override;
  storage_result<history_page> search(const std::string& room, const history_search& query,
                                      const std::function<bool()>& is_over) override;
  storage_result<std::vector<history_digest>> digests(const digest_question& which) override;
  storage_result<held_events> held(const held_question& which,
                                   const missing_bounds& bounds) override;
  storage_result<std::vector<event_range>> missing(const std::vector<event_range>& ranges,
                                                   std::int64_t slot,
                                                   const history_retention& limits,
                                                   std::int64_t now_ms) override;
  storage_result<missing_events> fetch(const missing_question& which,
                                       const missing_bounds& bounds) override;

 private:
  /// The open file.
  struct open_file {
    explicit open_file(const history_settings& settings);

    connection database;
    event_rows rows;
    page_finder finder;
    held_finder comparing;
    statement matches, run_before;
  };

  template <class Work>
  auto attempt(Work work) -> storage_result<decltype(work(std::declval<open_file&>()))>;
  static history_page find(open_file& file, const std::string& room_name,
                           const history_search& query, const std::function<bool()>& is_over);

  history_settings settings_;
  std::unique_ptr<open_file> file_;  ///< Null: to be opened again.
};

}  // namespace confab::storage
