#pragma once

#include <poll.h>
#include <span>
#include <string_view>

namespace confab::client {

/// Waits until one of the descriptors is ready; signals do not end the wait.
/// Sets each `revents`. `milliseconds`: the longest wait, -1 for ever. Returns how many
/// are ready, 0 when the time is over.
int wait_for(std::span<pollfd> watched, int milliseconds = -1);

/// Writes all bytes, also to a non-blocking descriptor. False, with errno set, when that fails.
[[nodiscard]] bool write_all(int descriptor, std::string_view bytes);

}  // namespace confab::client
