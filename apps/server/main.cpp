// The server program: one process, any number of rooms.

#include "apps/server/history_command.hpp"
#include "apps/server/log.hpp"
#include "apps/server/machine.hpp"
#include "apps/server/options.hpp"
#include "apps/server/serve.hpp"
#include "apps/server/signals.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string_view>
#include <variant>

namespace {

/// Before any thread exists: they inherit it.
void block_signals() {
  const auto signals = confab::server::awaited_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

/// Half a server would keep its port and serve nobody: whoever supervises it starts a whole one.
[[noreturn]] void give_up() {
  std::fputs("server: out of memory or threads; cannot go on\n", stderr);
  std::_Exit(EXIT_FAILURE);
}

int run(int argc, char** argv) {
  block_signals();
  if (argc > 1 && std::string_view{argv[1]} == "history")
    return confab::server::run_history_command(argc, argv, std::cin, std::cout, std::cerr);
  auto parsed = confab::server::parse_options(argc, argv);
  if (const auto* ended = std::get_if<confab::server::exit_code>(&parsed))
    return ended->value;
  auto& chosen = std::get<confab::server::options>(parsed);
  confab::server::fit_limits_to_machine(chosen);
  return confab::server::serve(chosen, confab::server::make_log(chosen.log_level));
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(give_up);
  try {
    return run(argc, argv);
  } catch (const std::exception&) {
    give_up();
  }
}
