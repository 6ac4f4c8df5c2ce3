#pragma once

#include <cstddef>

namespace confab::bench {

/// Makes room for `connections` descriptors: the soft limit up to the hard limit, and the hard
/// limit too where we may. Throws failure when that is not enough.
void raise_descriptor_limit(std::size_t connections);

}  // namespace confab::bench
