#include "tests/support/process.hpp"

#include "tests/support/descriptors.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace confab::test {
namespace {

// How long one poll lasts: the end of a process is no event on a descriptor.
constexpr int poll_milliseconds_max = 10;

}  // namespace

process::process(const std::string& program, const std::vector<std::string>& arguments,
                 const process_options& options)
    : input_is_terminal_(options.input == stream::terminal) {
  const launched started = launch(program, arguments, options);
  pid_ = started.pid;
  input_ = started.input;
  output_.descriptor = started.output;
  errors_.descriptor = started.errors;
}

process::~process() {
  signal(SIGKILL);
  close_if_open(input_);
  close_if_open(output_.descriptor);
  close_if_open(errors_.descriptor);
  if (!exit_code_) {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }
}

void process::write(std::string_view bytes) {
  pending_input_ += bytes;
  write_pending();
}

void process::close_input() {
  close_input_when_written_ = true;
  write_pending();
}

void process::close_output() {
  close_if_open(output_.descriptor);
}

bool process::read_until(std::string_view text, std::chrono::milliseconds span) {
  return search(output_, text, span);
}

bool process::read_errors_until(std::string_view text, std::chrono::milliseconds span) {
  return search(errors_, text, span);
}

std::optional<int> process::wait(std::chrono::milliseconds span) {
  const deadline end(span);
  while (running() && !end.passed())
    pump(end.poll_milliseconds(poll_milliseconds_max));
  return exit_code_;
}

bool process::running() {
  reap();
  pump(0);
  if (exit_code_ && !drained_)
    drain();
  return !exit_code_;
}

// Reads the rest of what an ended program wrote. Its last bytes pass through a terminal with a
// delay, so the end of the stream is awaited; not for ever, as a child of it may hold it open.
void process::drain() {
  drained_ = true;
  const deadline end(std::chrono::milliseconds(500));
  while ((output_.descriptor >= 0 || errors_.descriptor >= 0) && !end.passed())
    pump(end.poll_milliseconds(poll_milliseconds_max));
}

void process::signal(int number) {
  reap();
  if (!exit_code_)
    ::kill(pid_, number);
}

bool process::search(captured& from, std::string_view text, std::chrono::milliseconds span) {
  const deadline end(span);
  for (;;) {
    const bool alive = running();
    const auto found = from.text.find(text, from.searched);
    if (found != std::string::npos) {
      from.searched = found + text.size();
      return true;
    }
    if (!alive || from.descriptor < 0 || end.passed())
      return false;
    pump(end.poll_milliseconds(poll_milliseconds_max));
  }
}

// One poll of all streams, then everything that can be moved without blocking.
void process::pump(int milliseconds) {
  std::array<pollfd, 3> watched{
      pollfd{pending_input_.empty() ? -1 : input_, POLLOUT, 0},
      pollfd{output_.descriptor, POLLIN, 0},
      pollfd{errors_.descriptor, POLLIN, 0},
  };
  if (::poll(watched.data(), watched.size(), milliseconds) <= 0)
    return;
  if (watched[0].revents != 0)
    write_pending();
  if (watched[1].revents != 0)
    read_from(output_);
  if (watched[2].revents != 0)
    read_from(errors_);
}

void process::read_from(captured& from) {
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t count = ::read(from.descriptor, buffer.data(), buffer.size());
    if (count > 0) {
      from.text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count < 0 && errno == EINTR) {
      continue;
    } else {
      if (count == 0 || errno != EAGAIN)
        close_if_open(from.descriptor);  // a terminal without a writer reads EIO
      return;
    }
  }
}

void process::write_pending() {
  // A program that has ended raises SIGPIPE here; the test must survive that.
  ::signal(SIGPIPE, SIG_IGN);
  while (!pending_input_.empty() && input_ >= 0) {
    const ssize_t count = ::write(input_, pending_input_.data(), pending_input_.size());
    if (count > 0)
      pending_input_.erase(0, static_cast<std::size_t>(count));
    else if (count < 0 && errno == EAGAIN)
      return;
    else if (count < 0 && errno != EINTR)
      pending_input_.clear();
  }
  if (close_input_when_written_ && pending_input_.empty()) {
    close_if_open(input_);
    if (input_is_terminal_)
      close_if_open(output_.descriptor);
  }
}

void process::reap() {
  int status = 0;
  if (exit_code_ || ::waitpid(pid_, &status, WNOHANG) != pid_)
    return;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace confab::test
