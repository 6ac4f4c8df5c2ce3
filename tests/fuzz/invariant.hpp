#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace confab::fuzz {

/// Ends the run with a finding when something does not hold that always must.
inline void require(bool holds, const std::string& what) {
  if (holds)
    return;
  std::fprintf(stderr, "does not hold: %s\n", what.c_str());
  std::abort();
}

}  // namespace confab::fuzz
