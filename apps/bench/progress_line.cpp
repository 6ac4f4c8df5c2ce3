#include "apps/bench/progress_line.hpp"

#include <iostream>
#include <unistd.h>

namespace confab::bench {
namespace {

constexpr std::uint64_t interval_ns = 200'000'000;
constexpr auto erase_line = "\r\033[K";

}  // namespace

progress_line::progress_line(bool is_wanted)
    : is_terminal_(is_wanted && isatty(STDERR_FILENO) == 1) {}

progress_line::~progress_line() {
  if (next_ > 0)
    std::cerr << erase_line << std::flush;
}

void progress_line::show(const std::string& text, std::uint64_t time) {
  next_ = time + interval_ns;
  std::cerr << erase_line << text << std::flush;
}

}  // namespace confab::bench
