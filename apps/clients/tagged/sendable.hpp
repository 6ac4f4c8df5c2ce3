#pragma once

#include <string_view>

namespace confab::client {

/// True when `word`, the user's `what` ("the user name"), can be sent with `tag`; false after a
/// report. Whether the server accepts it is the server's decision.
[[nodiscard]] bool check_sendable(std::string_view what, std::string_view tag,
                                  std::string_view word);

}  // namespace confab::client
