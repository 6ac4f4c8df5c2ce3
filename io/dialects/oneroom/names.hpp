#pragma once

#include <string>
#include <string_view>

namespace confab::oneroom {

/// A user name as it may stand in front of a message: what a reader would take for the end of the
/// name or of the line becomes `_`.
std::string safe_name(std::string_view name);

}  // namespace confab::oneroom
