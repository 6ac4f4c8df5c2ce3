#pragma once

#include "io/net/resolve.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace confab {

/// The address that is written here, without asking anybody; nothing: it is none, so it may be a
/// name.
std::optional<socket_address> written_address(const std::string& text, std::uint16_t port);

/// Whether only this machine can be reached by this address, or reach it.
bool is_loopback(const socket_address& address);

/// The same for what somebody has written: an address, or "localhost".
bool is_loopback_host(const std::string& host);

}  // namespace confab
