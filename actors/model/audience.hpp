#pragma once

#include "actors/model/identity.hpp"

#include <memory>
#include <vector>

namespace confab {

/// Whom an event concerns behind one gateway. Never changed once it was sent.
using audience = std::vector<connection_key>;
using audience_ptr = std::shared_ptr<const audience>;

}  // namespace confab
