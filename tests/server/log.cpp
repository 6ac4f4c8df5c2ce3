// The server's log.

#include "apps/server/log.hpp"

#include "tests/support/catch.hpp"

#include <array>
#include <climits>
#include <functional>
#include <string>
#include <unistd.h>

#include <spdlog/spdlog.h>

using namespace confab;

namespace {

/// What `write` writes on stderr, as long as a pipe takes it.
std::string written_on_stderr(const std::function<void()>& write) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const int stderr_before = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  write();
  ::dup2(stderr_before, STDERR_FILENO);
  ::close(stderr_before);
  ::close(ends[1]);
  std::string result;
  std::array<char, 65536> piece{};
  for (ssize_t size = 0; (size = ::read(ends[0], piece.data(), piece.size())) > 0;)
    result.append(piece.data(), static_cast<std::size_t>(size));
  ::close(ends[0]);
  return result;
}

}  // namespace

TEST_CASE("a line of the log that is longer than a pipe takes at once is cut") {
  const auto line =
      written_on_stderr([] { server::make_log("info")->info("{}", std::string(20'000, 'x')); });
  CHECK(line.size() == 1024);
  CHECK(line.size() <= PIPE_BUF);
  CHECK(line.ends_with("x…\n"));
}

TEST_CASE("a line of the log is cut between two characters") {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    for (int i = 0; i < 500; ++i)
      text += "€";
    const auto line = written_on_stderr([&] { server::make_log("info")->info("{}", text); });
    CHECK(line.size() > 1024 - 4);
    CHECK(line.size() <= 1024);
    CHECK(line.ends_with("€…\n"));
  }
}

TEST_CASE("a short line of the log stays as it is, and levels below the chosen one are silent") {
  const auto lines = written_on_stderr([] {
    const auto log = server::make_log("info");
    log->debug("unseen");
    log->info("seen");
  });
  CHECK(lines.ends_with(" info seen\n"));
  CHECK(lines.find("unseen") == std::string::npos);
}
