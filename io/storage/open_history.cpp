#include "io/storage/open_history.hpp"

#include "io/storage/file_lock.hpp"
#include "io/storage/reader.hpp"
#include "io/storage/schema.hpp"
#include "io/storage/writer.hpp"

#include <filesystem>

namespace confab {
namespace {

history_settings with_steps(history_settings settings) {
  if (settings.migration_steps.empty())
    settings.migration_steps = storage::known_steps();
  // One file, one lock: whatever links lead there.
  std::error_code failed;
  auto resolved = std::filesystem::weakly_canonical(settings.path, failed);
  if (!failed && settings.vfs == nullptr)
    settings.path = resolved.string();
  return settings;
}

/// Whether the file has a second name, by which it could be opened beside this one.
bool has_hard_link(const std::string& path) {
  std::error_code failed;
  const auto links = std::filesystem::hard_link_count(path, failed);
  return !failed && links > 1;
}

std::string problem(const history_settings& settings, const std::string& what) {
  return "the history '" + settings.path + "' " + what;
}

std::string cannot_be_opened(const history_settings& settings,
                             const storage::database_error& error) {
  const std::string what = error.what();
  // Our own words follow the name of the file.
  if (what.starts_with("is "))
    return problem(settings, what);
  return problem(settings, "cannot be opened: " + what);
}

}  // namespace

std::variant<history_files, std::string> open_history(const history_settings& given) {
  const auto settings = with_steps(given);
  try {
    auto locked = storage::file_lock::take(settings.path + ".lock");
    if (const auto* why = std::get_if<std::string>(&locked))
      return problem(settings, *why);
    if (const auto why = storage::objection_to(settings.path, settings.migration_steps))
      return problem(settings, *why);
    if (has_hard_link(settings.path))
      return problem(settings, "has a second name, a hard link: two servers could write it");
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(settings.path, ignored);
    if (ignored || bytes == 0)
      storage::create_file(storage::settings_for(settings), settings.migration_steps);
    history_files result;
    auto writer = std::make_unique<storage::sqlite_writer>(
        settings, std::move(std::get<storage::file_lock>(locked)));
    result.last_run = writer->last_run();
    result.writer = std::move(writer);
    result.reader = std::make_unique<storage::sqlite_reader>(settings);
    return result;
  } catch (const storage::database_error& error) {
    return cannot_be_opened(settings, error);
  } catch (const std::exception& error) {
    return problem(settings, std::string{"cannot be opened: "} + error.what());
  }
}

std::variant<std::unique_ptr<history_reader>, std::string> open_history_to_read(
    const history_settings& given) {
  const auto settings = with_steps(given);
  try {
    return std::make_unique<storage::sqlite_reader>(settings);
  } catch (const storage::database_error& error) {
    return cannot_be_opened(settings, error);
  } catch (const std::exception& error) {
    return problem(settings, std::string{"cannot be opened: "} + error.what());
  }
}

}  // namespace confab
