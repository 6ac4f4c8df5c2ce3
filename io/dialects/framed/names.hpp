#pragma once

#include <string>
#include <string_view>

namespace confab::framed {

/// A user's or a channel's name as it may stand in a frame: it cannot look like the author of a
/// text, nor end a line.
std::string safe_name(std::string_view name);

}  // namespace confab::framed
