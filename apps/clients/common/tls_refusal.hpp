#pragma once

#include "apps/clients/common/arguments.hpp"

#include <string>

namespace confab {
class tls_layer;
}

namespace confab::client {

/// Why there is no encrypted connection, and what to do about it, in one line for the user. `layer`
/// is broken.
[[nodiscard]] std::string tls_refusal(const tls_layer& layer, const server_address& server,
                                      const tls_choice& tls);

}  // namespace confab::client
