#pragma once

#include <iosfwd>

namespace confab::server {

/// `server history export|import|check FILE`: carries a history over, or looks whether it is sound.
/// `argv[1]` is `history`. Returns the exit code; if it is not 0, there is a line on `err`.
int run_history_command(int argc, const char* const* argv, std::istream& in, std::ostream& out,
                        std::ostream& err);

}  // namespace confab::server
