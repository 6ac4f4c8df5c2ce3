#pragma once

#include "io/crypto/cloak.hpp"

#include <cstddef>
#include <string>
#include <variant>

namespace confab::server {

/// Less could be guessed.
inline constexpr std::size_t cloak_secret_bytes_min = 16;
inline constexpr std::size_t cloak_secret_bytes_max = 4096;

/// The key of the hosts that stand for addresses, from a file with a secret. The end of a line at
/// its end does not count. Otherwise returns one line that says what is wrong.
std::variant<cloak::key, std::string> read_cloak_key(const std::string& path);

}  // namespace confab::server
