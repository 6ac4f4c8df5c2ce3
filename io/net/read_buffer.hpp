#pragma once

#include <array>
#include <cstddef>
#include <memory>

/// Where links read into.
namespace confab {

/// As much as one read takes from a connection before it is the next one's turn.
inline constexpr std::size_t read_bytes_max = 16 * 1024;

/// The one buffer that all links of a gateway read into, one after the other: its content is of no
/// use after the handler of the read. Used in the thread of the network loop only.
using read_buffer = std::array<char, read_bytes_max>;
using read_buffer_ptr = std::shared_ptr<read_buffer>;

}  // namespace confab
