#include "tests/support/launch.hpp"

#include "tests/support/descriptors.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdexcept>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace confab::test {
namespace {

void make_non_blocking(int descriptor) {
  check(::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK), "fcntl");
}

std::string path_of(const std::string& program) {
  if (program.find('/') != std::string::npos)
    return program;
  const char* folder = std::getenv("CONFAB_BIN");
  if (folder == nullptr)
    throw std::runtime_error("CONFAB_BIN does not name the folder of the programs");
  return std::string(folder) + "/" + program;
}

// The environment of this process with the entries of `changes` put in.
std::vector<std::string> merged_environment(const std::vector<std::string>& changes) {
  std::vector<std::string> result = changes;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string name = std::string(*entry).substr(0, std::string(*entry).find('=') + 1);
    bool replaced = false;
    for (const auto& change : changes)
      replaced = replaced || change.starts_with(name);
    if (!replaced)
      result.emplace_back(*entry);
  }
  return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct descriptor_pair {
  int ours = -1;
  int theirs = -1;
};

// `index` is the standard descriptor's number: 0 is written by the test, 1 and 2 are read.
descriptor_pair make_pipe(int index) {
  std::array<int, 2> ends{};
  check(::pipe2(ends.data(), O_CLOEXEC), "pipe2");
  return index == 0 ? descriptor_pair{ends[1], ends[0]} : descriptor_pair{ends[0], ends[1]};
}

descriptor_pair make_terminal() {
  descriptor_pair result;
  const winsize size{24, 80, 0, 0};
  check(::openpty(&result.ours, &result.theirs, nullptr, nullptr, &size), "openpty");
  check(::fcntl(result.ours, F_SETFD, FD_CLOEXEC), "fcntl");
  check(::fcntl(result.theirs, F_SETFD, FD_CLOEXEC), "fcntl");
  return result;
}

// Runs in the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* path, char** arguments, char** environment,
                         const std::array<int, 3>& streams, int terminal) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (terminal >= 0) {
    ::setsid();
    ::ioctl(terminal, TIOCSCTTY, 0);
  }
  for (int index = 0; index < 3; ++index) {
    const int from = streams[static_cast<std::size_t>(index)];
    if (from >= 0)
      ::dup2(from, index);
    else
      ::close(index);
  }
  ::signal(SIGPIPE, SIG_DFL);
  ::execve(path, arguments, environment);
  constexpr std::string_view complaint = "test: cannot run the program\n";
  [[maybe_unused]] const auto written = ::write(2, complaint.data(), complaint.size());
  ::_exit(127);
}

// The streams of a process to be: the test's ends and the program's ends, -1 where there is none.
struct connections {
  std::array<int, 3> ours{-1, -1, -1};
  std::array<int, 3> theirs{-1, -1, -1};
  descriptor_pair terminal;
};

// Copies are made above the standard descriptors, so that setting up one stream in
// the child cannot overwrite another.
connections connect_streams(const std::array<stream, 3>& wanted) {
  connections result;
  for (std::size_t index = 0; index < wanted.size(); ++index) {
    if (wanted[index] == stream::pipe) {
      const auto made = make_pipe(static_cast<int>(index));
      result.ours[index] = made.ours;
      result.theirs[index] = ::fcntl(made.theirs, F_DUPFD_CLOEXEC, 3);
      ::close(made.theirs);
      make_non_blocking(made.ours);
    } else if (wanted[index] == stream::terminal) {
      if (result.terminal.ours < 0) {
        result.terminal = make_terminal();
        make_non_blocking(result.terminal.ours);
      }
      result.ours[index] = ::fcntl(result.terminal.ours, F_DUPFD_CLOEXEC, 3);
      result.theirs[index] = ::fcntl(result.terminal.theirs, F_DUPFD_CLOEXEC, 3);
    }
  }
  if (wanted[1] == stream::terminal && wanted[2] == stream::terminal)
    close_if_open(result.ours[2]);  // one terminal has one output
  return result;
}

}  // namespace

process_options on_terminal() {
  return {stream::terminal, stream::terminal, stream::pipe, {"TERM=xterm", "LC_ALL=C.UTF-8"}};
}

process_options all_on_terminal() {
  return {stream::terminal, stream::terminal, stream::terminal, {"TERM=xterm", "LC_ALL=C.UTF-8"}};
}

launched launch(const std::string& program, const std::vector<std::string>& arguments,
                const process_options& options) {
  const std::string path = path_of(program);
  std::vector<std::string> argument_texts{path};
  argument_texts.insert(argument_texts.end(), arguments.begin(), arguments.end());
  auto environment_texts = merged_environment(options.environment);
  auto argument_pointers = pointers_to(argument_texts);
  auto environment_pointers = pointers_to(environment_texts);

  connections made = connect_streams({options.input, options.output, options.errors});
  const pid_t pid = ::fork();
  check(pid, "fork");
  if (pid == 0) {
    become(path.c_str(), argument_pointers.data(), environment_pointers.data(), made.theirs,
           made.terminal.theirs);
  }
  for (int& descriptor : made.theirs)
    close_if_open(descriptor);
  close_if_open(made.terminal.ours);
  close_if_open(made.terminal.theirs);
  return {pid, made.ours[0], made.ours[1], made.ours[2]};
}

}  // namespace confab::test
