#include "apps/bench/progress.hpp"

#include <iostream>
#include <unistd.h>

namespace confab::bench {
namespace {

constexpr std::uint64_t interval_nanoseconds = 200'000'000;
constexpr auto erase_line = "\r\033[K";

}  // namespace

Progress::Progress() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (next_ > 0) {
    std::cerr << erase_line << std::flush;
  }
}

void Progress::show(const std::string& text, std::uint64_t time) {
  next_ = time + interval_nanoseconds;
  std::cerr << erase_line << text << std::flush;
}

}  // namespace confab::bench
