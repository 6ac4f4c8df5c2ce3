#pragma once

#include "io/storage/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// What a file of the history looks like.
namespace confab::storage {

/// `PRAGMA application_id` of our files: "Cfab".
inline constexpr std::int64_t application_id = 0x43666162;

/// What brings a file from one version to the next, as SQL: the first step from 1 to 2.
using migration_steps = std::span<const char* const>;

/// The steps that there are up to now.
migration_steps known_steps();

/// The version of a file that has taken these steps.
inline std::int64_t version_after(migration_steps steps) {
  return 1 + static_cast<std::int64_t>(steps.size());
}

/// Why a file that is there must not be used, without having opened it with SQLite, which would
/// change it: one line without the path. Only for a file that this process has not opened.
std::optional<std::string> objection_to(const std::string& path, migration_steps steps);

/// Makes a file, complete or not at all; `settings.path` is not there or empty.
void create_file(const connection_settings& settings, migration_steps steps);

/// Throws unless the open file is one of ours, of this version or, if that `is_enough`, of an older
/// one.
void check_version(connection& database, migration_steps steps, bool older_is_enough);

/// Brings the open file to the version of these steps, all or nothing.
void migrate(connection& database, migration_steps steps);

/// The lower bits of the id of an event are its position in its room, the others the room.
inline constexpr int position_bits = 40;
inline constexpr std::int64_t position_max = (std::int64_t{1} << position_bits) - 1;
inline constexpr std::int64_t room_id_max = (std::int64_t{1} << (63 - position_bits)) - 1;

constexpr std::int64_t event_id(std::int64_t room, std::int64_t position) {
  return (room << position_bits) | position;
}
constexpr std::int64_t position_of(std::int64_t event) {
  return event & position_max;
}
constexpr std::int64_t room_of(std::int64_t event) {
  return event >> position_bits;
}

}  // namespace confab::storage
