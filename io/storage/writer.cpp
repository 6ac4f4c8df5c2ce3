#include "io/storage/writer.hpp"

#include "io/storage/event_columns.hpp"
#include "io/storage/writer_attempt.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace confab::storage {
namespace {

/// The log keeps the blocks of so many bytes for each page with which it is carried over.
constexpr std::int64_t log_blocks_kept = 4 * 4096;

/// With how many pages the log is carried over. If the history has a limit, the log beside it has
/// an eighth of that.
std::int64_t log_pages_beside(std::uint64_t bytes_max) {
  constexpr std::uint64_t most = 4000;
  constexpr std::uint64_t least = 64;
  constexpr std::uint64_t bytes_each = 8UL * 4096;
  const auto pages = bytes_max == 0 ? most : std::clamp(bytes_max / bytes_each, least, most);
  return static_cast<std::int64_t>(pages);
}

/// What can wait: words, limits, the file.
constexpr int chores = 3;

/// Whether the connection is as good as before after this error: the file is not to blame.
bool is_passing(int code) {
  return code == SQLITE_FULL || code == SQLITE_BUSY || code == SQLITE_LOCKED ||
         code == SQLITE_NOMEM || code == SQLITE_INTERRUPT;
}

}  // namespace

connection_settings settings_for(const history_settings& settings) {
  connection_settings result;
  result.path = settings.path;
  result.vfs = settings.vfs;
  return result;
}

sqlite_writer::open_file::open_file(const history_settings& settings)
    : database{settings_for(settings)},
      rows{database, settings.dialect_of},
      authors{database},
      lives{database},
      digests{database},
      ledger{database, lives},
      remover{database, rows, authors, digests},
      words{database},
      removal{database, remover, ledger, digests},
      upkeep{database, log_pages_beside(settings.bytes_max)},
      adder{database},
      limit{database},
      remember_removed{database,
                       "INSERT INTO removed VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING "
                       "RETURNING sequence"},
      pages{database, "PRAGMA page_count"},
      free_pages{database, "PRAGMA freelist_count"} {
  check_version(database, settings.migration_steps, true);
  database.run("PRAGMA journal_mode=WAL");
  database.run(settings.is_synced ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  // What was removed is overwritten. The log begins again in the blocks that it has, which is
  // faster than to give them back, but does not stay as large as it ever was.
  database.run("PRAGMA secure_delete=ON; PRAGMA cache_size=-8192");
  const auto log_bytes = log_pages_beside(settings.bytes_max) * log_blocks_kept;
  database.run(("PRAGMA journal_size_limit=" + std::to_string(log_bytes)).c_str());
  migrate(database, settings.migration_steps);
  digests.count_all(rows, database);
  // Not before: to sort all events for a new index would take that much memory.
  database.run("PRAGMA temp_store=MEMORY");
  has_removed = database.number("SELECT EXISTS(SELECT 1 FROM removed)") != 0;
  statement count{database, "SELECT count(*), sum(events) FROM rooms WHERE events>0"};
  auto counted = count.with();
  if (counted.next()) {
    rooms = static_cast<std::uint64_t>(counted.integer(0));
    events = static_cast<std::uint64_t>(counted.integer(1));
  }
}

void sqlite_writer::open_file::forget() {
  rows.forget_segment();
  authors.forget();
  ledger.forget();
  digests.forget();
  words.forget();
  removal.forget();
  upkeep.forget();
}

std::int64_t sqlite_writer::open_file::used_bytes() {
  constexpr std::int64_t page_bytes = 4096;
  std::int64_t used = 0;
  {
    auto counted = pages.with();
    used = counted.next() ? counted.integer(0) : 0;
  }
  auto counted = free_pages.with();
  used -= counted.next() ? counted.integer(0) : 0;
  return used * page_bytes;
}

sqlite_writer::sqlite_writer(history_settings settings, file_lock lock)
    : settings_(std::move(settings)),
      lock_(std::move(lock)),
      file_(std::make_unique<open_file>(settings_)) {}

std::uint64_t sqlite_writer::last_run() {
  statement latest{file_->database, "SELECT max(run) FROM segments"};
  auto rows = latest.with();
  return rows.next() ? static_cast<std::uint64_t>(rows.integer(0)) : 0;
}

sqlite_writer::~sqlite_writer() {
  if (file_) {
    ::sqlite3_busy_timeout(file_->database.get(), 0);
    ::sqlite3_wal_checkpoint_v2(file_->database.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                                nullptr);
  }
}

void sqlite_writer::recover(int code) {
  if (!file_)
    return;
  if (is_passing(code) && !file_->database.is_in_transaction()) {
    file_->forget();
    return;
  }
  last_ = {file_->events, file_->rooms, last_.bytes};
  file_.reset();
}

storage_outcome sqlite_writer::keep(std::span<const std::shared_ptr<const event_batch>> batches) {
  auto result = attempt([&](open_file& file) {
    transaction all{file.database};
    std::uint64_t events = 0;
    for (const auto& batch : batches)
      if (is_kept(*batch))
        events += keep_batch(file, *batch);
    const auto rooms = file.ledger.write_counts();
    file.authors.write_uses();
    file.digests.write();
    all.commit();
    file.events += events;
    file.rooms += rooms;
    return true;
  });
  if (auto* failure = std::get_if<storage_failure>(&result))
    return std::move(*failure);
  return std::nullopt;
}

std::uint64_t sqlite_writer::keep_batch(open_file& file, const event_batch& batch) {
  if (file.has_removed &&
      file.lives.has_removed({batch.at.run, batch.at.room, batch.at.sequence, batch.events.size()}))
    return keep_late(file, batch, earliest_ms);
  std::uint64_t events = 0;
  std::int64_t last = 0;
  bool is_overtaken = false;
  for (std::size_t first = 0, count = 0; first < batch.events.size(); first += count) {
    count = events_of_run(batch, first);
    if (!is_kept(batch.events[first]))
      continue;
    const auto place = file.ledger.place(batch.room, batch.at, batch.at.sequence + first, count);
    is_overtaken = is_overtaken || place.skipped > 0;
    if (place.skipped == count)
      continue;
    const auto left = count - static_cast<std::size_t>(place.skipped);
    keep_run(file, batch, first + count - left, left, place.first_id);
    last = place.first_id;
    events += left;
  }
  if (events > 0) {
    file.words.note(room_of(last));
    file.removal.note(room_of(last));
  }
  // On its way from another node it may come after what happened later there; or it is here.
  return is_overtaken ? events + keep_late(file, batch, earliest_ms) : events;
}

void sqlite_writer::keep_run(open_file& file, const event_batch& batch, std::size_t first,
                             std::size_t count, std::int64_t id, bool is_late) {
  const auto columns = columns_of(batch.events[first], buffer_);
  const auto events = static_cast<std::int64_t>(count);
  event_run run;
  run.id = id;
  run.count = events;
  run.time_ms = batch.at.time_ms(first);
  run.span_ms = batch.at.time_ms(first + count - 1) - run.time_ms;
  run.kind = static_cast<std::int64_t>(columns.kind);
  run.author = file.authors.use(batch.who.who, events);
  if (columns.other)
    run.other = file.authors.use(columns.other);
  run.tags = columns.tags;
  run.text = columns.text;
  if (count > 1) {
    buffer_.clear();
    lengths_.clear();
    for (auto i = first; i < first + count; ++i) {
      const auto& text = std::get<said>(batch.events[i]).text;
      buffer_ += text;
      append_length(text.size(), lengths_);
    }
    run.lengths = lengths_;
    run.text = buffer_;
  }
  file.adder.add(run);
  for (auto i = first; i < first + count; ++i)
    file.digests.note({batch.at.run, batch.at.room, batch.at.sequence + i}, batch.at.time_ms(i),
                      false);
  if (is_late)
    file.words.add_passed(run);
}

storage_result<text_origin> sqlite_writer::origin_of(const std::string& room,
                                                     const message_id& id) {
  return attempt([&](open_file& file) -> text_origin {
    const transaction all{file.database, transaction::only_reads};
    const auto row = file.rows.find_room(room);
    const auto position = row ? file.rows.find_position(row->id, id) : std::nullopt;
    if (!position)
      return {};
    const auto event = event_id(row->id, *position);
    const auto run = file.rows.run_with(event);
    if (!run || !is_text(run->kind))
      return {};
    return {file.rows.authors().find(run->author), run->time_at(event - run->id)};
  });
}

storage_result<bool> sqlite_writer::redact(const std::string& room, const message_id& id) {
  return attempt([&](open_file& file) {
    transaction all{file.database};
    const auto row = file.rows.find_room(room);
    const auto position = row ? file.rows.find_position(row->id, id) : std::nullopt;
    if (!position)
      return false;
    const auto event = event_id(row->id, *position);
    const auto run = file.rows.run_with(event);
    const auto removed = file.remover.remove_text(*row, *position);
    if (!run || removed.events == 0)
      return false;
    remember(file, {room, id, run->time_at(event - run->id)});
    file.upkeep.order_wiping();
    file.authors.write_uses();
    file.digests.write();
    all.commit();
    --file.events;
    if (removed.room_is_empty) {
      --file.rooms;
      file.removal.note(row->id);
    }
    return true;
  });
}

storage_result<bool> sqlite_writer::tidy(const history_retention& limits, std::int64_t now_ms) {
  return attempt([&](open_file& file) {
    if (file.upkeep.wipe(now_ms))
      return true;
    for (int i = 0; i < chores; ++i) {
      const int which = file.chore;
      file.chore = (file.chore + 1) % chores;
      if (do_chore(file, which, limits, now_ms))
        return true;
    }
    return false;
  });
}

/// Whether there was something to do.
bool sqlite_writer::do_chore(open_file& file, int which, const history_retention& limits,
                             std::int64_t now_ms) {
  if (which == 2)
    return file.upkeep.step();
  transaction all{file.database};
  if (which == 0) {
    const bool has_worked = file.words.step();
    all.commit();
    return has_worked;
  }
  const auto done = file.removal.step(limits, now_ms);
  file.authors.write_uses();
  file.digests.write();
  all.commit();
  file.events -= done.events;
  file.rooms -= done.rooms;
  return done.has_worked;
}

storage_size sqlite_writer::size() const {
  if (!file_)
    return last_;
  storage_size result{file_->events, file_->rooms, last_.bytes};
  try {
    result.bytes = static_cast<std::uint64_t>(file_->used_bytes());
  } catch (const database_error&) {
    // Whoever writes next hears of it.
  }
  return result;
}

}  // namespace confab::storage
