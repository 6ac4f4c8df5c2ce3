#include "tests/real_clients/sandbox.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/socket.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace confab::test {

namespace {

/// Between two looks at a program: each look may itself start a program.
constexpr int look_pause_ms = 100;

}  // namespace

std::string find_program(std::string_view name) {
  const auto* path = std::getenv("PATH");
  const std::string folders =
      (path == nullptr ? std::string{} : std::string{path}) + ":/usr/bin:/usr/sbin";
  for (std::size_t begin = 0; begin <= folders.size();) {
    const auto end = std::min(folders.find(':', begin), folders.size());
    auto candidate = folders.substr(begin, end - begin) + "/" + std::string{name};
    if (end != begin && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
    begin = end + 1;
  }
  return {};
}

bool skipped_without(std::initializer_list<std::string_view> programs) {
  for (const auto each : programs)
    if (find_program(each).empty()) {
      WARN("skipped here: '" << each << "' is not installed");
      return true;
    }
  return false;
}

std::vector<std::string> dying_with_its_parent(const std::vector<std::string>& command) {
  std::vector<std::string> result{find_program("setpriv"), "--pdeathsig", "KILL"};
  result.push_back(find_program(command.front()));
  result.insert(result.end(), command.begin() + 1, command.end());
  return result;
}

std::unique_ptr<process> start_program(const std::vector<std::string>& command,
                                       const temporary_folder& home) {
  const auto words = dying_with_its_parent(command);
  process_options options;
  options.environment = {"HOME=" + home.path(), "LC_ALL=C.UTF-8", "TZ=UTC", "TERM=xterm"};
  return std::make_unique<process>(
      words.front(), std::vector<std::string>{words.begin() + 1, words.end()}, options);
}

void poll_until(const std::function<bool()>& condition, const std::string& what,
                const std::function<std::string()>& seen) {
  const deadline end{patience};
  while (!condition()) {
    if (end.passed())
      throw std::runtime_error{what + " should have come; there is:\n" + seen()};
    ::poll(nullptr, 0, look_pause_ms);
  }
}

std::size_t occurrences(std::string_view all, std::string_view text) {
  std::size_t count = 0;
  for (auto found = all.find(text); found != std::string_view::npos;
       found = all.find(text, found + text.size()))
    ++count;
  return count;
}

std::string file_bytes(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace confab::test
