#pragma once

#include <cstddef>

namespace confab::client {

/// The longest line that is read from a client's input, in bytes, its end included. More than can
/// be sent, so that blanks around a text do not count.
inline constexpr std::size_t input_line_bytes_max = 64 * 1024;

}  // namespace confab::client
