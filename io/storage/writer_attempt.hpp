#pragma once

#include "io/storage/writer.hpp"

#include <exception>
#include <memory>

/// How the calls of a writer treat errors; for its own files only.
namespace confab::storage {

template <class Work>
auto sqlite_writer::attempt(Work work)
    -> storage_result<decltype(work(std::declval<open_file&>()))> {
  try {
    if (!file_)
      file_ = std::make_unique<open_file>(settings_);
    return work(*file_);
  } catch (const database_error& error) {
    auto failure = error.failure();
    recover(error.code());
    return failure;
  } catch (const std::exception& error) {
    storage_failure failure{storage_trouble::failed, error.what()};
    recover(SQLITE_NOMEM);
    return failure;
  }
}

}  // namespace confab::storage
