#include "tests/faults/cluster/command.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace confab::faults {

namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

/// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* words, int network, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (network != same_network && ::setns(network, CLONE_NEWNET) != 0)
    ::_exit(126);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::execvp(words[0], words);
  ::_exit(127);
}

pid_t spawn(const std::vector<std::string>& words, int network, int output) {
  std::vector<std::string> copies = words;
  std::vector<char*> pointers;
  for (auto& each : copies)
    pointers.push_back(each.data());
  pointers.push_back(nullptr);
  const pid_t result = ::fork();
  if (result < 0)
    fail("fork");
  if (result == 0)
    become(pointers.data(), network, output);
  return result;
}

int status_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

outcome run(const std::vector<std::string>& words, int network) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    fail("pipe2");
  const auto program = spawn(words, network, ends[1]);
  ::close(ends[1]);
  outcome result;
  std::array<char, 65536> buffer{};
  while (true) {
    const auto got = ::read(ends[0], buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    result.output.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  result.status = wait_for(program);
  return result;
}

std::string must_run(const std::vector<std::string>& words, int network) {
  auto result = run(words, network);
  if (result.status == 0)
    return std::move(result.output);
  std::string line;
  for (const auto& each : words)
    line += each + ' ';
  throw std::runtime_error(line + "failed with " + std::to_string(result.status) + ": " +
                           result.output);
}

pid_t start(const std::vector<std::string>& words, int network, const std::string& log_file) {
  const int log =
      ::open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (log < 0)
    fail(log_file);
  const auto result = spawn(words, network, log);
  ::close(log);
  return result;
}

int wait_for(pid_t program) {
  int status = 0;
  while (::waitpid(program, &status, 0) < 0)
    if (errno != EINTR)
      fail("waitpid");
  return status_of(status);
}

bool has_ended(pid_t program, int& status) {
  int raw = 0;
  if (::waitpid(program, &raw, WNOHANG) != program)
    return false;
  status = status_of(raw);
  return true;
}

}  // namespace confab::faults
