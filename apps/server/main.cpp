// The server program: one process, any number of rooms.

#include "apps/server/chat_server.hpp"
#include "apps/server/machine.hpp"
#include "apps/server/options.hpp"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <utility>
#include <variant>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace {

std::shared_ptr<spdlog::logger> make_log(const std::string& level) {
  auto log = spdlog::stderr_logger_mt("server");
  log->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  log->set_level(spdlog::level::from_str(level));
  log->flush_on(spdlog::level::trace);
  return log;
}

/// Before any thread exists: they inherit it.
void block_signals() {
  const auto signals = confab::server::ending_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

int run(int argc, char** argv) {
  auto parsed = confab::server::parse_options(argc, argv);
  if (const auto* ended = std::get_if<confab::server::exit_code>(&parsed))
    return ended->value;
  auto& chosen = std::get<confab::server::options>(parsed);
  confab::server::fit_limits_to_machine(chosen);
  block_signals();
  return confab::server::serve(chosen, make_log(chosen.log_level));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception&) {
    std::fputs("server: out of memory or threads; cannot go on\n", stderr);
    return EXIT_FAILURE;
  }
}
