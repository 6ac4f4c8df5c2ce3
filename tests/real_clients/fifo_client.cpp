#include "tests/real_clients/fifo_client.hpp"

#include "tests/real_clients/sandbox.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace confab::test {

void fifo_client::enter(std::string_view text) const {
  int pipe = -1;
  // Non-blocking: without a reader the opening fails, where it would wait otherwise. No O_CREAT: a
  // file in the place of the pipe would be read by nobody.
  poll_until(
      [&] {
        pipe = ::open(pipe_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        return pipe >= 0;
      },
      "a client that reads from " + pipe_, [&] { return heard(); });
  const auto line = std::string{text} + "\n";
  const auto written = ::write(pipe, line.data(), line.size());
  ::close(pipe);
  if (written != static_cast<ssize_t>(line.size()))
    throw std::runtime_error{"the client does not take: " + line};
}

std::string fifo_client::heard() const {
  return file_bytes(heard_);
}

void fifo_client::wait_for(const std::string& text, std::size_t times) const {
  poll_until([&] { return occurrences(heard(), text) >= times; }, "'" + text + "' in " + heard_,
             [&] { return heard(); });
}

}  // namespace confab::test
