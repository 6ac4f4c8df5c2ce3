#include "apps/server/small_file.hpp"

#include "io/net/file_descriptor.hpp"
#include "io/net/resolve.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace confab::server {

std::variant<std::string, unreadable> read_small_file(const std::string& path,
                                                      std::size_t bytes_max) {
  const file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!file.valid())
    return unreadable{path + ": " + error_text(errno)};
  std::string content;
  std::array<char, 4096> piece{};
  for (;;) {
    const auto size = ::read(file.get(), piece.data(), piece.size());
    if (size == 0)
      return content;
    if (size < 0 && errno == EINTR)
      continue;
    if (size < 0)
      return unreadable{path + ": " + error_text(errno)};
    content.append(piece.data(), static_cast<std::size_t>(size));
    if (content.size() > bytes_max)
      return unreadable{path + ": is longer than " + std::to_string(bytes_max) + " bytes"};
  }
}

}  // namespace confab::server
