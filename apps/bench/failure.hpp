#pragma once

#include <stdexcept>

namespace confab::bench {

/// Why a run cannot go on (no server, a refusal, a deadline, a limit): one line for the user, who
/// gets exit status 1.
class failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace confab::bench
