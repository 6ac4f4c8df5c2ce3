#include "apps/server/open_archive.hpp"

#include "io/dialects/catalog.hpp"
#include "io/placement.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <caf/all.hpp>
#include <spdlog/spdlog.h>

namespace confab::server {

namespace {

constexpr std::int64_t ms_per_day = 24LL * 60 * 60 * 1000;

/// What was kept by a server that had other dialects.
constexpr std::string_view unknown_dialect = "unknown";

std::string_view dialect_of(std::string_view name) {
  const auto rows = dialect_catalog();
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [name](const catalog_row& row) { return row.name == name; });
  return found != rows.end() ? found->name : unknown_dialect;
}

std::int64_t steady_us() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string_view words_for(storage_trouble what) {
  switch (what) {
    case storage_trouble::full:
      return "there is no room on the disk";
    case storage_trouble::read_only:
      return "the file may not be written";
    case storage_trouble::damaged:
      return "the file is damaged";
    case storage_trouble::failed:
      return "the disk reports an error";
  }
  return {};
}

}  // namespace

history_settings settings_of_history(std::string file, bool is_synced, std::uint64_t bytes_max) {
  history_settings result;
  result.path = std::move(file);
  result.is_synced = is_synced;
  result.bytes_max = bytes_max;
  result.dialect_of = &dialect_of;
  return result;
}

history_retention retention_of(const history_options& chosen) {
  return {chosen.days_max * ms_per_day, chosen.texts_max, chosen.bytes_max};
}

archive_actor start_archive(caf::actor_system& system, const history_options& chosen,
                            history_files files, const std::shared_ptr<spdlog::logger>& log) {
  archive_settings settings;
  settings.writer = std::move(files.writer);
  settings.retention = retention_of(chosen);
  settings.now_ms = &placement::system_time_ms;
  settings.now_us = &steady_us;
  settings.on_trouble = [log](const storage_failure* failure) {
    if (failure != nullptr)
      log->error("history: texts are refused: {} ({})", words_for(failure->what), failure->detail);
    else
      log->info("history: texts are kept again");
  };
  archive_reader_settings reader;
  reader.reader = std::move(files.reader);
  reader.now_us = &steady_us;
  reader.retention = settings.retention;
  reader.now_ms = settings.now_ms;
  reader.on_trouble = [log](const storage_failure& failure) {
    log->error("history: cannot be read: {} ({})", words_for(failure.what), failure.detail);
  };
  log->info("history: {}", chosen.file);
  return placement::spawn_archive(system, std::move(settings), std::move(reader));
}

}  // namespace confab::server
