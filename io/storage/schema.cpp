#include "io/storage/schema.hpp"

#include "io/net/file_descriptor.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>

namespace confab::storage {
namespace {

/// Version 1. Whatever came from outside is a BLOB: it may hold any bytes.
///
/// rooms: `next_position` is behind all events that the room ever had; texts before
///   `indexed_position` are in `words`.
/// segments: from `first_position` on, the events of a room have this run and number, and sequences
///   that grow as their positions do, from `first_sequence` on. One row is one life of a room, or
///   the rest of a life whose events came after those of a later one.
/// authors: ids are never used again, so that a reader may remember them. `uses` counts the events
///   that refer to the row, which goes with the last of them.
/// events: a row is a run (event_run.hpp), its id is that of its first event; kind and text as in
///   event_columns.hpp. The text comes last: it may be long, and who wants the others does not pass
///   it. The index holds the runs of texts.
/// words: the words of each text, by the id of its event, without the texts.
/// chores: what is to be done in time.
constexpr const char* version_1 = R"(
CREATE TABLE rooms(
  id INTEGER PRIMARY KEY,
  name BLOB NOT NULL UNIQUE,
  next_position INTEGER NOT NULL,
  indexed_position INTEGER NOT NULL,
  events INTEGER NOT NULL
) STRICT;
CREATE TABLE segments(
  room INTEGER NOT NULL,
  first_position INTEGER NOT NULL,
  run INTEGER NOT NULL,
  number INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  PRIMARY KEY(room, first_position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX segments_by_life ON segments(room, run, number, first_sequence);
CREATE TABLE authors(
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uses INTEGER NOT NULL,
  name BLOB NOT NULL,
  dialect BLOB NOT NULL,
  nick BLOB NOT NULL,
  user BLOB NOT NULL,
  host BLOB NOT NULL,
  real_name BLOB NOT NULL,
  account BLOB NOT NULL,
  flags INTEGER NOT NULL,
  UNIQUE(nick, name, dialect, user, host, real_name, account, flags)
) STRICT;
CREATE TABLE events(
  id INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  span_ms INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  author INTEGER NOT NULL,
  other INTEGER,
  lengths BLOB,
  tags BLOB,
  text BLOB NOT NULL
) STRICT;
CREATE INDEX texts ON events(id) WHERE kind <= 1;
CREATE VIRTUAL TABLE words USING fts5(
  text, content='', tokenize='unicode61 remove_diacritics 2');
CREATE TABLE chores(
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)";

/// Version 2. Events have their order by time, wherever they came from and whenever they came; and
/// what is kept can be compared with what another node keeps.
///
/// texts, others: events of a room by the time at which they had ended.
/// lives: as `segments_by_life`, also for who does not know the room.
/// rooms: `is_late` if an event came behind one that happened after it, and not just before.
/// slots: how many events there are of a span of time (`slot_of`), and the digests of all of them,
///   combined.
/// removed: texts that were redacted, here or elsewhere.
/// The slots of what there is are counted when the file is opened.
constexpr const char* to_version_2 = R"(
DROP INDEX texts;
CREATE INDEX texts ON events(id>>40, time_ms+span_ms) WHERE kind<=1;
CREATE INDEX others ON events(id>>40, time_ms+span_ms) WHERE kind>1;
DROP INDEX segments_by_life;
CREATE UNIQUE INDEX lives ON segments(run, number, room, first_sequence);
ALTER TABLE rooms ADD COLUMN is_late INTEGER NOT NULL DEFAULT 0;
CREATE TABLE slots(
  slot INTEGER PRIMARY KEY,
  events INTEGER NOT NULL,
  digest INTEGER NOT NULL
) STRICT;
CREATE TABLE removed(
  run INTEGER NOT NULL,
  number INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  time_ms INTEGER NOT NULL,
  room BLOB NOT NULL,
  PRIMARY KEY(run, number, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX removed_by_time ON removed(time_ms);
INSERT INTO chores VALUES('count slots', 1);
)";

constexpr std::array steps_up_to_now{to_version_2};

std::string set_version(std::int64_t version) {
  return "PRAGMA user_version=" + std::to_string(version);
}

std::string newer(std::int64_t version, std::int64_t known) {
  return "is of version " + std::to_string(version) + ", and this program knows versions up to " +
         std::to_string(known) + " only";
}

/// A number in the header of a file of SQLite.
std::int64_t header_number(std::string_view header, std::size_t offset) {
  std::uint32_t result = 0;
  for (std::size_t i = 0; i < 4; ++i)
    result = result << 8 | static_cast<unsigned char>(header[offset + i]);
  return static_cast<std::int32_t>(result);
}

/// So that the new name of a file survives a loss of power.
void sync_folder_of(const std::string& path) {
  auto folder = std::filesystem::path{path}.parent_path();
  if (folder.empty())
    folder = ".";
  const file_descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!opened.valid() || ::fsync(opened.get()) != 0)
    throw database_error{SQLITE_IOERR, {storage_trouble::failed, std::strerror(errno)}};
}

}  // namespace

migration_steps known_steps() {
  return steps_up_to_now;
}

std::optional<std::string> objection_to(const std::string& path, migration_steps steps) {
  const file_descriptor opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!opened.valid())
    return errno == ENOENT ? std::nullopt
                           : std::optional{std::string{"cannot be read: "} + std::strerror(errno)};
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode))
    return "is no file";
  if (::access(path.c_str(), W_OK) != 0)
    return std::string{"cannot be written: "} + std::strerror(errno);
  if (status.st_size == 0)
    return std::nullopt;
  std::array<char, 100> buffer{};
  const auto got = ::pread(opened.get(), buffer.data(), buffer.size(), 0);
  const std::string_view header{buffer.data(), buffer.size()};
  constexpr std::string_view magic{"SQLite format 3\0", 16};
  if (got != static_cast<ssize_t>(buffer.size()) || header.substr(0, magic.size()) != magic)
    return "is no database";
  if (header_number(header, 68) != application_id)
    return "is the database of another program";
  const auto version = header_number(header, 60);
  if (version > version_after(steps))
    return newer(version, version_after(steps));
  return std::nullopt;
}

void create_file(const connection_settings& settings, migration_steps steps) {
  auto made = settings;
  made.path += ".new";
  for (const char* end : {"", "-journal"})  // What an attempt that was cut off has left.
    ::unlink((made.path + end).c_str());
  // What is said is for its owner only. SQLite gives its other files the same rights.
  if (!file_descriptor{::open(made.path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)}
           .valid())
    throw database_error{SQLITE_CANTOPEN, {storage_trouble::failed, std::strerror(errno)}};
  {
    connection database{made};
    database.run("PRAGMA page_size=4096; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA synchronous=FULL");
    database.run(("PRAGMA application_id=" + std::to_string(application_id)).c_str());
    transaction all{database};
    database.run(version_1);
    database.run(set_version(1).c_str());
    all.commit();
    migrate(database, steps);
  }
  if (std::rename(made.path.c_str(), settings.path.c_str()) != 0)
    throw database_error{SQLITE_CANTOPEN, {storage_trouble::failed, std::strerror(errno)}};
  sync_folder_of(settings.path);
}

void check_version(connection& database, migration_steps steps, bool older_is_enough) {
  if (database.number("PRAGMA application_id") != application_id)
    throw_damaged("is the database of another program");
  const auto version = database.number("PRAGMA user_version");
  if (version > version_after(steps))
    throw database_error{SQLITE_ERROR,
                         {storage_trouble::failed, newer(version, version_after(steps))}};
  if (version < 1 || (version < version_after(steps) && !older_is_enough))
    throw_damaged("is of version " + std::to_string(version) + ": a server brings it to version " +
                  std::to_string(version_after(steps)));
}

void migrate(connection& database, migration_steps steps) {
  const auto from = database.number("PRAGMA user_version");
  if (from >= version_after(steps))
    return;
  transaction all{database};
  for (auto next = from; next < version_after(steps); ++next) {
    database.run(steps[static_cast<std::size_t>(next - 1)]);
    database.run(set_version(next + 1).c_str());
  }
  all.commit();
  // The version is looked for in the file itself, before its log is read.
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

}  // namespace confab::storage
