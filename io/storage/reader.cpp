#include "io/storage/reader.hpp"

#include "actors/model/case_mapping.hpp"
#include "io/storage/event_columns.hpp"
#include "io/storage/schema.hpp"

#include <algorithm>
#include <limits>

namespace confab::storage {
namespace {

/// A search looks for so many words. What is behind them is left out: no text has to hold it.
constexpr std::size_t words_max = 32;

/// SQLite asks whether a search is over after so many of its steps.
constexpr int steps_between_questions = 200;

/// So many events are asked for by nobody.
constexpr std::size_t page_max = 100'000;

/// Asks whether a search is over while it lives.
class question {
 public:
  question(connection& database, const std::function<bool()>& is_over) : database_(database) {
    if (is_over)
      ::sqlite3_progress_handler(
          database_.get(), steps_between_questions,
          [](void* asked) { return (*static_cast<const std::function<bool()>*>(asked))() ? 1 : 0; },
          const_cast<std::function<bool()>*>(&is_over));  // NOLINT: SQLite hands it back only.
  }
  question(const question&) = delete;
  question& operator=(const question&) = delete;
  ~question() { ::sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr); }

 private:
  connection& database_;
};

}  // namespace

std::string match_expression(std::string_view words) {
  constexpr std::string_view blanks{" \t\r\n\v\f\0", 7};
  std::string result;
  std::size_t count = 0;
  while (count < words_max) {
    const auto begin = words.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
      break;
    words.remove_prefix(begin);
    const auto word = words.substr(0, words.find_first_of(blanks));
    words.remove_prefix(word.size());
    result += result.empty() ? "\"" : " \"";
    for (const char each : word)
      result.append(each == '"' ? 2 : 1, each);
    result += '"';
    ++count;
  }
  return result;
}

sqlite_reader::open_file::open_file(const history_settings& settings)
    : database{{settings.path, settings.vfs, SQLITE_OPEN_READWRITE, 1000}},
      rows{database, settings.dialect_of},
      finder{rows},
      first_texts{database,
                  "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                  "FROM events INDEXED BY texts WHERE kind<=1 AND id>=?1 AND id<?2 ORDER BY id"},
      last_texts{database,
                 "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                 "FROM events INDEXED BY texts WHERE kind<=1 AND id>=?1 AND id<?2 "
                 "ORDER BY id DESC"},
      first_all{database,
                "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                "FROM events WHERE id>=?1 AND id<?2 ORDER BY id"},
      last_all{database,
               "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
               "FROM events WHERE id>=?1 AND id<?2 ORDER BY id DESC"},
      latest_text{database,
                  "SELECT time_ms+span_ms FROM events INDEXED BY texts "
                  "WHERE kind<=1 AND id>=?1 AND id<?2 ORDER BY id DESC LIMIT 1"},
      matches{database,
              "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid>=?2 AND rowid<?3 "
              "ORDER BY rowid DESC"},
      run_before{database,
                 "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                 "FROM events WHERE id<=?1 ORDER BY id DESC LIMIT 1"} {
  database.run("PRAGMA query_only=ON; PRAGMA cache_size=-4096; PRAGMA temp_store=MEMORY");
  check_version(database, settings.migration_steps, false);
}

sqlite_reader::sqlite_reader(history_settings settings)
    : settings_(std::move(settings)), file_(std::make_unique<open_file>(settings_)) {}

template <class Work>
auto sqlite_reader::attempt(Work work)
    -> storage_result<decltype(work(std::declval<open_file&>()))> {
  try {
    if (!file_)
      file_ = std::make_unique<open_file>(settings_);
    const transaction all{file_->database, transaction::only_reads};
    file_->rows.forget_segment();
    return work(*file_);
  } catch (const database_error& error) {
    if (error.code() != SQLITE_BUSY)
      file_.reset();
    return error.failure();
  } catch (const std::exception& error) {
    file_.reset();
    return storage_failure{storage_trouble::failed, error.what()};
  }
}

storage_result<history_page> sqlite_reader::page(const std::string& room,
                                                 const history_query& query) {
  return attempt([&](open_file& file) {
    history_page result;
    const auto row = file.rows.find_room(room);
    if (!row)
      return result;
    for (const auto& part : parts_of_page(file.finder, *row, query))
      append(file, room, *row, part, query.texts_only, result);
    return result;
  });
}

void sqlite_reader::append(open_file& file, const std::string& room_name, const room_row& room,
                           const page_part& part, bool texts_only, history_page& page) {
  if (part.range.begin >= part.range.end || part.count_max == 0)
    return;
  auto& select = part.is_from_end ? (texts_only ? file.last_texts : file.last_all)
                                  : (texts_only ? file.first_texts : file.first_all);
  const auto begin = event_id(room.id, part.range.begin);
  const auto end = event_id(room.id, part.range.end);
  const auto before = page.size();
  const auto full = before + std::min(part.count_max, page_max);
  // The range may begin and end inside of a run.
  auto rows = select.with(file.rows.begin_of_run(begin), end);
  while (page.size() < full && rows.next()) {
    const auto& run = file.rows.read(rows);
    auto first = std::max(begin, run.id) - run.id;
    auto last = std::min(end, run.end()) - run.id;
    while (first < last && page.size() < full)
      page.push_back(file.rows.batch_of(room_name, part.is_from_end ? --last : first++));
  }
  if (part.is_from_end)
    std::reverse(page.begin() + static_cast<std::ptrdiff_t>(before), page.end());
}

storage_result<std::vector<history_target>> sqlite_reader::targets(
    std::span<const std::string> rooms, std::int64_t from_ms, std::int64_t to_ms,
    std::size_t count_max) {
  return attempt([&](open_file& file) {
    const auto [earlier_ms, later_ms] = std::minmax(from_ms, to_ms);
    std::vector<history_target> result;
    for (const auto& room : rooms) {
      const auto row = file.rows.find_room(room);
      if (!row)
        continue;
      auto found =
          file.latest_text.with(event_id(row->id, 0), event_id(row->id, row->next_position));
      if (found.next() && found.integer(0) > earlier_ms && found.integer(0) < later_ms)
        result.push_back({room, found.integer(0)});
    }
    std::stable_sort(result.begin(), result.end(), [](const auto& left, const auto& right) {
      return left.latest_ms < right.latest_ms;
    });
    if (result.size() > count_max)
      result.resize(count_max);
    return result;
  });
}

storage_result<history_page> sqlite_reader::search(const std::string& room,
                                                   const history_search& query,
                                                   const std::function<bool()>& is_over) {
  return attempt([&](open_file& file) { return find(file, room, query, is_over); });
}

history_page sqlite_reader::find(open_file& file, const std::string& room_name,
                                 const history_search& query,
                                 const std::function<bool()>& is_over) {
  history_page result;
  const auto room = file.rows.find_room(room_name);
  const auto expression = match_expression(query.words);
  if (!room || expression.empty() || query.count_max == 0)
    return result;
  const auto begin = query.after_ms > 0 ? file.finder.first_from(*room, query.after_ms) : 0;
  const auto end =
      query.before_ms > 0 ? file.finder.first_from(*room, query.before_ms) : room->next_position;
  const question asks{file.database, is_over};
  try {
    auto found =
        file.matches.with(sql_text{expression}, event_id(room->id, begin), event_id(room->id, end));
    while (result.size() < query.count_max && found.next() && !(is_over && is_over())) {
      const auto id = found.integer(0);
      auto rows = file.run_before.with(id);
      if (!rows.next() || !file.rows.read(rows).holds(id))
        throw_damaged("words of a text that is not there");
      auto batch = file.rows.batch_of(room_name, id - rows.integer(0));
      const auto time_ms = batch->at.first_ms;
      if ((query.after_ms > 0 && time_ms <= query.after_ms) ||
          (query.before_ms > 0 && time_ms >= query.before_ms))
        continue;
      if (query.from_nick.empty() || same_name(batch->who.who->nick, query.from_nick))
        result.push_back(std::move(batch));
    }
  } catch (const database_error& error) {
    if (error.code() != SQLITE_INTERRUPT)
      throw;
  }
  std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace confab::storage
