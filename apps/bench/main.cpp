// bench: puts a load on a chat server and measures it.

#include "apps/bench/options.hpp"
#include "apps/bench/report.hpp"
#include "apps/bench/run.hpp"

#include <exception>
#include <iostream>

namespace {

constexpr int exit_clean = 0;
constexpr int exit_failed = 1;
constexpr int exit_lost = 2;

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto parsed = confab::bench::parse_options(argc, argv);
    if (const auto* status = std::get_if<int>(&parsed))
      return *status;
    const auto& options = std::get<confab::bench::bench_options>(parsed);
    const auto result = confab::bench::run(options);
    std::cout << (options.json ? to_json(options, result) : to_text(options, result)) << std::flush;
    if (!result.is_clean()) {
      std::cerr << "bench: texts were lost, out of order or in the wrong room\n";
      return exit_lost;
    }
    return exit_clean;
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return exit_failed;
  }
}
