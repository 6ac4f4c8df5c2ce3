#include "apps/clients/common/program.hpp"

#include "apps/clients/common/report.hpp"

#include <clocale>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace confab::client {
namespace {

// A closed standard stream gets a stand-in that fails when it is used. The order makes open()
// fill the lowest gap.
void open_standard_streams() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) < 0)
      ::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// The line editor reads characters, so the locale must know UTF-8. Messages stay English.
void choose_characters() {
  const char* chosen = std::setlocale(LC_CTYPE, "");
  if (chosen == nullptr || std::strcmp(chosen, "C") == 0 || std::strcmp(chosen, "POSIX") == 0)
    std::setlocale(LC_CTYPE, "C.UTF-8");
}

}  // namespace

int run_program(const program_description& program, std::span<char* const> arguments,
                const std::function<int(const invocation&)>& work) {
  ::signal(SIGPIPE, SIG_IGN);
  open_standard_streams();
  choose_characters();
  try {
    const auto own = arguments.subspan(arguments.empty() ? 0 : 1);
    const auto call = take_tls_options(program, own);
    if (!call)
      return EXIT_FAILURE;
    const auto answered = answer_arguments(program, call->arguments);
    return answered ? *answered : work(*call);
  } catch (const std::exception& error) {
    report(std::string(program.name) + ": " + error.what());
  } catch (...) {
    report(std::string(program.name) + ": unknown error");
  }
  return EXIT_FAILURE;
}

}  // namespace confab::client
