#include "apps/clients/terminal/stream_source.hpp"

#include "apps/clients/common/report.hpp"
#include "apps/clients/terminal/input_limits.hpp"
#include "io/net/resolve.hpp"

#include <array>
#include <cerrno>
#include <unistd.h>

namespace confab::client {

stream_source::stream_source(std::string_view prompt)
    : prompt_(prompt), lines_(input_line_bytes_max) {}

void stream_source::prompt() {
  if (!asked_ && !prompt_.empty())
    asked_ = print(prompt_);
}

int stream_source::descriptor() const {
  return STDIN_FILENO;
}

void stream_source::on_readable() {
  std::array<char, 16 * 1024> buffer{};
  const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
  if (count > 0) {
    lines_.push({buffer.data(), static_cast<std::size_t>(count)});
  } else if (count == 0) {
    ended_ = true;
  } else if (errno != EAGAIN && errno != EINTR) {
    report("cannot read standard input: " + error_text(errno));
    ended_ = true;
  }
}

std::optional<line> stream_source::next() {
  auto found = lines_.next();
  if (!found && ended_)
    found = lines_.rest();
  asked_ = asked_ && !found;
  return found;
}

void stream_source::interrupt() {
  if (asked_)
    asked_ = !print("\n");
}

}  // namespace confab::client
