#pragma once

#include "apps/server/options.hpp"

/// What the machine allows.
namespace confab::server {

/// Raises the soft limit of open descriptors to the hard one, and replaces the limits that were
/// left to the machine: connections by what the descriptors allow, with a reserve for the server's
/// own files; connections per address by as many; backlog in all by a quarter of the memory.
void fit_limits_to_machine(options& chosen);

}  // namespace confab::server
