#pragma once

#include <cstddef>

/// The descriptors that the process may open.
namespace confab::server {

/// Raises the soft limit of open descriptors to the hard one. Returns how many connections fit
/// below it, with a reserve for the server's own files; at least 1.
std::size_t raise_descriptor_limit();

}  // namespace confab::server
