#pragma once

#include <cstdint>

namespace confab {

/// Which form of its protocol a client reads: bits whose meaning the dialect knows, 0 for dialects
/// that have one form only. A batch is encoded once for each class that its readers have.
using reader_class = std::uint32_t;

}  // namespace confab
