#pragma once

#include <string_view>

namespace confab::irc {

/// What the dialect is called, in options, logs and identities.
inline constexpr std::string_view dialect_name = "irc";

}  // namespace confab::irc
