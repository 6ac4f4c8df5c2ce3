#include "io/storage/file_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace confab::storage {
namespace {

/// Whether the path still leads to this open file: another process may have removed it.
bool is_at(const std::string& path, int descriptor) {
  struct stat here {};
  struct stat there {};
  return ::fstat(descriptor, &here) == 0 && ::stat(path.c_str(), &there) == 0 &&
         here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

}  // namespace

std::variant<file_lock, std::string> file_lock::take(const std::string& path) {
  for (;;) {
    file_descriptor opened{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!opened.valid())
      return std::string{"cannot make its lock file: "} + std::strerror(errno);
    if (::flock(opened.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK)
        return std::string{"is in use by another server"};
      return std::string{"cannot lock its lock file: "} + std::strerror(errno);
    }
    if (is_at(path, opened.get()))
      return file_lock{path, std::move(opened)};
    // Whoever had it has removed it between our two calls.
  }
}

file_lock::~file_lock() {
  if (descriptor_.valid())
    ::unlink(path_.c_str());  // While it is locked, so that it is ours.
}

}  // namespace confab::storage
