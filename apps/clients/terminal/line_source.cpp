#include "apps/clients/terminal/line_source.hpp"

#include "apps/clients/terminal/line_editor.hpp"
#include "apps/clients/terminal/stream_source.hpp"

#include <unistd.h>

namespace confab::client {

std::unique_ptr<line_source> open_standard_input(std::string_view prompt, int watched) {
  const bool input_is_terminal = ::isatty(STDIN_FILENO) != 0;
  if (input_is_terminal && ::isatty(STDOUT_FILENO) != 0)
    return std::make_unique<line_editor>(prompt, watched);
  return std::make_unique<stream_source>(input_is_terminal ? prompt : std::string_view{});
}

}  // namespace confab::client
