#include "apps/clients/common/report.hpp"

#include "apps/clients/common/descriptor_io.hpp"
#include "io/net/resolve.hpp"
#include "io/text/printable.hpp"

#include <cerrno>
#include <string>
#include <unistd.h>

namespace confab::client {

void report(std::string_view text) {
  std::string shown;
  if (::isatty(STDERR_FILENO) != 0)
    shown = printable(text);
  else
    for (const char each : text)
      shown += each == '\n' ? std::string("\\n") : std::string(1, each);
  shown += '\n';
  // Nobody is left to be told when this fails.
  [[maybe_unused]] const bool written = write_all(STDERR_FILENO, shown);
}

bool print(std::string_view lines) {
  if (write_all(STDOUT_FILENO, lines))
    return true;
  report("cannot write to standard output: " + error_text(errno));
  return false;
}

}  // namespace confab::client
