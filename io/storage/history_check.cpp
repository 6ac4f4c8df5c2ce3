#include "io/storage/event_columns.hpp"
#include "io/storage/event_rows.hpp"
#include "io/storage/file_lock.hpp"
#include "io/storage/history_transfer.hpp"
#include "io/storage/schema.hpp"
#include "io/storage/slot_digests.hpp"
#include "io/storage/writer.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace confab {
namespace {

/// No more lines are told of each rule that does not hold.
constexpr std::size_t lines_max = 10;

constexpr auto at_the_end = std::numeric_limits<std::int64_t>::max();

/// What must return nothing, and what it means if it does. The first column says where.
struct rule {
  const char* broken;
  const char* query;
};

constexpr std::array rules{
    rule{"the number of events of a room is wrong",
         "WITH found AS (SELECT id>>40 AS room, sum(count) AS events FROM events GROUP BY 1) "
         "SELECT r.id FROM rooms AS r LEFT JOIN found AS f ON f.room=r.id "
         "WHERE r.events<>ifnull(f.events, 0)"},
    rule{"an event is of no room",
         "SELECT DISTINCT id>>40 FROM events WHERE id>>40 NOT IN (SELECT id FROM rooms)"},
    rule{"an event is behind the end of its room",
         "SELECT r.id FROM rooms AS r WHERE EXISTS(SELECT 1 FROM events "
         "WHERE id>=(r.id<<40)+max(r.next_position-256, 0) AND id<(r.id+1)<<40 "
         "AND id+count>(r.id<<40)+r.next_position)"},
    rule{"the index of words is ahead of a room",
         "SELECT id FROM rooms WHERE indexed_position>next_position"},
    rule{"an event is of no life of its room",
         "SELECT r.id FROM rooms AS r WHERE r.events>0 AND "
         "(SELECT min(id) FROM events WHERE id>=r.id<<40) < (r.id<<40) + "
         "ifnull((SELECT min(first_position) FROM segments WHERE room=r.id), 1<<40)"},
    rule{"an author is not there",
         "SELECT id FROM events WHERE author NOT IN (SELECT id FROM authors) OR "
         "(other IS NOT NULL AND other NOT IN (SELECT id FROM authors))"},
    rule{"the number of events of an author is wrong",
         "WITH used AS (SELECT author AS id, count FROM events UNION ALL "
         "SELECT other, count FROM events WHERE other IS NOT NULL), "
         "found AS (SELECT id, sum(count) AS uses FROM used GROUP BY id) "
         "SELECT a.id FROM authors AS a LEFT JOIN found AS f ON f.id=a.id "
         "WHERE a.uses<>ifnull(f.uses, 0) OR a.uses=0"},
};

void check_rules(storage::connection& database, std::vector<std::string>& lines) {
  for (const auto& each : rules) {
    storage::statement query{database, each.query};
    auto rows = query.with();
    for (std::size_t i = 0; i < lines_max && rows.next(); ++i)
      lines.push_back(std::string{each.broken} + ": " + std::to_string(rows.integer(0)));
  }
}

/// The ids of an index of words, in order, compared with those that should be there.
class indexed_texts {
 public:
  indexed_texts(storage::connection& database, std::vector<std::string>& lines)
      : lines_(lines),
        ids_{database, "SELECT id FROM words_docsize ORDER BY id"},
        rooms_{database, "SELECT indexed_position FROM rooms WHERE id=?1"},
        rows_{ids_.with()} {
    go_on();
  }

  /// The next events, which are texts or not.
  void expect(const storage::event_run& run) {
    if (!storage::is_text(run.kind))
      return;
    if (storage::room_of(run.id) != room_) {
      room_ = storage::room_of(run.id);
      auto found = rooms_.with(room_);
      end_ = storage::event_id(room_, found.next() ? found.integer(0) : 0);
    }
    for (auto id = run.id; id < std::min(run.end(), end_); ++id) {
      pass_others(id);
      if (next_ == id)
        go_on();
      else
        tell(missing_, "a text is missing in the index of words", id);
    }
  }

  /// All events have been expected.
  void end() { pass_others(at_the_end); }

 private:
  void go_on() { next_ = rows_.next() ? rows_.integer(0) : at_the_end; }

  void pass_others(std::int64_t end) {
    for (; next_ < end; go_on())
      tell(others_, "the index of words holds what is no text", next_);
  }

  void tell(std::size_t& told, const char* what, std::int64_t id) {
    if (++told <= lines_max)
      lines_.push_back(std::string{what} + ": " + std::to_string(id));
  }

  std::vector<std::string>& lines_;
  storage::statement ids_, rooms_;
  storage::statement::rows rows_;
  std::int64_t next_ = 0;
  std::int64_t room_ = -1;
  std::int64_t end_ = 0;
  std::size_t missing_ = 0, others_ = 0;
};

/// Whether each row is what events can be, none has what another one has, and the words are those
/// of the texts.
void check_events(storage::connection& database, const history_settings& settings,
                  std::vector<std::string>& lines) {
  storage::event_rows events{database, settings.dialect_of};
  storage::statement next{database,
                          "SELECT id,count,time_ms,span_ms,kind,author,other,lengths,tags,text "
                          "FROM events WHERE id>?1 ORDER BY id"};
  indexed_texts indexed{database, lines};
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  std::int64_t end = last;
  std::size_t problems = 0;
  for (bool goes_on = true; goes_on && problems < lines_max;) {
    auto rows = next.with(last);
    try {
      while (rows.next()) {
        last = rows.integer(0);
        const auto& run = events.read(rows);
        for (std::int64_t i = 0; i < run.count; ++i)
          events.batch_of({}, i);
        if (run.id < end)
          storage::throw_damaged("is in two rows");
        end = run.end();
        indexed.expect(run);
      }
      goes_on = false;
    } catch (const storage::database_error& error) {
      lines.push_back("event " + std::to_string(last) + ": " + error.what());
      ++problems;
    }
  }
  if (problems == 0)
    indexed.end();
}

/// Whether what nodes compare is what there is.
void check_slots(storage::connection& database, const history_settings& settings,
                 std::vector<std::string>& lines) {
  storage::event_rows events{database, settings.dialect_of};
  auto expected = storage::counted_digests(database, events);
  storage::statement slots{database, "SELECT slot, events, digest FROM slots ORDER BY slot"};
  auto rows = slots.with();
  std::size_t told = 0;
  const auto tell = [&](std::int64_t slot) {
    if (++told <= lines_max)
      lines.push_back("the digest of a slot is wrong: " + std::to_string(slot));
  };
  while (rows.next()) {
    const history_digest found{rows.integer(0), static_cast<std::uint64_t>(rows.integer(1)),
                               static_cast<std::uint64_t>(rows.integer(2))};
    const auto known = expected.find(found.slot);
    if (known == expected.end() || known->second != found)
      tell(found.slot);
    if (known != expected.end())
      expected.erase(known);
  }
  for (const auto& [slot, digest] : expected)
    tell(slot);
}

void check_words(storage::connection& database, std::vector<std::string>& lines) {
  try {
    const storage::transaction undone{database};
    database.run("INSERT INTO words(words) VALUES('integrity-check')");
  } catch (const storage::database_error& error) {
    lines.push_back(std::string{"the index of words: "} + error.what());
  }
}

}  // namespace

std::vector<std::string> check_history(const history_settings& given) {
  auto settings = given;
  if (settings.migration_steps.empty())
    settings.migration_steps = storage::known_steps();
  std::vector<std::string> lines;
  try {
    storage::connection database{storage::settings_for(settings)};
    storage::check_version(database, settings.migration_steps, false);
    const auto lock = storage::file_lock::take(settings.path + ".lock");
    if (std::holds_alternative<storage::file_lock>(lock))
      check_words(database, lines);
    database.run("PRAGMA query_only=ON");
    const storage::transaction all{database, storage::transaction::only_reads};
    storage::statement pages{database, "PRAGMA integrity_check(10)"};
    {
      auto rows = pages.with();
      while (rows.next())
        if (const std::string line{rows.bytes(0)}; line != "ok")
          lines.push_back("the file: " + line);
    }
    check_rules(database, lines);
    check_events(database, settings, lines);
    check_slots(database, settings, lines);
  } catch (const std::exception& error) {
    lines.push_back("the history '" + settings.path +
                    "' cannot be looked through: " + error.what());
  }
  return lines;
}

}  // namespace confab
