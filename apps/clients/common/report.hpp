#pragma once

#include <string_view>

namespace confab::client {

/// Writes one line to standard error: `text` and `\n`. On a terminal its control characters are
/// made harmless (see printable()); elsewhere only line ends in it are, so that it stays one line.
void report(std::string_view text);

/// Writes lines, each with its end, to standard output at once.
/// False, after a report about it, when that fails.
[[nodiscard]] bool print(std::string_view lines);

}  // namespace confab::client
