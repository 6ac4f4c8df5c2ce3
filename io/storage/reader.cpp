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
      finder{database, rows},
      comparing{database, rows},
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
    for (const auto& part : file.finder.parts_of(*row, query))
      file.finder.append(room, *row, part, query.texts_only, result);
    return result;
  });
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
      const auto latest = file.finder.latest_text_ms(*row);
      if (latest && *latest > earlier_ms && *latest < later_ms)
        result.push_back({room, *latest});
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
  const auto [begin, end] =
      file.finder.positions_between(*room, query.after_ms > 0 ? query.after_ms : earliest_ms,
                                    query.before_ms > 0 ? query.before_ms : latest_ms);
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
  const auto place_of = [](const event_batch& batch) {
    return event_place{batch.at.first_ms, batch.at.run, batch.at.room, batch.at.sequence};
  };
  std::stable_sort(result.begin(), result.end(), [&](const auto& left, const auto& right) {
    return place_of(*left) < place_of(*right);
  });
  return result;
}

storage_result<std::vector<history_digest>> sqlite_reader::digests(const digest_question& which) {
  return attempt([&](open_file& file) { return file.comparing.digests(which); });
}

storage_result<held_events> sqlite_reader::held(const held_question& which,
                                                const missing_bounds& bounds) {
  return attempt([&](open_file& file) { return file.comparing.held(which, bounds); });
}

storage_result<std::vector<event_range>> sqlite_reader::missing(
    const std::vector<event_range>& ranges, std::int64_t slot, const history_retention& limits,
    std::int64_t now_ms) {
  return attempt(
      [&](open_file& file) { return file.comparing.missing(ranges, slot, limits, now_ms); });
}

storage_result<missing_events> sqlite_reader::fetch(const missing_question& which,
                                                    const missing_bounds& bounds) {
  return attempt([&](open_file& file) { return file.comparing.fetch(which, bounds); });
}

}  // namespace confab::storage
