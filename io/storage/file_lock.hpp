#pragma once

#include "io/net/file_descriptor.hpp"

#include <string>
#include <variant>

namespace confab::storage {

/// Says that a file is in use by one process. Ends with the process, however it ends.
///
/// The lock is on a file of its own: on the database itself, closing the descriptor would take away
/// the locks that SQLite has there.
class file_lock {
 public:
  /// Takes the lock by making the file `path`, or says why not: in one line without the path.
  static std::variant<file_lock, std::string> take(const std::string& path);

  file_lock(file_lock&&) noexcept = default;
  file_lock& operator=(file_lock&&) noexcept = delete;
  ~file_lock();  ///< Removes the file.

 private:
  file_lock(std::string path, file_descriptor descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  std::string path_;
  file_descriptor descriptor_;
};

}  // namespace confab::storage
