#pragma once

#include <string>
#include <string_view>

namespace confab {

/// What counts as one address for limits: an IPv4 address itself, an IPv6 address's network of 64
/// bits, since a client has all addresses of it (RFC 6177). Text that is no address counts as it
/// is.
std::string network_of(std::string_view address);

}  // namespace confab
