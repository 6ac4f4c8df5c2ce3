#pragma once

#include <string>
#include <string_view>

/// The version of this build, as all programs print it.
namespace confab {

/// "PROGRAM (Confab) VERSION".
inline std::string version_line(std::string_view program) {
  return std::string{program} + " (Confab) " CONFAB_VERSION;
}

}  // namespace confab
