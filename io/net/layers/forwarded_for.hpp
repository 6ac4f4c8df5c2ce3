#pragma once

#include "io/net/layers/ip_network.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace confab {

/// Who speaks through HTTP proxies that are trusted: in the list that X-Forwarded-For is (several
/// fields joined by commas), the first address from the right that is no trusted proxy's. What
/// stands left of it anybody may have written. `peer` itself if it is not trusted; what is no
/// address ends the list, and the hop that wrote it is taken for the client.
std::string forwarded_for(std::string_view list, const std::vector<ip_network>& trusted,
                          std::string_view peer);

}  // namespace confab
